/* SPDX-License-Identifier: MIT */
/*
 * report.js: the events of this file, as objects, and what belongs together among them.
 *
 *   start, end       the first and last event; null when they are missing
 *   summary          counts; when the report was cut off before: counted here from the events, with `counted` true
 *   cut              "" or, in words, why the report is not whole
 *   events           all; at(seq) is one, or undefined. events[seq].seq === seq
 *   line(seq)        the JSON of an event as text, as it stands in the file
 *   ns[seq]          its time; on a CPU it never goes back
 *   transitions, exits, processes, spaces (address_space), notes
 *                    those of one type, in order
 *   returnOf(seq)    seq of the return that ends this entry, or -1
 *   entryOf(seq)     seq of the entry: of a return its own, of an exit the innermost one around it, or -1
 *   exitsOf(seq)     seqs of the exits within an entry
 *   pids             Map pid -> name last known ("" when unknown), by pid
 *   cpus             how many CPUs are seen
 */
(() => {
	const lists = {
		transition: 'transitions',
		exit: 'exits',
		process: 'processes',
		address_space: 'spaces',
		note: 'notes',
	};
	const singles = ['start', 'end', 'summary'];

	/* Integers that a double would round become strings of the same digits. */
	const keepDigits = line =>
		line.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, word =>
			word[0] === '"' || Number.isSafeInteger(Number(word)) ? word : `"${word}"`,
		);

	/* The last line may be cut, when the disk was full or vmm was killed. */
	function parseLine(line, report) {
		const isLong = /[:[,]-?\d{16}/.test(line);
		let event;

		try {
			event = JSON.parse(isLong ? keepDigits(line) : line);
		} catch {
			report.damaged++;
			return;
		}
		if (event.seq !== report.events.length) {
			report.damaged++;
			return;
		}
		report.events.push(event);
		if (isLong) report.lines.set(event.seq, line);
	}

	/* Blocks go as they are read: a big report need not be there twice. */
	function readEvents(document, report) {
		for (const block of document.querySelectorAll('script.events')) {
			const text = block.textContent;

			block.remove();
			for (let from = 0, to; from < text.length; from = to + 1) {
				to = text.indexOf('\n', from);
				if (to < 0) to = text.length;
				if (to > from) parseLine(text.slice(from, to), report);
			}
		}
	}

	function sort(report) {
		for (const event of report.events) {
			if (lists[event.type]) report[lists[event.type]].push(event);
			else if (singles.includes(event.type)) report[event.type] = event;
		}
	}

	function pair(report) {
		report.back = new Int32Array(report.events.length).fill(-1);
		for (const event of report.events) {
			if (event.entry === undefined || !report.events[event.entry]) continue;
			if (event.type === 'transition') report.back[event.entry] = event.seq;
			else if (report.inside.has(event.entry)) report.inside.get(event.entry).push(event.seq);
			else report.inside.set(event.entry, [event.seq]);
		}
	}

	/* CPUs are read one after the other: on each of them time goes on, in all of them not quite. */
	function readTimes(report) {
		const latest = [];

		report.ns = new Float64Array(report.events.length);
		for (const {seq, ns, cpu} of report.events) {
			if (cpu !== undefined) latest[cpu] = Math.max(latest[cpu] || 0, ns);
			report.ns[seq] = cpu === undefined ? ns : latest[cpu];
			report.last = Math.max(report.last, ns);
		}
		report.cpus = Math.max(1, latest.length);
	}

	function findProcesses(report) {
		const pids = new Map();

		for (const event of report.events) {
			if (!event.pid) continue;
			if (!pids.has(event.pid)) pids.set(event.pid, '');
			if (event.name && (event.type === 'address_space' || event.type === 'process'))
				pids.set(event.pid, event.name);
		}
		report.pids = new Map([...pids].sort((a, b) => a[0] - b[0]));
	}

	vmm.readReport = document => {
		const report = {
			start: null,
			end: null,
			summary: null,
			cut: '',
			damaged: 0,
			events: [],
			transitions: [],
			exits: [],
			processes: [],
			spaces: [],
			notes: [],
			lines: new Map(),
			inside: new Map(),
			last: 0,
		};

		readEvents(document, report);
		sort(report);
		pair(report);
		readTimes(report);
		findProcesses(report);
		if (!report.end)
			report.cut =
				'Its end is missing: the disk was full, vmm was killed, or it was not copied whole.';
		else if (report.damaged)
			report.cut = `${vmm.plural(report.damaged, 'line')} of it cannot be read or do not fit in.`;
		report.line = seq => report.lines.get(seq) || JSON.stringify(report.events[seq]);
		report.at = seq => report.events[seq];
		report.returnOf = seq => (report.back[seq] === undefined ? -1 : report.back[seq]);
		report.entryOf = seq => {
			const event = report.events[seq];

			return event && report.events[event.entry] ? event.entry : -1;
		};
		report.exitsOf = seq => report.inside.get(seq) || [];
		if (!report.summary) report.summary = vmm.countSummary(report);
		return report;
	};

	vmm.processName = pid => {
		const name = vmm.report.pids.get(pid);

		return name ? `${name} (${pid})` : pid ? `process ${pid}` : 'no process';
	};

	/* The same colour everywhere; processes after the sixth begin anew. */
	vmm.processColourName = pid => {
		const place = [...vmm.report.pids.keys()].indexOf(pid);

		return place < 0 ? 'process0' : `process${(place % 6) + 1}`;
	};
	vmm.processColour = pid => `var(--${vmm.processColourName(pid)})`;
})();
