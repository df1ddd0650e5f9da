/* SPDX-License-Identifier: MIT */
/*
 * space-draw.js: the picture of address spaces, as SVG elements. Colours are in space.css.
 *
 *   vmm.drawSpaces(scale, width, names) -> {picture, boxes, width, top}
 *                                 names: an element for each column, that stands above it; top: the height of these
 *                                 boxes: [{region, danger, column, element, x, y, width, height}], from above, column by column
 */
(() => {
	const strip = 20, axisEnd = 172, columnsX = 182, gutter = 14, badge = 14, mark = 15;
	const columnLeast = 165, columnMost = 400, labelWide = 420, namesHeight = 44;
	const svg = (tag, attributes, ...children) => vmm.svg(tag, attributes, ...children);
	const text = (x, y, kind, words, more) => svg('text', {x, y, class: `space-${kind}`, ...more}, words);
	const rect = (x, y, width, height, kind) => svg('rect', {x, y, width, height, class: `space-${kind}`});
	const path = (d, kind) => svg('path', {d, class: `space-${kind}`});

	/* How many columns have room side by side */
	vmm.spaceColumnsFor = width => Math.max(1, Math.floor((width - columnsX - 4 + gutter) / (columnLeast + gutter)));

	/* The words with an ellipsis where they are too long */
	const measure = (() => {
		let context = null;

		return (words, room) => {
			if (!context) {
				context = document.createElement('canvas').getContext('2d');
				context.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
			}
			if (context.measureText(words).width <= room)
				return words;
			let length = words.length;
			while (length > 1 && context.measureText(`${words.slice(0, length)}…`).width > room)
				length--;
			return `${words.slice(0, length)}…`;
		};
	})();

	function teeth(x, y, width) {
		let line = `M${x} ${y}`;

		for (let done = 0, up = true; done < width; done += 6, up = !up)
			line += `l${Math.min(6, width - done)} ${up ? -4 : 4}`;
		return line;
	}

	const zigzag = (x, y, width) => [path(teeth(x - 3, y + 2, width + 6), 'torn'),
		path(teeth(x - 3, y, width + 6) + teeth(x - 3, y + 5, width + 6), 'edge')];

	function place(scale, width) {
		const count = scale.columns.length;
		const room = (width - columnsX - 4 - (count - 1) * gutter) / count;
		const column = Math.floor(Math.max(columnLeast, Math.min(columnMost, room)));

		return {scale, column, all: count * column + (count - 1) * gutter, x: i => columnsX + i * (column + gutter)};
	}

	/* Each half wholly to scale; what leads from there to the rows */
	function drawStrip({scale}, first, finish) {
		const {rows} = scale, start = rows[first].start, size = rows[finish - 1].start + rows[finish - 1].size - start;
		const top = rows[finish - 1].y, bottom = rows[first].y + rows[first].height;
		const at = address => bottom - Number((address - start) * 10000n / size) / 10000 * (bottom - top);
		const leads = [], marks = [];

		for (let i = first; i < finish; i++) {
			const from = i;

			while (i < finish && (rows[i].mapped || !rows[i].broken))
				i++;
			if (i === from)
				continue;
			const low = Math.min(bottom, at(rows[from].start) + 1), high = Math.min(at(rows[i - 1].start + rows[i - 1].size), low - 2);
			leads.push(path(`M${strip} ${high}L${columnsX - 6} ${rows[i - 1].y}V${rows[from].y + rows[from].height}L${strip} ${low}z`, 'lead'));
			marks.push(rect(1, high, strip - 1, low - high, 'mark'));
		}
		const middle = (top + bottom) / 2;
		return [leads, rect(1, top, strip - 1, bottom - top, 'strip'), marks,
			text(14, middle, 'scaled', `${vmm.bytes(size)}, to scale`, {transform: `rotate(-90 14 ${middle})`})];
	}

	function drawAddresses({scale}) {
		const {rows} = scale, parts = [];
		const line = (address, y) => parts.push(text(axisEnd, y + 3.5, 'address', vmm.spaceEnd(address)), path(`M${columnsX - 6} ${y}h6`, 'tick'));

		line(1n << 64n, rows[rows.length - 1].y);
		for (const row of rows) {
			if (!row.height)
				continue;
			if (row.start !== scale.userEnd)
				line(row.start, row.y + row.height);
			if (row.start + row.size === scale.userEnd)
				line(scale.userEnd, row.y);
			if (row.broken && row.mapped)
				parts.push(text(axisEnd - 4, row.y + row.height / 2 + 3, 'left-out', `${vmm.spaceRoughly(row.size - BigInt(scale.linear) * 4096n)} left out`));
		}
		return parts;
	}

	/* Empty columns: what is not mapped is address space, too */
	function drawColumns({scale, column, all, x}) {
		const kernelY = scale.heading, parts = [];

		scale.columns.forEach((_, i) => {
			parts.push(rect(x(i), scale.userY + scale.heading, column, scale.height - scale.userY - scale.heading, 'column'));
			if (!scale.oneKernel || i === 0)
				parts.push(rect(x(i), kernelY, scale.oneKernel ? all : column, scale.userY - kernelY, 'column'));
		});
		return parts;
	}

	function heading(words, x, y, size, mapped, room) {
		const part = `${vmm.spaceRoughly(mapped)} mapped`;

		return text(x, y + 24, 'heading', measure(size ? `${words}, ${vmm.bytes(size)}: ${part}` : part, room / 1.15));
	}

	function drawHeadings({scale, column, all, x}) {
		const parts = [], kernelSize = (1n << 64n) - scale.kernelStart;

		scale.columns.forEach(({space}, i) => {
			parts.push(heading('User half', x(i), scale.userY, i ? 0 : scale.userEnd, space.totals.user_bytes, column));
			if (!scale.oneKernel)
				parts.push(heading('Kernel half', x(i), 0, i ? 0 : kernelSize, space.totals.kernel_bytes, column));
		});
		if (scale.oneKernel)
			parts.push(heading(scale.columns.length > 1 ? 'Kernel half, the same in all of them' : 'Kernel half', columnsX, 0, kernelSize,
				scale.columns[scale.kernel].space.totals.kernel_bytes, all));
		return parts;
	}

	function drawMarks(region, right, y) {
		const parts = [];

		if (region.cow_pages) {
			parts.push(svg('circle', {cx: right - 6, cy: y - 4, r: 5.5, class: 'space-cow'}), text(right - 6, y - 1, 'cow-letter', 'C'));
			right -= mark;
		}
		if (region.shared_frames)
			parts.push(path(`M${right - 12} ${y - 6}h7v7h-7zM${right - 9} ${y - 6}v-3h7v7h-3`, 'shared'));
		return parts;
	}

	function drawLabel(region, danger, box, top, height) {
		let {x, width} = box;

		if (width > labelWide) {
			x += (width - labelWide) / 2;
			width = labelWide;
		}
		const lines = width < 300 && height >= 28 ? 2 : 1, y = top + (height - lines * 14) / 2 + 11;
		const left = x + badge + (danger ? 30 : 6), right = x + width - (danger ? 30 : 6), below = y + (lines - 1) * 13;
		const size = vmm.spaceBytes(region.size), sizeRight = right - (region.guard ? 0 : 28);
		const marksRight = sizeRight - size.length * 6 - 5;
		const marks = (region.cow_pages ? mark : 0) + (region.shared_frames ? mark : 0);
		const name = measure((danger ? `${danger} ` : '') + vmm.spaceName(region), (lines === 2 ? right : marksRight - marks) - left - 4);
		const plates = region.guard ? [rect(left - 3, y - 10, Math.min(name.length * 6.4 + 4, right - left), 13, 'plate'),
			rect(sizeRight - size.length * 6 - 3, below - 10, size.length * 6 + 6, 13, 'plate')] : [];

		return [plates, text(left, y, 'name', name), text(sizeRight, below, 'size', size),
			region.guard ? null : text(right, below, 'rights', region.rights), drawMarks(region, marksRight, below)];
	}

	function kindOf(region, danger) {
		if (region.guard)
			return 'guard';
		if (danger)
			return 'danger';
		const right = /x/.test(region.rights) ? 'x' : /w/.test(region.rights) ? 'w' : /r/.test(region.rights) ? 'r' : 'none';

		return `${region.ring === 3 ? 'user' : 'kernel'}-${right}`;
	}

	/* From the topmost row that is drawn to the first break */
	function labelPlace(rows, top, first) {
		let low = top;

		while (low > first && !rows[low].broken && !rows[low - 1].folded)
			low--;
		return {y: rows[top].y, height: rows[low].y + rows[low].height - (rows[low].broken ? 11 : 0) - rows[top].y};
	}

	function drawRegion(layout, which, region) {
		const {scale} = layout, {rows} = scale;
		const wide = scale.oneKernel && region.start >= scale.kernelStart;
		let top = region.last;

		while (top > region.first && rows[top].folded)
			top--;
		if (rows[top].folded)
			return null;
		const y = rows[region.last].y, bottom = rows[region.first].y + rows[region.first].height;
		const label = labelPlace(rows, top, region.first);
		const box = {region, column: which, x: wide ? columnsX : layout.x(which), width: wide ? layout.all : layout.column, y, height: bottom - y};

		box.danger = vmm.spaceDanger(region, scale.kernelStart);
		const kind = kindOf(region, box.danger);
		const facts = vmm.spaceFacts(region, box.danger).map(pair => pair.join(': ')).join('; ');
		box.element = svg('g', {
			class: `space-region space-is-${kind}`, tabindex: -1, role: 'img', 'aria-label': `${vmm.spaceName(region)}: ${facts}`,
			'data-pid': region.space.pid, 'data-start': vmm.spaceHex(region.start), 'data-end': vmm.spaceHex(region.end), 'data-ring': region.ring,
			'data-rights': region.rights, 'data-name': region.name || '',
		}, rect(box.x, y, box.width, box.height, 'box'),
		box.danger ? rect(box.x + badge + 24, y + 1, box.width - badge - 48, box.height - 2, 'alarm') : null,
		region.guard ? null : [rect(box.x, y, badge, box.height, `badge-${region.ring}`),
			text(box.x + badge / 2, label.y + label.height / 2 + 4, `ring-${region.ring}`, region.ring)],
		drawLabel(region, box.danger, box, label.y, label.height));
		return box;
	}

	function drawFold({scale, all}, from) {
		const row = scale.rows[from], folded = scale.rows.slice(from, from + row.fold);
		const regions = scale.columns.flatMap((_, i) => folded.map(each => each.cover[i] && each.cover[i].start === each.start ? each.cover[i] : null))
			.filter(Boolean);
		const dangers = regions.filter(region => vmm.spaceDanger(region, scale.kernelStart)).length;
		const last = folded[folded.length - 1];
		const words = `${vmm.plural(regions.length, 'more region')}, ${vmm.spaceRoughly(last.start + last.size - row.start)}, not drawn`;

		return svg('g', {class: `space-fold${dangers ? ' space-fold-danger' : ''}`, 'data-regions': regions.length},
			rect(columnsX - 3, row.y, all + 6, row.height, 'plate'), zigzag(columnsX, row.y + 5, all), zigzag(columnsX, row.y + row.height - 7, all),
			text(columnsX + all / 2, row.y + row.height / 2 + 4, 'gap', dangers ? `${words}: ${dangers} of them as they should not be` : words));
	}

	function drawBreaks(layout) {
		const {scale, all} = layout, middle = columnsX + all / 2, parts = [];

		scale.rows.forEach((row, i) => {
			if (row.fold)
				parts.push(drawFold(layout, i));
			else if (row.folded)
				return;
			else if (row.hole)
				parts.push(rect(columnsX, row.y, all, row.height, 'hole'), zigzag(columnsX, row.y + 8, all), zigzag(columnsX, row.y + row.height - 10, all),
					text(middle, row.y + row.height / 2 + 4, 'gap', `the hole: no address here is canonical; about ${vmm.spaceRoughly(row.size)}`));
			else if (row.broken && !row.mapped)
				parts.push(zigzag(columnsX, row.y + row.height / 2 - 2, all), rect(middle - 72, row.y + row.height / 2 - 8, 144, 16, 'plate'),
					text(middle, row.y + row.height / 2 + 4, 'gap', `${vmm.spaceRoughly(row.size)} not mapped`));
			else if (row.broken)
				parts.push(zigzag(columnsX, row.y + row.height - 8, all));
		});
		return parts;
	}

	const patterns = () => svg('defs', {},
		svg('pattern', {id: 'space-hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse'},
			rect(0, 0, 7, 7, 'plate'), path('M-1 8L8 -1M-1 1L1 -1M6 8L8 6', 'hatch')),
		svg('pattern', {id: 'space-stripes', width: 12, height: 12, patternUnits: 'userSpaceOnUse'},
			svg('rect', {width: 12, height: 12, fill: '#f0e442'}), svg('path', {d: 'M-3 9L9 -3M3 15L15 3', stroke: '#d55e00', 'stroke-width': 5})));

	/* HTML within the picture, so that it keeps its place when the picture is made smaller for paper */
	function drawNames({column, x}, names, full) {
		names.forEach((name, i) => {
			name.style.left = `${x(i)}px`;
			name.style.width = `${column}px`;
		});
		return svg('foreignObject', {x: 0, y: 0, width: full, height: namesHeight}, vmm.el('div', {class: 'space-names'}, names));
	}

	vmm.drawSpaces = (scale, width, names) => {
		const layout = place(scale, width), full = columnsX + layout.all + 4;
		const user = scale.rows.findIndex(row => row.start === scale.userEnd), kernel = scale.rows.findIndex(row => row.start === scale.kernelStart);
		const boxes = scale.columns.flatMap((column, i) => column.regions.map(region => drawRegion(layout, i, region)).filter(Boolean).reverse());
		const picture = svg('svg', {
			class: 'space-picture', width: full, height: scale.height + namesHeight + 4, viewBox: `0 0 ${full} ${scale.height + namesHeight + 4}`,
			role: 'group', 'aria-label': 'Regions; arrow keys go from one to the next',
		}, patterns(), drawNames(layout, names, full), svg('g', {transform: `translate(0 ${namesHeight})`},
			drawStrip(layout, 0, user), drawStrip(layout, kernel, scale.rows.length), drawColumns(layout), drawHeadings(layout),
			drawAddresses(layout), svg('g', {}, boxes.map(box => box.element)), drawBreaks(layout)));

		return {picture, boxes, width: full, top: namesHeight};
	};
})();
