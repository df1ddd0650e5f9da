/* SPDX-License-Identifier: MIT */
/*
 * overview.js: the whole run in a strip, as a density of events, with a frame around what the timeline shows.
 */
(() => {
	const height = 30;

	/* How many events of each sort fall on each pixel: [{colour, counts}], and of all together */
	function density(report, scale, width) {
		const sorts = [...vmm.causes, 'exit'].map(kind => ({
			colour: kind === 'exit' ? 'host' : kind,
			counts: new Uint32Array(width),
		}));
		const all = new Uint32Array(width);

		for (const event of report.events) {
			const sort = sorts[vmm.kinds.indexOf(vmm.kindOf(event))];
			const at = Math.min(
				width - 1,
				Math.floor(((scale.xOf(event.seq) - scale.first) / (scale.last - scale.first)) * width),
			);

			if (!sort || (event.type === 'transition' && vmm.isReturn(event))) continue;
			sort.counts[at]++;
			all[at]++;
		}
		return {sorts, all};
	}

	/* The same number stands for the same height; the root makes single events visible beside a thousand. */
	function paintDensity(context, {sorts, all}, height) {
		const most = Math.max(
			1,
			all.reduce((a, b) => Math.max(a, b), 0),
		);
		const colours = sorts.map(sort => vmm.colour(sort.colour));

		for (let i = 0; i < all.length; i++) {
			const tall = all[i] ? Math.max(3, Math.sqrt(all[i] / most) * (height - 4)) : 0;
			let at = height;

			sorts.forEach(({counts}, k) => {
				const part = all[i] ? (counts[i] / all[i]) * tall : 0;

				context.fillStyle = colours[k];
				context.fillRect(i, at - part, 1, part);
				at -= part;
			});
		}
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
				const x =
					this.scale.first +
					((event.clientX - box.left) / box.width) * (this.scale.last - this.scale.first);

				this.scale.set(x - this.scale.span / 2, x + this.scale.span / 2);
				this.changed();
			};

			this.canvas.setPointerCapture(down.pointerId);
			this.canvas.addEventListener('pointermove', move);
			this.canvas.addEventListener(
				'pointerup',
				() => this.canvas.removeEventListener('pointermove', move),
				{once: true},
			);
			move(down);
		}

		/* The strip changes only with the size, the axis and the theme; the frame is drawn on a copy of it. */
		prepare() {
			const ratio = window.devicePixelRatio || 1;
			const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));

			this.canvas.width = width;
			this.canvas.height = height * ratio;
			const strip = document.createElement('canvas');
			strip.width = width;
			strip.height = this.canvas.height;
			paintDensity(strip.getContext('2d'), density(this.report, this.scale, width), strip.height);
			this.strip = strip;
		}

		draw() {
			const {context, canvas, scale} = this;
			const [left, right] = [scale.from, scale.to].map(
				x => ((x - scale.first) / (scale.last - scale.first)) * canvas.width,
			);

			context.fillStyle = vmm.colour('band');
			context.fillRect(0, 0, canvas.width, canvas.height);
			context.drawImage(this.strip, 0, 0);
			if (scale.isWhole) return;
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
