/* SPDX-License-Identifier: MIT */
/*
 * end.js: the last part of the page: doubts, notes, and what observing did to what was observed.
 */
(() => {
	/* What the method of observing does to what it shows */
	const methods = {
		trap:
			'Each transition is one VM exit, taken at the first instruction of the kernel’s entry or at the last ' +
			'before the return, while the CPU’s state is still what the hardware left. Nothing is lost, but each ' +
			'exit takes time: crossings look longer than they are, short ones most. Exits that exist only ' +
			'because somebody observes are counted apart and are not in the timeline.',
		ring:
			'The guest’s kernel writes a record of each transition into memory that it shares with vmm, without ' +
			'an exit. A full ring makes the guest wait, so nothing is lost. A record costs some tens of ' +
			'instructions of ring 0.',
		off: 'Transitions were not observed. Only exits, processes and address spaces are in this report.',
	};
/* For jq, vmm view, vmm diff */
	function save(report) {
		const blob = new Blob(
			report.events.map(event => `${report.line(event.seq)}\n`),
			{type: 'application/jsonl'},
		);
		const link = vmm.el('a', {
			href: URL.createObjectURL(blob),
			download: `${vmm.fileName(report.start ? report.start.image : 'report')}.jsonl`,
		});

		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 10000);
	}

	function missing(calls) {
		return vmm.el(
			'ul',
			{},
			calls.map(call =>
				vmm.el(
					'li',
					{},
					vmm.el('code', {}, call.name || `number ${call.number}`),
					` ${call.count > 1 ? `× ${call.count}` : ''} first at `,
					vmm.el('code', {}, call.symbol || call.rip),
				),
			),
		);
	}

	function notes(report) {
		const most = 50;

		return vmm.el(
			'ul',
			{},
			report.notes.slice(0, most).map(note => vmm.el('li', {}, vmm.link(note.seq), ` ${note.text}`)),
			report.notes.length > most
				? vmm.el('li', {}, `and ${report.notes.length - most} more: search for "note"`)
				: null,
		);
	}

	function quirks(report) {
		const list = (report.start && report.start.host.quirks) || [];

		return list.length
			? `This host’s KVM (${report.start.host.kvm}) differs from the manuals: ` +
				`${list.join(', ')}. ` +
				'Events that this shaped say so.'
			: '';
	}

	vmm.part({
		id: 'end',
		title: 'What this report is worth',
		order: 90,
		build(section, report) {
			const {start, end} = report;
			const [, word, text] = vmm.verdict(report);
			const counts = end
				? ` ${vmm.plural(end.transitions, 'transition')} (${vmm.count(end.entries)} entries, ` +
					`${vmm.count(end.returns)} returns), ${vmm.count(end.lost)} lost.`
				: '';

			section.append(vmm.el('p', {}, vmm.el('b', {}, word), text, counts));
			if (end && end.doubts.length)
				section.append(
					vmm.el('h3', {}, 'Doubts'),
					vmm.el(
						'ul',
						{},
						end.doubts.map(doubt => vmm.el('li', {}, doubt)),
					),
				);
			if (end && end.unimplemented)
				section.append(
					vmm.el('h3', {}, 'System calls that the kernel lacks'),
					missing(end.unimplemented),
				);
			if (report.notes.length) section.append(vmm.el('h3', {}, 'Notes'), notes(report));
			section.append(
				vmm.el('h3', {}, 'What observing means'),
				vmm.el(
					'p',
					{},
					start ? methods[start.method] || `Method ${start.method}.` : '',
					' ',
					quirks(report),
				),
				vmm.el(
					'p',
					{class: 'soft'},
					'Registers, frames and page tables are the CPU’s own, read at the moment of the ' +
						'event. A crossing’s time is everything from entry to return, whoever ran ' +
						'in between. Between two events, a CPU is drawn where the first one led.',
				),
				vmm.el(
					'p',
					{class: 'soft'},
					`${start ? `vmm ${start.vmm}` : 'vmm'}. `,
					'The events are in this file as JSON Lines; docs/json.md describes them.',
				),
				vmm.el(
					'button',
					{type: 'button', class: 'end-save', id: 'save', onclick: () => save(report)},
					'Save the events as JSON Lines',
				),
			);
		},
	});
})();
