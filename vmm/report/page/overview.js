/* SPDX-License-Identifier: MIT */
/*
 * overview.js: the whole run in a strip, as a density of events, with a frame around what the timeline shows.
 */
(() => {
	const height = 30;

	/* How many transitions and exits fall on each pixel */
	function density(report, scale, width) {
		const counts = new Uint32Array(width);
		const faults = new Uint32Array(width);

		for (const event of report.events) {
			if (event.type !== 'transition' && event.type !== 'exit')
				continue;
			const at = Math.min(width - 1, Math.floor(scale.xOf(event.seq) / scale.length * width));

			counts[at]++;
			faults[at] += event.cause === 'exception' ? 1 : 0;
		}
		return {counts, faults};
	}

	vmm.Overview = class {
		constructor(canvas, report, scale, changed) {
			Object.assign(this, {canvas, report, scale, changed});
			this.context = canvas.getContext('2d');
			canvas.style.height = `${height}px`;
			canvas.addEventListener('pointerdown', event => this.drag(event));
		}

		/* Press or drag: the window's middle goes there. */
		drag(down) {
			const move = event => {
				const box = this.canvas.getBoundingClientRect();
				const x = (event.clientX - box.left) / box.width * this.scale.length;

				this.scale.set(x - this.scale.span / 2, x + this.scale.span / 2);
				this.changed();
			};

			this.canvas.setPointerCapture(down.pointerId);
			this.canvas.addEventListener('pointermove', move);
			this.canvas.addEventListener('pointerup', () => this.canvas.removeEventListener('pointermove', move), {once: true});
			move(down);
		}

		/* The strip changes only with the size, the axis and the theme; the frame is drawn on a copy of it. */
		prepare() {
			const density_ = window.devicePixelRatio || 1;
			const width = Math.max(1, Math.round(this.canvas.clientWidth * density_));

			this.canvas.width = width;
			this.canvas.height = height * density_;
			const {counts, faults} = density(this.report, this.scale, width);
			const most = Math.max(1, ...counts);
			const strip = document.createElement('canvas');
			strip.width = width;
			strip.height = this.canvas.height;
			const context = strip.getContext('2d');
			const [syscall, exception] = [vmm.colour('syscall'), vmm.colour('exception')];
			for (let i = 0; i < width; i++) {
				if (!counts[i])
					continue;
				const tall = Math.max(2, Math.sqrt(counts[i] / most) * (strip.height - 4));

				context.fillStyle = faults[i] ? exception : syscall;
				context.fillRect(i, strip.height - tall, 1, tall);
			}
			this.strip = strip;
		}

		draw() {
			const {context, canvas, scale} = this;
			const left = Math.max(0, scale.from / scale.length * canvas.width);
			const right = Math.min(canvas.width, scale.to / scale.length * canvas.width);

			context.fillStyle = vmm.colour('band');
			context.fillRect(0, 0, canvas.width, canvas.height);
			context.drawImage(this.strip, 0, 0);
			if (scale.isWhole)
				return;
			context.fillStyle = vmm.colour('paper');
			context.globalAlpha = 0.65;
			context.fillRect(0, 0, left, canvas.height);
			context.fillRect(right, 0, canvas.width - right, canvas.height);
			context.globalAlpha = 1;
			context.strokeStyle = vmm.colour('ink');
			context.lineWidth = 1.5;
			context.strokeRect(left, 1, Math.max(2, right - left), canvas.height - 2);
		}
	};
})();
