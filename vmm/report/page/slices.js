/* SPDX-License-Identifier: MIT */
/*
 * slices.js: where each CPU was when: its stretches in ring 3, its crossings, its exits.
 *
 * Of a CPU the events tell the moments; between two of them it stays where the first one led. When a kernel goes on to
 * another thread without a transition, that shows at the next event of the new one: until there, the time is drawn as
 * the old one's.
 *
 *   vmm.makeLanes(report)   one object a CPU: {user: row, crossings: [row by depth], exits: row}
 *   row                     {count, seq, from, to}: Int32Arrays by slice, in order; from and to: the events between
 *                           which it lasts; seq: whose it is. In ring 3 that is the return that led there, of a
 *                           crossing the entry, of the kernel without a crossing (before the first, after a switch) what led there
 *   row.causes              of crossings: pairs of a cause and its sums()
 */
(() => {
	const rowsMost = 12; /* deeper crossings share the last row */

	class Row {
		constructor() {
			this.list = [];
		}

		/* Below rowsMost, crossings that overlap have only the first drawn. */
		add(seq, from, to) {
			if (this.list.length === 0 || from >= this.list[this.list.length - 1])
				this.list.push(seq, from, to);
		}

		pack() {
			const count = this.list.length / 3;
			const row = {
				count,
				seq: new Int32Array(count),
				from: new Int32Array(count),
				to: new Int32Array(count),
			};

			for (let i = 0; i < count; i++) {
				row.seq[i] = this.list[3 * i];
				row.from[i] = this.list[3 * i + 1];
				row.to[i] = this.list[3 * i + 2];
			}
			return row;
		}
	}

	/* sums(row, test)[i]: of how many of the first i slices the test is true */
	function sums(row, test) {
		const result = new Int32Array(row.count + 1);

		for (let i = 0; i < row.count; i++) result[i + 1] = result[i] + (test(row.seq[i]) ? 1 : 0);
		return result;
	}
	vmm.sums = sums;

	class Cpu {
		constructor() {
			this.user = new Row();
			this.crossings = [];
			this.exits = new Row();
			this.inUser = null; /* seq of the event that led to ring 3 */
			this.bare = null; /* seq of the event since when it is in ring 0 without a crossing */
			this.open = []; /* crossings of the thread that has it: {seq, depth, from} */
			this.thread = null;
		}

		row(depth) {
			const at = Math.min(depth, rowsMost - 1);

			while (this.crossings.length <= at) this.crossings.push(new Row());
			return this.crossings[at];
		}

		close(slice, to) {
			if (slice.from !== to) this.row(slice.depth).add(slice.seq, slice.from, to);
		}

		/* What was drawn outside of crossings ends. */
		leaveUser(to) {
			if (this.inUser !== null) this.user.add(this.inUser, this.inUser, to);
			if (this.bare !== null && this.bare !== to) this.row(0).add(this.bare, this.bare, to);
			this.inUser = this.bare = null;
		}

		/* Another thread has the CPU from here on: its crossings go on where they are open. */
		change(thread, open, at) {
			this.leaveUser(at);
			while (this.open.length) this.close(this.open.pop(), at);
			this.bare = open && open.length ? null : at;
			this.open = (open || []).map(({seq, depth}) => ({seq, depth, from: at}));
			this.thread = thread;
		}

		enter(event) {
			this.leaveUser(event.seq);
			this.open.push({seq: event.seq, depth: event.depth || 0, from: event.seq});
		}

		leave(event) {
			const place = this.open.findIndex(slice => slice.seq === event.entry);

			this.leaveUser(event.seq);
			if (event.to === 3 || place >= 0)
				while (this.open.length > (event.to === 3 ? 0 : place))
					this.close(this.open.pop(), event.seq);
			if (event.to === 3) this.inUser = event.seq;
			else if (this.open.length === 0) this.bare = event.seq;
		}
	}

	function pack(cpu, report) {
		const crossings = cpu.crossings.map(row => row.pack());

		for (const row of crossings)
			row.causes = vmm.causes.map(cause => [
				cause,
				sums(row, seq => report.events[seq].cause === cause),
			]);
		return {user: cpu.user.pack(), crossings, exits: cpu.exits.pack()};
	}

	vmm.makeLanes = report => {
		const cpus = Array.from({length: report.cpus}, () => new Cpu());
		const stacks = new Map(); /* by thread: its open crossings */
		let last = 0;

		for (const event of report.events) {
			if (event.type !== 'transition' && event.type !== 'exit') continue;
			const cpu = cpus[event.cpu || 0];
			const thread = event.tid || (event.pid ? `${event.pid}` : `cpu ${event.cpu}`);

			last = event.seq;
			if (cpu.thread !== thread) cpu.change(thread, stacks.get(thread), event.seq);
			if (event.type === 'exit') {
				cpu.exits.add(event.seq, event.seq, event.seq);
				continue;
			}
			if (vmm.isReturn(event)) cpu.leave(event);
			else cpu.enter(event);
			stacks.set(thread, cpu.open.slice());
		}
		for (const cpu of cpus) {
			cpu.change(null, null, last);
		}
		return cpus.map(cpu => pack(cpu, report));
	};
})();
