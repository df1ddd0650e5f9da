/* SPDX-License-Identifier: MIT */
/*
 * summary.js: counts and times per cause and per system call, exits, who shares which frames, what the kernel lacks. The
 * numbers are those of the event of type summary.
 */
(() => {
	const causes = {
		syscall: 'system calls', int: 'int n', exception: 'exceptions', interrupt: 'interrupts', nmi: 'NMIs', sysret: 'returns by sysret',
		iret: 'returns by iret',
	};
	const isReturn = row => row.cause === 'sysret' || row.cause === 'iret';

	const numberOf = row => `number ${row.number}`;

	const nameOf = row => {
		if (row.total)
			return causes[row.cause] || row.cause;
		if (row.cause === 'int') /* of 80 hexadecimal: a system call of i386 */
			return row.vector === undefined ? `${row.name || numberOf(row)} by int 0x80` : `int 0x${row.vector.toString(16)}`;
		return row.name || (row.vector === undefined ? numberOf(row) : `vector ${row.vector}`);
	};

	/* What finds the events of a row: its cause, and its name as the search sees it */
	function showEvents(row) {
		const text = row.total ? '' : row.name || (row.vector === undefined ? `syscall_0x${BigInt(row.number).toString(16)}` :
			row.cause === 'int' ? `int 0x${row.vector.toString(16)}` : `vector ${row.vector}`);

		vmm.setFilter(isReturn(row) ? {causes: null, text: row.cause} : {causes: new Set([row.cause]), text});
		const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
		(document.getElementById('timeline') || document.body).scrollIntoView({behavior: reduced ? 'auto' : 'smooth'});
	}

	const swatch = row => vmm.el('span', {class: `swatch swatch-${row.cause}`, 'aria-hidden': 'true'});
	const nameColumn = title => ({
		title, value: nameOf, show: row => vmm.el('button', {
			type: 'button', class: 'quiet summary-name', 'data-cause': row.cause, title: 'Show only these in the timeline and in the list',
			onclick: () => showEvents(row),
		}, swatch(row), nameOf(row)),
	});

	const barOf = row => isReturn(row) ? 'background: var(--process0)' : `background: var(--${row.cause})`;
	const time = (title, hint, value, bar) => {
		const known = row => row.finished ? value(row) : null;

		return {title, hint, number: true, bar, value: known, show: row => known(row) === null ? '–' : vmm.time(known(row))};
	};
	const number = (title, hint, key, bar) => ({title, hint, number: true, bar, value: row => row[key] || 0});

	const columns = first => [
		nameColumn(first),
		number('count', 'how many were seen', 'count', barOf),
		number('errors', 'results in [-4095, -1]', 'errors'),
		time('time inside', 'from entry to return, all of them together, whoever ran meanwhile', row => row.ns, barOf),
		time('mean', 'time inside by those whose return was seen', row => row.ns / row.finished),
		time('least', 'the shortest', row => row.ns_min),
		time('most', 'the longest', row => row.ns_max),
		number('exits', 'VM exits of the guest’s own inside', 'exits'),
		number('exceptions', 'exceptions inside, page faults among them', 'faults'),
		number('interrupts', 'interrupts inside', 'interrupts'),
	];

	const percent = (part, whole) => whole ? `${(part / whole * 100).toFixed(part * 10 < whole ? 1 : 0)} %` : '–';

	function lead(summary, start) {
		const {exits} = summary;
		const parts = [`${vmm.plural(summary.transitions, 'transition')}: ${vmm.plural(summary.entries, 'entry', 'entries')} and ${
			vmm.plural(summary.returns, 'return')}.`];

		if (exits.total !== undefined)
			parts.push(`${vmm.plural(exits.total, 'VM exit')}: ${vmm.count(exits.guest)} of the guest’s own, ${vmm.count(exits.observed)} (${
				percent(exits.observed, exits.total)}) only because vmm observed${start ? ` by method ${start.method}` : ''}.`);
		return vmm.el('p', {id: 'summary-lead'}, parts.join(' '));
	}

	/* One bar for all exits: the guest's own by reason, then those of observation */
	function exitTable({exits}) {
		const total = exits.total === undefined ? exits.guest : exits.total;
		const rows = [...Object.entries(exits.by_reason).map(([reason, count]) => ({reason, count, own: true}))];

		if (exits.observed !== undefined)
			rows.push({reason: 'observation', count: exits.observed, own: false});
		return vmm.sortTable({
			id: 'summary-exits', caption: 'VM exits by reason', rows, sort: 1, columns: [
				{title: 'reason', value: row => row.reason, show: row => [row.reason, vmm.el('span', {class: 'soft'},
					row.own ? ' the guest’s own' : ' only because somebody observes')]},
				{title: 'exits', number: true, value: row => row.count, bar: row => `background: var(--${row.own ? 'host' : 'process0'})`},
				{title: 'share', number: true, value: row => total ? row.count / total : 0, show: row => percent(row.count, total)},
			],
		});
	}

	function latestSpaces(report) {
		const spaces = new Map();

		for (const space of report.spaces)
			spaces.set(space.pid || space.cr3, space);
		return [...spaces.values()];
	}

	function sharedRegions(report) {
		return latestSpaces(report).flatMap(space => space.regions.filter(region => region.shared_frames).map(region => ({...region, space})));
	}

	function sharingTable(rows) {
		const pages = row => Number((BigInt(row.end) - BigInt(row.start)) / BigInt(row.page || 4096));
		const list = pids => pids.slice(0, 8).map(vmm.processName).join(', ') + (pids.length > 8 ? ` and ${pids.length - 8} more` : '');

		return vmm.sortTable({
			id: 'summary-shared', caption: 'Frames that several processes map', rows, sort: 0, most: 12, columns: [
				{title: 'process', value: row => row.space.pid, show: row => [vmm.processName(row.space.pid), ' ',
					vmm.link(row.space.seq, row.space.when === 'switch' ? 'at a switch' : `at the ${row.space.when}`)]},
				{title: 'region', value: row => row.name || '', show: row => [row.name || 'no name', vmm.el('span', {class: 'soft mono'}, ` ${row.start}`)]},
				{title: 'rights', value: row => row.rights, show: row => vmm.el('span', {class: 'mono'}, row.rights)},
				{title: 'shared pages', number: true, value: row => row.shared_frames, bar: () => 'background: var(--process1)',
					show: row => `${vmm.count(row.shared_frames)} of ${vmm.count(pages(row))}`},
				{title: 'copy-on-write', number: true, value: row => row.cow_pages || 0},
				{title: 'with', value: row => row.shared_with.length, show: row => list(row.shared_with)},
			],
		});
	}

	function sharing(report) {
		const rows = sharedRegions(report), spaces = latestSpaces(report);
		const compared = Math.max(0, ...report.spaces.map(space => space.totals.compared_with)) + 1;
		const same = report.spaces.every(space => space.totals.kernel_half_shared);

		if (!spaces.length)
			return [];
		return [vmm.el('h3', {}, 'Who shares which frames'), vmm.el('p', {}, compared < 2 ? 'There was one address space only.' :
			same ? `The kernel half: all of them, by the same page tables (checked, up to ${compared} address spaces at once).` :
				'The kernel half is NOT the same in all of them.',
		rows.length ? ' In the user halves, in the last picture of each process:' : ' In the user halves: nobody, in the last picture of each process.'),
		rows.length ? sharingTable(rows) : null];
	}

	function missing(report) {
		const rows = report.end && report.end.unimplemented || [];

		if (!rows.length)
			return [];
		return [vmm.el('h3', {}, 'System calls that the kernel does not have (ENOSYS)'), vmm.sortTable({
			id: 'summary-missing', caption: 'System calls that the kernel does not have', rows, sort: 1, columns: [
				{title: 'call', value: row => row.name || numberOf(row), show: row => [vmm.el('code', {}, row.name || numberOf(row)),
					vmm.el('span', {class: 'soft'}, `${row.name ? ` number ${row.number}` : ''}${row.i386 ? ' by int 0x80' : ''}`)]},
				number('count', 'how often it was made', 'count'),
				{title: 'first made at', value: row => row.symbol || row.rip, show: row => vmm.el('code', {}, row.symbol || row.rip)},
			],
		})];
	}

	vmm.part({
		id: 'summary', title: 'Summary', order: 50, build(section, report) {
			const {summary} = report, single = summary.rows.filter(row => !row.total);

			section.append(lead(summary, report.start));
			if (summary.counted)
				section.append(vmm.el('p', {class: 'note'}, report.end
					? 'The events came without a summary (a trace recorded without -c): these numbers are counted from them.'
					: 'The report was cut off before its summary: these numbers are counted from the events that it has.'));
			section.append(vmm.el('h3', {}, 'By cause'), vmm.sortTable({
				id: 'summary-causes', caption: 'Transitions by cause', rows: summary.rows.filter(row => row.total), columns: columns('cause'), sort: 1}));
			if (single.length)
				section.append(vmm.el('h3', {}, 'By system call, exception and vector'), vmm.sortTable({
					id: 'summary-calls', caption: 'Transitions by system call, exception and vector', rows: single, columns: columns('name'), sort: 3}));
			section.append(vmm.el('h3', {}, 'VM exits'), exitTable(summary), ...sharing(report).filter(Boolean), ...missing(report));
			section.append(vmm.el('p', {class: 'soft summary-hint'}, 'A title sorts, a name shows only its events. Nested crossings count in both: a page fault inside ' +
				'a system call is in the time of each.'));
		},
	});
})();
