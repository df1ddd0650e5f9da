/* SPDX-License-Identifier: MIT */
/*
 * filter.js: which events the reader wants to see.
 *
 *   vmm.filter           {kinds: Set|null, pids: Set|null, tids: Set|null, text: ''}; null: all
 *   vmm.setFilter({...}) changes those given (`causes` stands for kinds), tells `filter`
 *   vmm.matches[seq]     1: the event passes
 *   vmm.matching         seqs of those that pass, in order
 */
(() => {
	const texts = [];

	vmm.filter = {kinds: null, pids: null, tids: null, text: ''};

	function passes(event, needle) {
		const {kinds, pids, tids} = vmm.filter;

		if (kinds && !kinds.has(vmm.kindOf(event))) return false;
		if (pids && !pids.has(event.pid)) return false;
		if (tids && !tids.has(event.tid)) return false;
		if (!needle) return true;
		if (texts[event.seq] === undefined) texts[event.seq] = vmm.searchText(event);
		return texts[event.seq].includes(needle);
	}

	vmm.applyFilter = () => {
		const needle = vmm.filter.text.trim().toLowerCase();
		const {events} = vmm.report;

		vmm.matches = new Uint8Array(events.length);
		vmm.matching = [];
		for (const event of events) {
			if (!passes(event, needle)) continue;
			vmm.matches[event.seq] = 1;
			vmm.matching.push(event.seq);
		}
	};

	vmm.setFilter = change => {
		if (change.causes !== undefined) change = {...change, kinds: change.causes};
		Object.assign(vmm.filter, change);
		vmm.applyFilter();
		vmm.tell('filter');
	};

	vmm.isFiltered = () =>
		Boolean(vmm.filter.kinds || vmm.filter.pids || vmm.filter.tids || vmm.filter.text.trim());

	/* The next event that passes, after or before this one; -1: none. Without one: the first or the last. */
	vmm.neighbour = (seq, step) => {
		const {matching} = vmm;
		let low = 0,
			high = matching.length;

		if (seq === null) return matching.length ? matching[step > 0 ? 0 : matching.length - 1] : -1;
		while (low < high) {
			const middle = (low + high) >> 1;

			if (matching[middle] < seq) low = middle + 1;
			else high = middle;
		}
		const place = step < 0 ? low - 1 : matching[low] === seq ? low + 1 : low;

		return place >= 0 && place < matching.length ? matching[place] : -1;
	};
})();
