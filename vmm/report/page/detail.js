/* SPDX-License-Identifier: MIT */
/*
 * detail.js: everything that is known of the selected event, beside the list.
 */
(() => {
	let panel, announcer;

	const isCode = event => event.type === 'exit' || event.number !== undefined || event.result !== undefined;

	/* Long lists of flags may break behind their signs. */
	const breakable = text => text.split(/(?<=[|,])/).flatMap((part, i) => (i ? [vmm.el('wbr'), part] : [part]));

	const titles = {
		syscall: 'System call',
		int: 'Software interrupt',
		exception: 'Exception',
		interrupt: 'Interrupt',
		nmi: 'NMI',
		exit: 'VM exit',
		process: 'Process',
		note: 'Note',
		start: 'Start',
		end: 'End',
		summary: 'Summary',
		address_space: 'Address space',
	};
	const causes = {
		syscall: 'a system call',
		int: 'a software interrupt',
		exception: 'an exception',
		interrupt: 'an interrupt',
		nmi: 'an NMI',
	};

	/* What it is, when and where; and what it says */
	function headline(event) {
		const kind = vmm.kindOf(event);
		const what =
			event.type === 'transition' && vmm.isReturn(event)
				? `Return (${event.cause})${causes[kind] ? ` from ${causes[kind]}` : ''}`
				: titles[kind] || titles[event.type];
		const who = [
			event.cpu === undefined ? '' : `CPU ${event.cpu}`,
			event.pid ? vmm.processName(event.pid) : '',
			event.tid && event.tid !== event.pid ? `thread ${event.tid}` : '',
		]
			.filter(Boolean)
			.join(', ');

		return [
			vmm.el(
				'p',
				{class: 'detail-kind'},
				vmm.el('span', {class: `swatch swatch-${kind}`, 'aria-hidden': 'true'}),
				what,
				vmm.el(
					'span',
					{class: 'soft'},
					` · event ${event.seq} · ${vmm.exactTime(event.ns)} µs`,
					who ? ` · ${who}` : '',
				),
			),
			vmm.el(
				'h3',
				{id: 'detail-title', class: isCode(event) ? 'detail-code' : null},
				breakable(vmm.describe(event)),
			),
		];
	}

	function neighbours(event) {
		const links = [];
		const back = vmm.report.returnOf(event.seq),
			entry = vmm.report.entryOf(event.seq);
		const exits = vmm.report.exitsOf(event.seq);

		if (back >= 0)
			links.push([
				'returns',
				vmm.link(back),
				` after ${vmm.time(vmm.report.at(back).ns_inside)}: `,
				vmm.describe(vmm.report.at(back)),
			]);
		else if (vmm.isEntry(event))
			links.push(['returns', event.result_text === '?' ? 'never' : 'not in this report']);
		if (entry >= 0)
			links.push([
				event.type === 'exit' ? 'caused by' : 'entry',
				vmm.link(entry),
				` ${vmm.describe(vmm.report.at(entry))}`,
			]);
		if (exits.length)
			links.push([
				'exits',
				exits
					.slice(0, 20)
					.map(seq => [vmm.link(seq, `${seq}`), ` ${vmm.shortName(vmm.report.at(seq))} `])
					.flat(),
				exits.length > 20 ? `and ${exits.length - 20} more` : '',
			]);
		const around = vmm.outerOf(event);
		if (around >= 0) links.push(['within', vmm.link(around), ` ${vmm.describe(vmm.report.at(around))}`]);
		return links.length ? vmm.facts(links) : null;
	}

	function inside(event) {
		const back = vmm.isReturn(event) ? event : vmm.report.at(vmm.report.returnOf(event.seq));

		if (!back || back.ns_inside === undefined) return null;
		return vmm.facts([
			[
				'inside',
				`${vmm.time(back.ns_inside)}, ${vmm.plural(back.exits_inside, 'exit')}${
					back.faults_inside ? `, ${vmm.plural(back.faults_inside, 'exception')}` : ''
				}${
					back.interrupts_inside
						? `, ${vmm.plural(back.interrupts_inside, 'interrupt')}`
						: ''
				}`,
			],
		]);
	}

	const quirkWords = {
		'syscall-faults': 'On this host, a system call first shows as a fault; vmm reports the call.',
		'int-is-ud': 'On this host, int n first shows as an invalid opcode; vmm reports the int.',
		'slow-ring0': 'On this host, ring 0 is interpreted: times inside the kernel are long.',
	};

	function show(seq) {
		if (seq === null) {
			panel.replaceChildren(
				vmm.el(
					'p',
					{class: 'soft detail-none'},
					'Select an event, in the timeline or in the list, to see its registers, ' +
						'arguments, stack frame and, of a page fault, the way through the page tables.',
				),
			);
			return;
		}
		const event = vmm.report.at(seq);

		panel.replaceChildren(
			...[
				...headline(event),
				event.quirk
					? vmm.el(
							'p',
							{class: 'note'},
							`Quirk ${event.quirk}. ${quirkWords[event.quirk] || ''}`,
						)
					: null,
				neighbours(event),
				event.type === 'transition' ? inside(event) : null,
				event.walk ? vmm.pageWalk(event) : null,
				vmm.argumentTable(event),
				event.type === 'transition' || event.type === 'exit' ? vmm.registerTable(event) : null,
				event.type === 'transition' ? vmm.frameTable(event) : null,
				vmm.rawEvent(event),
			].filter(Boolean),
		);
		panel.scrollTop = 0;
	}

	/* The innermost crossing of the same thread that is open around an event; -1: none */
	vmm.outerOf = event => {
		if (event.type === 'exit' || !event.depth) return -1;
		const inner = vmm.isReturn(event) ? vmm.report.entryOf(event.seq) : event.seq;

		for (let seq = inner - 1; inner >= 0 && seq >= 0; seq--) {
			const other = vmm.report.at(seq);

			if (
				vmm.isEntry(other) &&
				other.tid === event.tid &&
				other.pid === event.pid &&
				other.depth === event.depth - 1
			)
				return vmm.report.returnOf(seq) < 0 || vmm.report.returnOf(seq) > inner ? seq : -1;
		}
		return -1;
	};

	vmm.part({
		id: 'events',
		title: 'Events',
		order: 30,
		build(section, report) {
			const list = vmm.el('div', {class: 'events-list'});

			panel = vmm.el('div', {
				id: 'detail',
				class: 'detail',
				tabindex: '-1',
				role: 'region',
				'aria-label': 'Details of the selected event',
			});
			announcer = vmm.el('p', {class: 'sr-only', role: 'status', 'aria-live': 'polite'});
			section.append(vmm.el('div', {class: 'events-panes'}, list, panel), announcer);
			vmm.buildList(list, report);
			show(null);
			vmm.on('select', seq => {
				show(seq);
				announcer.textContent =
					seq === null ? '' : `event ${seq}: ${vmm.describe(vmm.report.at(seq))}`;
			});
			vmm.on('open', () => {
				panel.focus();
				panel.scrollIntoView({block: 'nearest'});
			});
		},
	});
})();
