/* SPDX-License-Identifier: MIT */
/*
 * space-facts.js: what is known of a region, in words: for the tip, for screen readers, and for what lies in the same frames.
 */
(() => {
	const hex = value => `0x${value.toString(16)}`;
	const pidsMost = 12;

	vmm.spaceHex = hex;
	vmm.spaceEnd = value => value === 1n << 64n ? '2^64' : hex(value);
	vmm.spaceName = region => region.name || (region.guard ? 'guard' : 'no name');

	/* 1912 KiB: exact, in the largest unit that allows it */
	vmm.spaceBytes = size => {
		const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
		let unit = 0;

		for (; size % 1024n === 0n && size > 0n && unit < 4; unit++)
			size /= 1024n;
		return `${size}\u00a0${units[unit]}`;
	};

	/* 1.9 MiB: rounded */
	vmm.spaceRoughly = size => vmm.bytes(size).replace('.0\u00a0', '\u00a0');

	function listOf(pids) {
		const names = pids.slice(0, pidsMost).map(vmm.processName);

		return names.join(', ') + (pids.length > pidsMost ? ` and ${pids.length - pidsMost} more` : '');
	}

	/* [name, value] pairs; the most important first */
	vmm.spaceFacts = (region, danger) => {
		const facts = [['range', `${hex(region.start)} – ${vmm.spaceEnd(region.end)}, ${vmm.spaceBytes(region.size)}`]];

		if (danger === 'W+X')
			facts.push(['danger', 'writable AND executable: whoever can write here can run what it wrote']);
		else if (danger)
			facts.push(['danger', 'ring 3 reaches a page of the kernel half']);
		if (region.guard)
			return [...facts, ['guard', 'nothing is mapped, on purpose: an access faults instead of reaching a neighbour']];
		facts.push(['ring 3', region.ring === 3 ? region.rights : '---'], ['ring 0', region.ring === 3 ? region.kernel_rights : region.rights],
			['pages', `${vmm.count(region.size / BigInt(region.page || 4096))} of ${vmm.bytes(region.page)}`],
			['frames', region.contiguous ? `from ${region.phys}, one after the other` : `the first is ${region.phys}, the others lie elsewhere`]);
		if (region.shared_frames)
			facts.push(['shared', `${vmm.plural(region.shared_frames, 'page')} in the same frames as in ${listOf(region.shared_with)}`]);
		if (region.cow_pages)
			facts.push(['copy-on-write', vmm.plural(region.cow_pages, 'page')]);
		return facts;
	};

	/* Do two regions have frames in common, as far as their first frame and `contiguous` tell? */
	vmm.spaceSameFrames = (one, other) => one !== other && !one.guard && !other.guard && one.pages[0] < other.pages[1] && other.pages[0] < one.pages[1];
})();
