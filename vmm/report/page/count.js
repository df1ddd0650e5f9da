/* SPDX-License-Identifier: MIT */
/*
 * count.js: the summary of a report that was cut off before its own, from the events that it has. What the options of
 * the run left out of the report is not in it, nor are the exits of observation.
 */
(() => {
	const isReturn = event => event.cause === 'sysret' || event.cause === 'iret';

	function makeRow(cause, event) {
		const row = {
			cause,
			total: event === null,
			count: 0,
			errors: 0,
			finished: 0,
			ns: 0,
			ns_min: 0,
			ns_max: 0,
			exits: 0,
			faults: 0,
			interrupts: 0,
		};

		if (event && event.number !== undefined) row.number = event.number;
		else if (event && event.vector !== undefined) row.vector = event.vector;
		if (event && event.name) row.name = event.name;
		return row;
	}

	function rowsOf(rows, event) {
		const keys = [event.cause];

		if (!isReturn(event))
			keys.push(
				event.number === undefined
					? `${event.cause} vector ${event.vector}`
					: `${event.cause} ${event.number}`,
			);
		return keys.map((key, i) => {
			if (!rows.has(key)) rows.set(key, makeRow(event.cause, i ? event : null));
			return rows.get(key);
		});
	}

	function finish(row, back) {
		row.ns_min = row.finished ? Math.min(row.ns_min, back.ns_inside) : back.ns_inside;
		row.ns_max = Math.max(row.ns_max, back.ns_inside);
		row.ns += back.ns_inside;
		row.finished++;
		row.exits += back.exits_inside;
		row.faults += back.faults_inside || 0;
		row.interrupts += back.interrupts_inside || 0;
		if (back.result < 0 && back.result >= -4095) row.errors++;
	}

	function countExits(report) {
		const exits = {guest: report.exits.length, by_reason: {}};

		for (const {reason} of report.exits) exits.by_reason[reason] = (exits.by_reason[reason] || 0) + 1;
		return exits;
	}

	vmm.countSummary = report => {
		const rows = new Map();
		let returns = 0;

		for (const event of report.transitions) {
			for (const row of rowsOf(rows, event)) row.count++;
			if (!isReturn(event)) continue;
			returns++;
			const entry = report.events[event.entry];
			if (entry) for (const row of rowsOf(rows, entry)) finish(row, event);
		}
		const order = ['syscall', 'int', 'exception', 'interrupt', 'nmi', 'sysret', 'iret'];
		return {
			type: 'summary',
			counted: true,
			transitions: report.transitions.length,
			entries: report.transitions.length - returns,
			returns,
			exits: countExits(report),
			rows: [...rows.values()].sort(
				(a, b) =>
					order.indexOf(a.cause) - order.indexOf(b.cause) ||
					b.total - a.total ||
					b.count - a.count,
			),
		};
	};
})();
