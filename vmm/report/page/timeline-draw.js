/* SPDX-License-Identifier: MIT */
/*
 * timeline-draw.js: the timeline on its canvas. What is drawn is bounded by the width in pixels, not by the number of
 * events: slices that share a pixel are one.
 */
(() => {
	/* In pixels: the names of the lanes, the axis, each lane, between lanes, between CPUs, a letter of the font */
	const sizes = {gutter: 92, axis: 26, user: 24, row: 20, host: 22, gap: 6, cpuGap: 20, letter: 6.6};
	const font = '12px system-ui, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif';

	/* Where each lane stands: [{cpu, top, user, ring0, rows, host, bottom}] */
	function layOut(lanes) {
		let top = sizes.axis + 6;

		return lanes.map((lane, cpu) => {
			const rows = Math.max(1, lane.crossings.length);
			const ring0 = top + sizes.user + sizes.gap;
			const host = ring0 + rows * sizes.row + sizes.gap;
			const place = {cpu, top, user: top, ring0, rows, host, bottom: host + sizes.host};

			top = place.bottom + sizes.cpuGap;
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
			this.gutter = sizes.gutter;
			this.sizes = sizes;
			this.pidColour = new Map([...report.pids.keys()].map(pid => [pid, vmm.processColourName(pid)]));
			this.setTheme();
			this.setFilter();
		}

		setTheme() {
			this.colours = vmm.readColours();
		}

		/* For slices that share a pixel: does any of them pass? */
		setFilter() {
			for (const lane of this.lanes)
				for (const row of [lane.user, lane.exits, ...lane.crossings])
					row.passing = vmm.isFiltered()
						? vmm.sums(
								row,
								seq =>
									vmm.matches[seq] ||
									vmm.matches[this.report.back[seq]],
							)
						: null;
		}

		resize(width) {
			const density = window.devicePixelRatio || 1;

			this.width = width;
			this.scale.width = Math.max(50, width - sizes.gutter - 8);
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
			for (const place of this.places) this.drawBands(place);
			this.drawAxis();
			context.save();
			context.beginPath();
			context.rect(sizes.gutter, 0, this.scale.width, this.height);
			context.clip();
			context.translate(sizes.gutter, 0);
			for (const place of this.places) this.drawLanes(place);
			this.drawSelection();
			context.restore();
			for (const place of this.places) this.drawNames(place);
		}

		drawBands({user, ring0, rows, host}) {
			const {context, colours, scale} = this;

			context.fillStyle = colours.band;
			context.fillRect(sizes.gutter, user, scale.width, sizes.user);
			context.fillRect(sizes.gutter, ring0, scale.width, rows * sizes.row);
			context.fillRect(sizes.gutter, host, scale.width, sizes.host);
		}

		drawNames({cpu, user, ring0, host}) {
			const {context, colours} = this;

			context.textAlign = 'left';
			context.fillStyle = colours.ink;
			if (this.lanes.length > 1) context.fillText(`CPU ${cpu}`, 0, user + sizes.user / 2);
			context.fillStyle = colours.soft;
			context.textAlign = 'right';
			context.fillText('ring 3', sizes.gutter - 10, user + sizes.user / 2);
			context.fillText('ring 0', sizes.gutter - 10, ring0 + sizes.row / 2);
			context.fillText('host', sizes.gutter - 10, host + sizes.host / 2);
		}

		drawAxis() {
			const {context, colours, scale} = this;

			context.textAlign = 'center';
			for (const {x, text} of scale.ticks(110)) {
				const at = Math.round(sizes.gutter + scale.pixel(x)) + 0.5;

				context.strokeStyle = colours.line;
				context.lineWidth = 1;
				context.beginPath();
				context.moveTo(at, sizes.axis - 4);
				context.lineTo(at, this.height);
				context.stroke();
				context.fillStyle = colours.soft;
				const half = context.measureText(text).width / 2;
				context.fillText(
					text,
					Math.min(Math.max(at, sizes.gutter + half - 8), this.width - half),
					sizes.axis / 2,
				);
			}
		}

		/* The first slice of a row that ends behind x */
		firstAfter(row, x) {
			let low = 0,
				high = row.count;

			while (low < high) {
				const middle = (low + high) >> 1;

				if (this.scale.xOf(row.to[middle]) < x) low = middle + 1;
				else high = middle;
			}
			return low;
		}

		/* Calls paint(left, right, first, behind) for what is seen of a row: a slice, or several in a pixel. */
		eachVisible(row, paint) {
			const {scale} = this;

			for (let i = this.firstAfter(row, scale.from); i < row.count;) {
				const left = scale.pixel(scale.xOf(row.from[i]));
				let right = scale.pixel(scale.xOf(row.to[i])),
					next = i + 1;

				if (left > scale.width) return;
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
			const from = Math.max(left, -2),
				to = Math.min(right, this.scale.width + 2);

			context.globalAlpha = this.passes(row, first, behind) ? 1 : 0.16;
			context.fillStyle = colours[colour];
			context.fillRect(from, top, Math.max(to - from - (right - left > 4 ? 1 : 0), 0.75), height);
			const room = Math.floor((to - Math.max(from, 0) - 8) / sizes.letter);
			const label = room >= 3 && behind === first + 1 ? text() : '';
			if (label && room >= Math.min(label.length, 4)) {
				context.fillStyle = colours.on[colour];
				context.textAlign = 'left';
				context.fillText(
					label.length > room ? `${label.slice(0, Math.max(room - 1, 1))}…` : label,
					Math.max(from, 0) + 4,
					top + height / 2 + 0.5,
				);
			}
			context.globalAlpha = 1;
		}

		drawLanes(place) {
			const lane = this.lanes[place.cpu];
			const {events} = this.report;

			this.eachVisible(lane.user, (left, right, first, behind) => {
				const {pid} = events[lane.user.seq[first]];

				this.drawSlice(
					lane.user,
					left,
					right,
					first,
					behind,
					place.user + 2,
					sizes.user - 4,
					this.pidColour.get(pid) || 'process0',
					() => vmm.processName(pid),
				);
			});
			lane.crossings.forEach((row, depth) =>
				this.eachVisible(row, (left, right, first, behind) => {
					const entry = events[row.seq[first]];
					const top = place.ring0 + depth * sizes.row + 1;

					if (behind > first + 1) this.drawMixed(row, left, first, behind, top);
					else
						this.drawSlice(
							row,
							left,
							right,
							first,
							behind,
							top,
							sizes.row - 2,
							vmm.isEntry(entry) ? entry.cause : 'process0',
							() => (vmm.isEntry(entry) ? vmm.shortName(entry) : 'kernel'),
						);
				}),
			);
			this.drawExits(place, lane);
		}

		/* Several crossings within a pixel: each cause has as much of the height as it has of them. */
		drawMixed(row, left, first, behind, top) {
			const {context, colours} = this;
			let at = top;

			context.globalAlpha = this.passes(row, first, behind) ? 1 : 0.16;
			for (const [cause, sum] of row.causes) {
				const height = ((sum[behind] - sum[first]) / (behind - first)) * (sizes.row - 2);

				context.fillStyle = colours[cause];
				context.fillRect(left, at, 1, height);
				at += height;
			}
			context.fillStyle = colours.process0;
			context.fillRect(left, at, 1, top + sizes.row - 2 - at);
			context.globalAlpha = 1;
		}

		/* Marks in the host's lane; from the crossing that caused each, an arrow. */
		drawExits(place, lane) {
			const {context, colours, scale} = this;
			const row = lane.exits;
			let free = -Infinity,
				before = -Infinity; /* where the last name ended, where the last exit was */

			this.eachVisible(row, (left, right, first, behind) => {
				const exit = this.report.events[row.seq[first]];
				const alpha = this.passes(row, first, behind) ? 1 : 0.2;

				context.globalAlpha = alpha;
				context.fillStyle = context.strokeStyle = colours.host;
				const next = row.count > behind ? scale.pixel(scale.xOf(row.from[behind])) : Infinity;
				const alone = behind === first + 1 && left - before > 9 && next - left > 9;

				context.fillRect(left - 0.75, place.host + 3, alone ? 2.5 : 1.5, sizes.host - 6);
				if (alone && this.report.at(exit.entry))
					this.drawArrow(place, left + 0.5, this.rowOf(exit.entry));
				before = left;
				const text = vmm.shortName(exit),
					room = Math.floor((next - left - 12) / sizes.letter);
				if (left >= free && room >= 3) {
					context.fillStyle = colours.ink;
					context.textAlign = 'left';
					context.fillText(
						text.length > room ? `${text.slice(0, room - 1)}…` : text,
						left + 5,
						place.host + sizes.host / 2,
					);
					free = left + 5 + Math.min(text.length, room) * sizes.letter;
				}
				context.globalAlpha = 1;
			});
		}

		rowOf(entry) {
			return Math.min(this.report.events[entry].depth || 0, 11);
		}

		drawArrow(place, x, depth) {
			const {context} = this;
			const top = place.ring0 + (depth + 1) * sizes.row - 1,
				bottom = place.host + 4;

			context.lineWidth = 1;
			context.beginPath();
			context.moveTo(x, top);
			context.lineTo(x, bottom);
			context.moveTo(x - 3, bottom - 4);
			context.lineTo(x, bottom);
			context.lineTo(x + 3, bottom - 4);
			context.stroke();
		}
	};
})();
