/* SPDX-License-Identifier: MIT */
/*
 * timeline-draw.js: the timeline on its canvas. What is drawn is bounded by the width in pixels, not by the number of
 * events: slices that share a pixel are one.
 */
(() => {
	const gutter = 92;     /* names of the lanes */
	const axisHeight = 26;
	const userHeight = 24;
	const rowHeight = 20;
	const hostHeight = 22;
	const gap = 6;         /* between the lanes of a CPU */
	const cpuGap = 20;
	const font = '12px system-ui, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif';
	const letter = 6.6;    /* roughly, of that font */

	/* The black or white that reads better on a colour; WCAG 2, "relative luminance" */
	function inkOn(colour) {
		const [r, g, b] = [1, 3, 5].map(i => {
			const part = parseInt(colour.slice(i, i + 2), 16) / 255;
			return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
		});

		return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
	}

	/* The colours of the theme, read once */
	function readColours() {
		const names = ['paper', 'raised', 'ink', 'soft', 'line', 'accent', 'band', 'syscall', 'int', 'exception', 'interrupt', 'nmi',
			'host', 'process0', 'process1', 'process2', 'process3', 'process4', 'process5', 'process6'];
		const colours = Object.fromEntries(names.map(name => [name, vmm.colour(name)]));

		colours.on = Object.fromEntries(names.map(name => [name, inkOn(colours[name])]));
		return colours;
	}

	/* Where each lane stands: [{cpu, top, user, ring0, rows, host, bottom}] */
	function layOut(lanes) {
		let top = axisHeight + 6;

		return lanes.map((lane, cpu) => {
			const rows = Math.max(1, lane.crossings.length);
			const ring0 = top + userHeight + gap;
			const host = ring0 + rows * rowHeight + gap;
			const place = {cpu, top, user: top, ring0, rows, host, bottom: host + hostHeight};

			top = place.bottom + cpuGap;
			return place;
		});
	}

	vmm.TimelinePicture = class {
		constructor(canvas, report, scale) {
			Object.assign(this, {canvas, report, scale, hover: null});
			this.context = canvas.getContext('2d');
			this.lanes = vmm.makeLanes(report);
			this.places = layOut(this.lanes);
			this.height = this.places[this.places.length - 1].bottom + 8;
			this.gutter = gutter;
			this.pidColour = new Map([...report.pids.keys()].map(pid => [pid, vmm.processColourName(pid)]));
			this.setTheme();
			this.setFilter();
		}

		setTheme() {
			this.colours = readColours();
		}

		/* For slices that share a pixel: does any of them pass? */
		setFilter() {
			for (const lane of this.lanes)
				for (const row of [lane.user, lane.exits, ...lane.crossings])
					row.passing = vmm.isFiltered() ? vmm.sums(row, seq => vmm.matches[seq] || vmm.matches[this.report.back[seq]]) : null;
		}

		resize(width) {
			const density = window.devicePixelRatio || 1;

			this.width = width;
			this.scale.width = Math.max(50, width - gutter - 8);
			this.canvas.width = Math.round(width * density);
			this.canvas.height = Math.round(this.height * density);
			this.canvas.style.height = `${this.height}px`;
			this.density = density;
		}

		draw() {
			const {context, colours, density} = this;

			context.setTransform(density, 0, 0, density, 0, 0);
			context.fillStyle = colours.paper;
			context.fillRect(0, 0, this.width, this.height);
			context.font = font;
			context.textBaseline = 'middle';
			for (const place of this.places)
				this.drawBands(place);
			this.drawAxis();
			context.save();
			context.beginPath();
			context.rect(gutter, 0, this.scale.width, this.height);
			context.clip();
			context.translate(gutter, 0);
			for (const place of this.places)
				this.drawLanes(place);
			this.drawSelection();
			context.restore();
			for (const place of this.places)
				this.drawNames(place);
		}

		drawBands({user, ring0, rows, host}) {
			const {context, colours, scale} = this;

			context.fillStyle = colours.band;
			context.fillRect(gutter, user, scale.width, userHeight);
			context.fillRect(gutter, ring0, scale.width, rows * rowHeight);
			context.fillRect(gutter, host, scale.width, hostHeight);
		}

		drawNames({cpu, user, ring0, host}) {
			const {context, colours} = this;

			context.textAlign = 'left';
			context.fillStyle = colours.ink;
			if (this.lanes.length > 1)
				context.fillText(`CPU ${cpu}`, 0, user + userHeight / 2);
			context.fillStyle = colours.soft;
			context.textAlign = 'right';
			context.fillText('ring 3', gutter - 10, user + userHeight / 2);
			context.fillText('ring 0', gutter - 10, ring0 + rowHeight / 2);
			context.fillText('host', gutter - 10, host + hostHeight / 2);
		}

		drawAxis() {
			const {context, colours, scale} = this;

			context.textAlign = 'center';
			for (const {x, text} of scale.ticks(110)) {
				const at = Math.round(gutter + scale.pixel(x)) + 0.5;

				context.strokeStyle = colours.line;
				context.lineWidth = 1;
				context.beginPath();
				context.moveTo(at, axisHeight - 4);
				context.lineTo(at, this.height);
				context.stroke();
				context.fillStyle = colours.soft;
				const half = context.measureText(text).width / 2;
				context.fillText(text, Math.min(Math.max(at, gutter + half - 8), this.width - half), axisHeight / 2);
			}
		}

		/* The first slice of a row that ends behind x */
		firstAfter(row, x) {
			let low = 0, high = row.count;

			while (low < high) {
				const middle = (low + high) >> 1;

				if (this.scale.xOf(row.to[middle]) < x)
					low = middle + 1;
				else
					high = middle;
			}
			return low;
		}

		/* Calls paint(left, right, first, behind) for what there is to see of a row: a slice, or several within a pixel. */
		eachVisible(row, paint) {
			const {scale} = this;

			for (let i = this.firstAfter(row, scale.from); i < row.count;) {
				const left = scale.pixel(scale.xOf(row.from[i]));
				let right = scale.pixel(scale.xOf(row.to[i])), next = i + 1;

				if (left > scale.width)
					return;
				if (right - left < 1) {
					next = Math.max(next, this.firstAfter(row, scale.x(left + 1)));
					right = left + 1;
				}
				paint(left, right, i, next);
				i = next;
			}
		}

		passes(row, first, behind) {
			return !row.passing || row.passing[behind] > row.passing[first];
		}

		drawSlice(row, left, right, first, behind, top, height, colour, text) {
			const {context, colours} = this;
			const from = Math.max(left, -2), to = Math.min(right, this.scale.width + 2);

			context.globalAlpha = this.passes(row, first, behind) ? 1 : 0.16;
			context.fillStyle = colours[colour];
			context.fillRect(from, top, Math.max(to - from - (right - left > 4 ? 1 : 0), 0.75), height);
			const room = Math.floor((to - Math.max(from, 0) - 8) / letter);
			const label = room >= 3 && behind === first + 1 ? text() : '';
			if (label && room >= Math.min(label.length, 4)) {
				context.fillStyle = colours.on[colour];
				context.textAlign = 'left';
				context.fillText(label.length > room ? `${label.slice(0, Math.max(room - 1, 1))}…` : label, Math.max(from, 0) + 4,
					top + height / 2 + 0.5);
			}
			context.globalAlpha = 1;
		}

		drawLanes(place) {
			const lane = this.lanes[place.cpu];
			const {events} = this.report;

			this.eachVisible(lane.user, (left, right, first, behind) => {
				const {pid} = events[lane.user.seq[first]];

				this.drawSlice(lane.user, left, right, first, behind, place.user + 2, userHeight - 4,
					this.pidColour.get(pid) || 'process0', () => vmm.processName(pid));
			});
			lane.crossings.forEach((row, depth) => this.eachVisible(row, (left, right, first, behind) => {
				const entry = events[row.seq[first]];
				const top = place.ring0 + depth * rowHeight + 1;

				if (behind > first + 1)
					this.drawMixed(row, left, first, behind, top);
				else
					this.drawSlice(row, left, right, first, behind, top, rowHeight - 2, vmm.isEntry(entry) ? entry.cause : 'process0',
						() => vmm.isEntry(entry) ? vmm.shortName(entry) : 'kernel');
			}));
			this.drawExits(place, lane);
		}

		/* Several crossings within a pixel: each cause has as much of the height as it has of them. */
		drawMixed(row, left, first, behind, top) {
			const {context, colours} = this;
			let at = top;

			context.globalAlpha = this.passes(row, first, behind) ? 1 : 0.16;
			for (const [cause, sum] of row.causes) {
				const height = (sum[behind] - sum[first]) / (behind - first) * (rowHeight - 2);

				context.fillStyle = colours[cause];
				context.fillRect(left, at, 1, height);
				at += height;
			}
			context.fillStyle = colours.process0;
			context.fillRect(left, at, 1, top + rowHeight - 2 - at);
			context.globalAlpha = 1;
		}

		/* Marks in the host's lane; from the crossing that caused each, an arrow. */
		drawExits(place, lane) {
			const {context, colours, scale} = this;
			const row = lane.exits;
			let free = -Infinity, before = -Infinity; /* where the last name ended, where the last exit was */

			this.eachVisible(row, (left, right, first, behind) => {
				const exit = this.report.events[row.seq[first]];
				const alpha = this.passes(row, first, behind) ? 1 : 0.2;

				context.globalAlpha = alpha;
				context.fillStyle = context.strokeStyle = colours.host;
				const next = row.count > behind ? scale.pixel(scale.xOf(row.from[behind])) : Infinity;
				const alone = behind === first + 1 && left - before > 9 && next - left > 9;

				context.fillRect(left - 0.75, place.host + 3, alone ? 2.5 : 1.5, hostHeight - 6);
				if (alone && this.report.at(exit.entry))
					this.drawArrow(place, left + 0.5, this.rowOf(exit.entry));
				before = left;
				const text = vmm.shortName(exit), room = Math.floor((next - left - 12) / letter);
				if (left >= free && room >= 3) {
					context.fillStyle = colours.ink;
					context.textAlign = 'left';
					context.fillText(text.length > room ? `${text.slice(0, room - 1)}…` : text, left + 5, place.host + hostHeight / 2);
					free = left + 5 + Math.min(text.length, room) * letter;
				}
				context.globalAlpha = 1;
			});
		}

		rowOf(entry) {
			return Math.min(this.report.events[entry].depth || 0, 11);
		}

		drawArrow(place, x, depth) {
			const {context} = this;
			const top = place.ring0 + (depth + 1) * rowHeight - 1, bottom = place.host + 4;

			context.lineWidth = 1;
			context.beginPath();
			context.moveTo(x, top);
			context.lineTo(x, bottom);
			context.moveTo(x - 3, bottom - 4);
			context.lineTo(x, bottom);
			context.lineTo(x + 3, bottom - 4);
			context.stroke();
		}

		drawSelection() {
			if (this.hover !== null && this.hover !== vmm.selected)
				this.outline(this.hover, 1);
			if (vmm.selected === null)
				return;
			this.outline(vmm.selected, 2);
			this.drawCaused(vmm.selected);
		}

		/* The event's place in its lane, and a line at its moment through all lanes */
		outline(seq, width) {
			const {context, colours, scale} = this;
			const event = this.report.events[seq];
			const at = Math.round(scale.pixel(scale.xOf(seq))) + 0.5;
			const box = this.boxOf(event);

			context.strokeStyle = colours.ink;
			context.lineWidth = 1;
			context.setLineDash(width > 1 ? [] : [2, 3]);
			context.beginPath();
			context.moveTo(at, axisHeight - 6);
			context.lineTo(at, this.height);
			context.stroke();
			context.setLineDash([]);
			if (!box)
				return;
			context.lineWidth = width;
			context.strokeRect(box.left - 1, box.top, Math.max(box.right - box.left, 3) + 1, box.height);
		}

		/* Where a transition's crossing or an exit is drawn, from its first moment to its last */
		boxOf(event) {
			const {scale, report} = this;
			const place = this.places[event.cpu || 0];

			if (event.type === 'exit')
				return {left: scale.pixel(scale.xOf(event.seq)) - 1, right: scale.pixel(scale.xOf(event.seq)) + 2,
					top: place.host + 1, height: hostHeight - 2};
			if (event.type !== 'transition')
				return null;
			const entry = vmm.isReturn(event) ? report.entryOf(event.seq) : event.seq;
			if (entry < 0)
				return null;
			const back = report.returnOf(entry);
			return {left: scale.pixel(scale.xOf(entry)), right: scale.pixel(scale.xOf(back < 0 ? report.events.length - 1 : back)),
				top: place.ring0 + this.rowOf(entry) * rowHeight, height: rowHeight};
		}

		/* Arrows from the selected crossing's entry to each exit that it caused */
		drawCaused(seq) {
			const {context, colours, scale, report} = this;
			const event = report.events[seq];
			const entry = event.type === 'exit' || vmm.isReturn(event) ? report.entryOf(seq) : seq;

			if (entry < 0 || !report.at(entry))
				return;
			const first = report.events[entry], from = this.places[first.cpu || 0];
			const x = scale.pixel(scale.xOf(entry)), y = from.ring0 + (this.rowOf(entry) + 0.5) * rowHeight;
			context.strokeStyle = context.fillStyle = colours.ink;
			context.lineWidth = 1.5;
			for (const exit of report.exitsOf(entry).slice(0, 500)) {
				const place = this.places[report.events[exit].cpu || 0];
				const at = scale.pixel(scale.xOf(exit)), to = place.host + 3;

				context.beginPath();
				context.moveTo(x + 2, y);
				if (at - x > 16)
					context.bezierCurveTo(x + 2 + (at - x) * 0.15, to - 2, at, y, at, to);
				else
					context.lineTo(at, to);
				context.stroke();
				context.beginPath();
				context.moveTo(at - 4, to - 6);
				context.lineTo(at, to);
				context.lineTo(at + 4, to - 6);
				context.fill();
			}
		}

		/* Which lane that is: "user", "ring0", "host" */
		laneAt(top) {
			const place = this.places.find(each => top < each.bottom + 4) || this.places[0];

			return top >= place.host ? 'host' : top < place.ring0 ? 'user' : 'ring0';
		}

		/* The event drawn at a place of the canvas; -1: none */
		hit(left, top) {
			const pixel = left - gutter, place = this.places.find(each => top >= each.top - 2 && top < each.bottom + 4);

			if (!place || pixel < 0 || pixel > this.scale.width)
				return -1;
			const lane = this.lanes[place.cpu];
			if (top >= place.host)
				return this.nearest(lane.exits, pixel, 6);
			if (top < place.user + userHeight)
				return this.covering(lane.user, pixel);
			for (let depth = Math.min(Math.floor((top - place.ring0) / rowHeight), lane.crossings.length - 1); depth >= 0; depth--) {
				const seq = this.covering(lane.crossings[depth], pixel);
				if (seq >= 0)
					return seq;
			}
			return -1;
		}

		covering(row, pixel) {
			const {scale} = this;
			const i = this.firstAfter(row, scale.x(pixel - 1));

			return i < row.count && scale.pixel(scale.xOf(row.from[i])) <= pixel + 1.5 ? row.seq[i] : -1;
		}

		nearest(row, pixel, most) {
			const {scale} = this;
			let best = -1, distance = most;

			for (let i = this.firstAfter(row, scale.x(pixel - most)); i < row.count; i++) {
				const away = scale.pixel(scale.xOf(row.from[i])) - pixel;

				if (away > most)
					break;
				if (Math.abs(away) <= distance) {
					distance = Math.abs(away);
					best = row.seq[i];
				}
			}
			return best;
		}
	};
})();
