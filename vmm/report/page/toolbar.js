/* SPDX-License-Identifier: MIT */
/*
 * toolbar.js: search, filters, theme; it stays at the top while the page scrolls.
 */
(() => {
	const names = {
		syscall: 'system calls',
		int: 'int n',
		exception: 'exceptions',
		interrupt: 'interrupts',
		nmi: 'NMIs',
		exit: 'exits',
		other: 'other',
	};
	let buttons, search, who, shown;

	function toggleKind(kind, present) {
		const kinds = new Set(vmm.filter.kinds || present);

		if (!vmm.filter.kinds) {
			kinds.clear(); /* the first click shows only these */
			kinds.add(kind);
		} else if (!kinds.delete(kind)) {
			kinds.add(kind);
		}
		vmm.setFilter({kinds: kinds.size === 0 || kinds.size === present.length ? null : kinds});
	}

	function kindButtons(report) {
		const counts = new Map();

		for (const event of report.events)
			counts.set(vmm.kindOf(event), (counts.get(vmm.kindOf(event)) || 0) + 1);
		const present = vmm.kinds.filter(kind => counts.has(kind));

		buttons = present.map(kind =>
			vmm.el(
				'button',
				{
					type: 'button',
					class: 'kind',
					'data-kind': kind,
					'aria-pressed': 'false',
					title: `Show only ${names[kind]}; more of them add to it`,
					onclick: () => toggleKind(kind, present),
				},
				vmm.el('span', {class: `swatch swatch-${kind}`, 'aria-hidden': 'true'}),
				names[kind],
				' ',
				vmm.el('span', {class: 'soft'}, vmm.count(counts.get(kind))),
			),
		);
		return vmm.el('div', {class: 'kinds', role: 'group', 'aria-label': 'Filter by cause'}, buttons);
	}

	/* A process, or one of several threads of it */
	function processChoice(report) {
		const threads = new Map();

		for (const {pid, tid} of report.events)
			if (pid && tid) threads.set(pid, (threads.get(pid) || new Set()).add(tid));
		const options = [vmm.el('option', {value: ''}, 'all processes')];

		for (const pid of report.pids.keys()) {
			options.push(vmm.el('option', {value: `pid ${pid}`}, vmm.processName(pid)));
			const tids = [...(threads.get(pid) || [])].sort((a, b) => a - b);
			for (const tid of tids.length > 1 ? tids : [])
				options.push(vmm.el('option', {value: `tid ${tid}`}, `\u2003thread ${tid} of ${pid}`));
		}
		who = vmm.el(
			'select',
			{
				id: 'who',
				'aria-label': 'Filter by process or thread',
				onchange: () => {
					const [word, number] = who.value.split(' ');

					vmm.setFilter({
						pids: word === 'pid' ? new Set([Number(number)]) : null,
						tids: word === 'tid' ? new Set([Number(number)]) : null,
					});
				},
			},
			options,
		);
		return who;
	}

	function searchBox() {
		let timer = 0;

		search = vmm.el('input', {
			id: 'search',
			type: 'search',
			placeholder: 'Search: write, #PF, 0x401…',
			spellcheck: 'false',
			'aria-label': 'Search names, symbols, arguments and text',
			'aria-keyshortcuts': '/',
			autocomplete: 'off',
			oninput: () => {
				clearTimeout(timer);
				timer = setTimeout(
					() => vmm.setFilter({text: search.value}),
					vmm.report.events.length > 20000 ? 200 : 0,
				);
			},
			onkeydown: event => {
				if (event.key === 'Enter') {
					const next = vmm.neighbour(vmm.selected, event.shiftKey ? -1 : 1);
					vmm.select(
						next >= 0 ? next : vmm.neighbour(null, event.shiftKey ? -1 : 1),
						'search',
					);
				} else if (event.key === 'Escape') {
					search.value = '';
					vmm.setFilter({text: ''});
				}
			},
		});
		return search;
	}

	function show() {
		const {filter} = vmm;
		const [pid] = filter.pids && filter.pids.size === 1 ? filter.pids : [];
		const [tid] = filter.tids && filter.tids.size === 1 ? filter.tids : [];

		for (const button of buttons)
			button.setAttribute(
				'aria-pressed',
				String(Boolean(filter.kinds && filter.kinds.has(button.dataset.kind))),
			);
		who.value = tid ? `tid ${tid}` : pid ? `pid ${pid}` : '';
		if (search.value !== filter.text) search.value = filter.text;
		shown.querySelector('#matching').textContent = vmm.isFiltered()
			? `${vmm.count(vmm.matching.length)} of ${vmm.plural(vmm.report.events.length, 'event')}`
			: vmm.plural(vmm.report.events.length, 'event');
		shown.querySelector('button').hidden = !vmm.isFiltered();
	}

	/* "/" goes to the search box from anywhere but a text field. */
	function watchSlash(event) {
		if (
			event.key !== '/' ||
			event.ctrlKey ||
			event.metaKey ||
			event.altKey ||
			/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)
		)
			return;
		event.preventDefault();
		search.focus();
		search.select();
	}

	vmm.part({
		id: 'toolbar',
		label: 'Search and filters',
		order: 10,
		build(section, report) {
			shown = vmm.el(
				'span',
				{class: 'shown'},
				vmm.el('output', {id: 'matching', 'aria-live': 'polite'}),
				' ',
				vmm.el(
					'button',
					{
						type: 'button',
						class: 'quiet',
						hidden: true,
						onclick: () =>
							vmm.setFilter({kinds: null, pids: null, tids: null, text: ''}),
					},
					'show all',
				),
			);
			section.append(searchBox(), kindButtons(report), processChoice(report), shown);
			vmm.on('filter', show);
			document.addEventListener('keydown', watchSlash);
			show();
		},
	});
})();
