/* SPDX-License-Identifier: MIT */
/*
 * scale.js: which part of the run the timeline shows, and where an event stands in it.
 *
 * Two axes: `time` (nanoseconds) and `sequence` (each event as wide as the others, however long it took). A value
 * of the axis is called x; a place on the screen is in pixels from the left edge of the drawing.
 */
(() => {
	const least = {time: 20, sequence: 4}; /* what may fill the whole width */

	vmm.Scale = class {
		constructor(report) {
			this.report = report;
			this.axis = 'time';
			this.width = 1;
			this.fit();
		}

		get length() {
			return Math.max(1, this.axis === 'time' ? this.report.last : this.report.events.length - 1);
		}

		xOf(seq) {
			return this.axis === 'time' ? this.report.ns[seq] : seq;
		}

		get span() {
			return this.to - this.from;
		}

		pixel(x) {
			return ((x - this.from) / this.span) * this.width;
		}

		x(pixel) {
			return this.from + (pixel / this.width) * this.span;
		}

		/* The run has a little air around it, of which nothing is beyond. */
		get first() {
			return -this.length * 0.01;
		}

		get last() {
			return this.length * 1.01;
		}

		set(from, to) {
			const span = Math.min(
				Math.max(to - from, Math.min(least[this.axis], this.length)),
				this.last - this.first,
			);

			from = Math.min(Math.max(from, this.first), this.last - span);
			this.from = from;
			this.to = from + span;
		}

		fit() {
			this.set(this.first, this.last);
		}

		get isWhole() {
			return this.span >= this.length;
		}

		/* factor > 1 shows less of it; the x at the pixel stays where it is */
		zoom(factor, pixel) {
			const x = this.x(pixel),
				span = this.span / factor;

			this.set(x - (span * pixel) / this.width, x + span * (1 - pixel / this.width));
		}

		pan(pixels) {
			const move = (pixels / this.width) * this.span;

			this.set(this.from + move, this.to + move);
		}

		/* Moves as little as possible until the event is well within sight. */
		reveal(seq) {
			const x = this.xOf(seq);

			if (x < this.from + this.span * 0.05 || x > this.to - this.span * 0.05)
				this.set(x - this.span / 2, x + this.span / 2);
		}

		/* The same events on the other axis */
		setAxis(axis) {
			if (axis === this.axis) return;
			const [first, last] = [this.seqAt(this.from), this.seqAt(this.to)];
			const whole = this.isWhole;

			this.axis = axis;
			if (whole) this.fit();
			else this.set(this.xOf(first), this.xOf(last));
		}

		/* The first event at or behind x */
		seqAt(x) {
			const {ns, events} = this.report;
			let low = 0,
				high = events.length - 1;

			if (this.axis === 'sequence') return Math.min(Math.max(Math.round(x), 0), Math.max(high, 0));
			while (low < high) {
				const middle = (low + high) >> 1;

				if (ns[middle] < x) low = middle + 1;
				else high = middle;
			}
			return Math.max(low, 0);
		}

		/* Where the marks of the axis stand, at least that many pixels apart: [{x, text}] */
		ticks(pixels) {
			const step = Math.max(vmm.roundStep((this.span / this.width) * pixels), 1);
			const ticks = [];

			for (
				let x = Math.max(0, Math.ceil(this.from / step) * step);
				x <= Math.min(this.to, this.length);
				x += step
			)
				ticks.push({x, text: this.axis === 'time' ? label(x, step) : vmm.count(x)});
			return ticks;
		}
	};

	/* In the unit of the step, so that neighbours differ in what one sees: 12.5 ms, 12.6 ms */
	function label(ns, step) {
		const [unit, size] = [
			['s', 1e9],
			['ms', 1e6],
			['µs', 1e3],
			['ns', 1],
		].find(([, size]) => ns >= size * 0.9 && step * 1000 >= size) || ['ns', 1];
		const digits = Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9));
		const [whole, rest] = (ns / size).toFixed(digits).split('.');

		return ns === 0 ? '0' : `${vmm.count(whole)}${rest ? `.${rest}` : ''} ${unit}`;
	}
})();
