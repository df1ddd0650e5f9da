/* SPDX-License-Identifier: MIT */
/*
 * space-rows.js: the vertical scale of the address space. Every address at which a region of some column begins or ends is
 * a line across all columns; between two lines lies a row. Small rows are to one scale, larger ones are broken, and what
 * repeats itself is folded. The same as in --format svg (svg_rows.h).
 */
(() => {
	const page = 4096n, end = 1n << 64n;
	const linePixels = 16;   /* 4 KiB, and the least height of a row */
	const headingPixels = 34;
	const heightAim = 1000;  /* with more than that, less is to scale */
	const periodMost = 32, longPeriod = 4, repeatsLeast = 5, rowsMost = 100;

	/* A region as the picture needs it; null if it has no extent. */
	function readRegion(region, space) {
		const start = BigInt(region.start), finish = BigInt(region.end);

		if (finish <= start || finish > end)
			return null;
		return {...region, start, end: finish, size: finish - start, space, pages: region.guard ? null : framesOf(region, finish - start)};
	}

	/* [first, end) of physical memory, if the frames follow each other */
	function framesOf(region, size) {
		const first = BigInt(region.phys || 0);

		return region.contiguous || size <= BigInt(region.page || 0) ? [first, first + size] : [first, first + BigInt(region.page || 4096)];
	}

	/* What must not be, in words; "" for nearly all */
	vmm.spaceDanger = (region, kernelStart) => {
		const both = rights => /w.*x/.test(rights || '');

		if (region.guard)
			return '';
		if (both(region.rights) || both(region.kernel_rights))
			return 'W+X';
		return region.ring === 3 && region.start >= kernelStart ? 'ring 3!' : '';
	};

	function halves(space) {
		const legal = size => size >= page && size < 1n << 63n;
		const read = size => {
			const value = BigInt(size || 0);
			return legal(value) ? value : 1n << 47n;
		};

		return {userEnd: read(space.totals.user_half), kernelStart: end - read(space.totals.kernel_half)};
	}

	function makeRows(columns, {userEnd, kernelStart}) {
		const lines = new Set([0n, userEnd, kernelStart]);

		for (const column of columns)
			for (const region of column.regions)
				lines.add(region.start).add(region.end);
		lines.delete(end);
		const starts = [...lines].sort((a, b) => (a > b) - (a < b));

		return starts.map((start, i) => ({
			start, size: (starts[i + 1] ?? end) - start, cover: new Array(columns.length).fill(null), mapped: false, fold: 0, folded: false,
		}));
	}

	function cover(rows, columns) {
		const places = new Map(rows.map((row, i) => [row.start, i]));

		columns.forEach((column, which) => {
			for (const region of column.regions) {
				region.first = places.get(region.start);
				region.last = (places.get(region.end) ?? rows.length) - 1;
				for (let i = region.first; i <= region.last; i++) {
					rows[i].cover[which] = region;
					rows[i].mapped = true;
				}
			}
		});
	}

	const markOf = row => [row.size, ...row.cover.map(region => region ?
		[(region.name || '').replace(/\d+/g, '0'), region.ring, region.rights, region.kernel_rights, region.guard, region.start === row.start].join() : '-')].join('|');

	function fold(rows, first, finish) {
		for (let i = first; i < finish; i++)
			Object.assign(rows[i], {folded: true, fold: 0});
		rows[first].fold = finish - first;
	}

	function repeats(marks, first, finish, period) {
		let same = 0;

		while (first + same + period < finish && marks[first + same] === marks[first + same + period])
			same++;
		return Math.floor((same + period) / period);
	}

	function foldRepetitions(rows, marks, first, finish) {
		while (first < finish) {
			let best = 0, bestPeriod = 1;

			for (let period = 1; period <= periodMost; period++) {
				const times = repeats(marks, first, finish, period);

				if (times >= repeatsLeast && times * period > best * bestPeriod)
					[best, bestPeriod] = [times, period];
			}
			if (best)
				fold(rows, first + (bestPeriod > longPeriod ? 1 : 2) * bestPeriod, first + (best - 1) * bestPeriod);
			first += best * bestPeriod || 1;
		}
	}

	function foldMiddle(rows, first, finish) {
		const drawn = [];

		for (let i = first; i < finish; i++)
			if (!rows[i].folded)
				drawn.push(i);
		if (drawn.length > rowsMost)
			fold(rows, drawn[rowsMost / 2 - 1] + 1, drawn[drawn.length - rowsMost / 2] + 1);
	}

	function foldAll(rows, {userEnd, kernelStart}) {
		const marks = rows.map(markOf);
		const user = rows.findIndex(row => row.start === userEnd), kernel = rows.findIndex(row => row.start === kernelStart);

		foldRepetitions(rows, marks, 0, user);
		foldRepetitions(rows, marks, kernel, rows.length);
		foldMiddle(rows, 0, user);
		foldMiddle(rows, user, kernel);
		foldMiddle(rows, kernel, rows.length);
	}

	/* A larger row is never less high than a smaller one. */
	function heightOf(row, linear) {
		row.broken = false;
		if (row.folded)
			return row.fold ? 34 : 0;
		if (row.hole)
			return 54;
		if (row.size <= BigInt(linear) * page)
			return Math.max(linePixels, Number(row.size) * linePixels / 4096);
		row.broken = true;
		if (!row.mapped)
			return 26;
		return linear * linePixels + 8 + Math.ceil(Math.log2(Number(row.size) / (linear * 4096))) / 2;
	}

	function setHeights(scale, linear) {
		let y = headingPixels;

		scale.linear = linear;
		for (let i = scale.rows.length - 1; i >= 0; i--) {
			const row = scale.rows[i];

			row.height = heightOf(row, linear);
			if (row.start + row.size === scale.userEnd) {
				scale.userY = y;
				y += headingPixels;
			}
			row.y = y;
			y += row.height;
		}
		scale.height = y;
		return y;
	}

	/* spaces: address_space events, one for each column.
	   -> {columns: [{space, regions}], oneKernel, kernel (which column shows it for all), rows, linear, userEnd, kernelStart, height} */
	vmm.spaceRows = spaces => {
		const {userEnd, kernelStart} = halves(spaces[0]);
		const oneKernel = spaces.length === 1 || spaces.every(space => space.totals.kernel_half_shared);
		const kernel = spaces.reduce((latest, space, i) => space.seq > spaces[latest].seq ? i : latest, 0);
		const columns = spaces.map((space, i) => ({
			space, regions: space.regions.map(region => readRegion(region, space))
				.filter(region => region && (!oneKernel || region.start < kernelStart || i === kernel)),
		}));
		const scale = {columns, oneKernel, kernel, userEnd, kernelStart, heading: headingPixels, line: linePixels};

		scale.rows = makeRows(columns, scale);
		cover(scale.rows, columns);
		for (const row of scale.rows)
			row.hole = !row.mapped && row.start >= userEnd && row.start < kernelStart;
		foldAll(scale.rows, scale);
		for (const linear of [16, 8, 6, 4, 3, 2])
			if (setHeights(scale, linear) <= heightAim)
				break;
		return scale;
	};
})();
