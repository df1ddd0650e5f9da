/* SPDX-License-Identifier: MIT */
/*
 * core.js: what the parts of the page share: the global `vmm` with the bus, the parts and the start.
 *
 * Each file is one function of its own; they meet only in `vmm`:
 *
 *   vmm.report                    what the file holds (report.js), there before any part is built
 *   vmm.part({id, title, label, order, build(section, report)})
 *                                 a section with a heading (title) or a name (label); they stand by `order`
 *   vmm.on(name, function)        `select` (seq or null, who), `open` (seq: its details), `filter`, `theme`, `built`
 *   vmm.select(seq), vmm.selected the event that the reader looks at; null: none
 */
'use strict';
const vmm = {ready: false, report: null, selected: null};
window.vmm = vmm;

(() => {
	const listeners = new Map();
	const parts = [];

	vmm.on = (name, listener) => {
		if (!listeners.has(name)) listeners.set(name, []);
		listeners.get(name).push(listener);
	};

	vmm.tell = (name, ...values) => {
		for (const listener of listeners.get(name) || []) listener(...values);
	};

	/* from: who asks ("timeline", "list", ...), so that it need not answer itself */
	vmm.select = (seq, from) => {
		if (seq !== null && !vmm.report.at(seq)) return;
		vmm.selected = seq;
		vmm.tell('select', seq, from);
	};

	vmm.part = part => parts.push(part);

	/* One part that fails must not take the others with it. */
	function build(part, page) {
		const name = part.title ? {'aria-labelledby': `${part.id}-title`} : {'aria-label': part.label};
		const section = vmm.el('section', {id: part.id, ...name});

		if (part.title) section.append(vmm.el('h2', {id: `${part.id}-title`}, part.title));
		page.append(section);
		try {
			part.build(section, vmm.report);
		} catch (error) {
			console.error(error);
			section.append(
				vmm.el('p', {class: 'problem'}, `This part of the page failed: ${error.message}`),
			);
		}
	}

	/* report.html#event-23 opens with that event. */
	function followAddress() {
		const found = /^#event-(\d+)$/.exec(location.hash);

		if (found) vmm.select(Number(found[1]), 'address');
	}

	function start() {
		const page = document.getElementById('page');

		vmm.report = vmm.readReport(document);
		vmm.applyFilter();
		parts.sort((a, b) => a.order - b.order);
		for (const part of parts) build(part, page);
		vmm.tell('built');
		followAddress();
		addEventListener('hashchange', followAddress);
		document.documentElement.dataset.ready = 'true';
	}

	vmm.ready = true;
	document.addEventListener('DOMContentLoaded', start);
})();
