/* SPDX-License-Identifier: MIT */
/*
 * report.js: the events of this file, as objects, and what belongs together among them.
 *
 *   start, end       the first and last event; null when the report was cut off before
 *   summary          of -c; when the report was cut off: counted here from the events, with `counted` true
 *   cut              "" or, in words, why the report is not whole
 *   events           all, by `seq`; at(seq) is one, or undefined
 *   transitions, exits, processes, spaces (address_space), notes
 *                    those of one type, in order
 *   returnOf(seq)    seq of the return that ends this entry, or -1
 *   entryOf(seq)     seq of the entry: of a return its own, of an exit the innermost one around it, or -1
 *   exitsOf(seq)     seqs of the exits within an entry
 *   pids             Map pid -> name last known, by pid
 */
(() => {
	const lists = {transition: 'transitions', exit: 'exits', process: 'processes', address_space: 'spaces', note: 'notes'};

	/* The last line may be cut, when the disk was full or vmm was killed. */
	function parseLine(line, report) {
		try {
			report.events.push(JSON.parse(line));
		} catch {
			report.damaged++;
		}
	}

	function readEvents(document, report) {
		for (const block of document.querySelectorAll('script.events')) {
			for (const line of block.textContent.split('\n'))
				if (line.trim() !== '')
					parseLine(line, report);
			block.remove();
		}
	}

	function sort(report) {
		for (const event of report.events) {
			const list = lists[event.type];

			if (list)
				report[list].push(event);
			else
				report[event.type] = event;
		}
	}

	function pair(report) {
		for (const event of report.events) {
			if (event.entry === undefined)
				continue;
			if (event.type === 'transition')
				report.returns.set(event.entry, event.seq);
			else if (report.inside.has(event.entry))
				report.inside.get(event.entry).push(event.seq);
			else
				report.inside.set(event.entry, [event.seq]);
		}
	}

	function findProcesses(report) {
		for (const event of report.events)
			if (event.pid && !report.pids.has(event.pid))
				report.pids.set(event.pid, '');
		for (const event of [...report.spaces, ...report.processes])
			if (event.pid && event.name)
				report.pids.set(event.pid, event.name);
		report.pids = new Map([...report.pids].sort((a, b) => a[0] - b[0]));
	}

	vmm.readReport = document => {
		const report = {
			start: null, end: null, summary: null, cut: '', damaged: 0, events: [], transitions: [], exits: [],
			processes: [], spaces: [], notes: [], returns: new Map(), inside: new Map(), pids: new Map(),
		};

		readEvents(document, report);
		sort(report);
		pair(report);
		findProcesses(report);
		if (!report.end)
			report.cut = 'It has no end: the disk was full, vmm was killed, or the file was cut.';
		report.at = seq => report.events[seq];
		report.returnOf = seq => report.returns.has(seq) ? report.returns.get(seq) : -1;
		report.entryOf = seq => report.events[seq] && report.events[seq].entry !== undefined ? report.events[seq].entry : -1;
		report.exitsOf = seq => report.inside.get(seq) || [];
		return report;
	};
})();
