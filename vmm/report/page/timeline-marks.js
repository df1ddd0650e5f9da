/* SPDX-License-Identifier: MIT */
/*
 * timeline-marks.js: in the timeline's picture, what is under the mouse, what is selected, and which exits it caused.
 */
(() => {
	Object.assign(vmm.TimelinePicture.prototype, {
		drawSelection() {
			if (this.hover !== null && this.hover !== vmm.selected) this.outline(this.hover, 1);
			if (vmm.selected === null) return;
			this.outline(vmm.selected, 2);
			this.drawCaused(vmm.selected);
		},

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
			context.moveTo(at, this.sizes.axis - 6);
			context.lineTo(at, this.height);
			context.stroke();
			context.setLineDash([]);
			if (!box) return;
			context.lineWidth = width;
			context.strokeRect(box.left - 1, box.top, Math.max(box.right - box.left, 3) + 1, box.height);
		},

		/* Where a transition's crossing or an exit is drawn, from its first moment to its last */
		boxOf(event) {
			const {scale, report} = this;
			const place = this.places[event.cpu || 0];

			if (event.type === 'exit')
				return {
					left: scale.pixel(scale.xOf(event.seq)) - 1,
					right: scale.pixel(scale.xOf(event.seq)) + 2,
					top: place.host + 1,
					height: this.sizes.host - 2,
				};
			if (event.type !== 'transition') return null;
			const entry = vmm.isReturn(event) ? report.entryOf(event.seq) : event.seq;
			if (entry < 0) return null;
			const back = report.returnOf(entry);
			return {
				left: scale.pixel(scale.xOf(entry)),
				right: scale.pixel(scale.xOf(back < 0 ? report.events.length - 1 : back)),
				top: place.ring0 + this.rowOf(entry) * this.sizes.row,
				height: this.sizes.row,
			};
		},

		/* Arrows from the selected crossing's entry to each exit that it caused */
		drawCaused(seq) {
			const {context, colours, scale, report} = this;
			const event = report.events[seq];
			const entry = event.type === 'exit' || vmm.isReturn(event) ? report.entryOf(seq) : seq;

			if (entry < 0 || !report.at(entry)) return;
			const first = report.events[entry],
				from = this.places[first.cpu || 0];
			const x = scale.pixel(scale.xOf(entry)),
				y = from.ring0 + (this.rowOf(entry) + 0.5) * this.sizes.row;
			context.strokeStyle = context.fillStyle = colours.ink;
			context.lineWidth = 1.5;
			for (const exit of report.exitsOf(entry).slice(0, 500)) {
				const place = this.places[report.events[exit].cpu || 0];
				const at = scale.pixel(scale.xOf(exit)),
					to = place.host + 3;

				context.beginPath();
				context.moveTo(x + 2, y);
				if (at - x > 16) context.bezierCurveTo(x + 2 + (at - x) * 0.15, to - 2, at, y, at, to);
				else context.lineTo(at, to);
				context.stroke();
				context.beginPath();
				context.moveTo(at - 4, to - 6);
				context.lineTo(at, to);
				context.lineTo(at + 4, to - 6);
				context.fill();
			}
		},

		/* Which lane that is: "user", "ring0", "host" */
		laneAt(top) {
			const place = this.places.find(each => top < each.bottom + 4) || this.places[0];

			return top >= place.host ? 'host' : top < place.ring0 ? 'user' : 'ring0';
		},

		/* The event drawn at a place of the canvas; -1: none */
		hit(left, top) {
			const pixel = left - this.sizes.gutter,
				place = this.places.find(each => top >= each.top - 2 && top < each.bottom + 4);

			if (!place || pixel < 0 || pixel > this.scale.width) return -1;
			const lane = this.lanes[place.cpu];
			if (top >= place.host) return this.nearest(lane.exits, pixel, 6);
			if (top < place.user + this.sizes.user) return this.covering(lane.user, pixel);
			for (
				let depth = Math.min(
					Math.floor((top - place.ring0) / this.sizes.row),
					lane.crossings.length - 1,
				);
				depth >= 0;
				depth--
			) {
				const seq = this.covering(lane.crossings[depth], pixel);
				if (seq >= 0) return seq;
			}
			return -1;
		},

		covering(row, pixel) {
			const {scale} = this;
			const i = this.firstAfter(row, scale.x(pixel - 1));

			return i < row.count && scale.pixel(scale.xOf(row.from[i])) <= pixel + 1.5 ? row.seq[i] : -1;
		},

		nearest(row, pixel, most) {
			const {scale} = this;
			let best = -1,
				distance = most;

			for (let i = this.firstAfter(row, scale.x(pixel - most)); i < row.count; i++) {
				const away = scale.pixel(scale.xOf(row.from[i])) - pixel;

				if (away > most) break;
				if (Math.abs(away) <= distance) {
					distance = Math.abs(away);
					best = row.seq[i];
				}
			}
			return best;
		},
	});
})();
