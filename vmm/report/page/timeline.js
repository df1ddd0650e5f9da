/* SPDX-License-Identifier: MIT */
/*
 * timeline.js: the timeline's part of the page: what wheel, mouse and keys do to it.
 */
(() => {
	let report, scale, picture, overview, canvas, frame, tip, axisButton, readout;
	let pending = false,
		wheelElsewhere = -Infinity;

	/* At most once a frame, however many events ask. */
	function redraw() {
		if (pending) return;
		pending = true;
		requestAnimationFrame(() => {
			pending = false;
			drawNow();
		});
	}

	function drawNow() {
		const shown = Math.min(scale.span, scale.length);

		picture.draw();
		overview.draw();
		readout.textContent =
			scale.axis === 'time'
				? `${vmm.time(shown)} of ${vmm.time(scale.length)}`
				: `${vmm.count(Math.round(shown) + 1)} of ${vmm.plural(report.events.length, 'event')}`;
		canvas.dataset.from = scale.from;
		canvas.dataset.to = scale.to;
		canvas.dataset.axis = scale.axis;
	}

	function resize() {
		picture.resize(frame.clientWidth);
		overview.prepare();
		redraw();
	}

	function middle() {
		if (vmm.selected === null) return scale.width / 2;
		const at = scale.pixel(scale.xOf(vmm.selected));

		return at >= 0 && at <= scale.width ? at : scale.width / 2;
	}

	function zoom(factor, pixel) {
		scale.zoom(factor, pixel);
		redraw();
	}

	function toEdge(atEnd) {
		const {span} = scale;

		if (atEnd) scale.set(scale.last - span, scale.last);
		else scale.set(scale.first, scale.first + span);
	}

	/* Shows the selected crossing with some room around it. */
	function zoomToSelected() {
		const event = report.at(vmm.selected);

		if (!event) return;
		const entry =
			event.type === 'transition' && vmm.isReturn(event) ? report.entryOf(event.seq) : event.seq;
		const first = entry < 0 ? event.seq : entry,
			back = report.returnOf(first);
		const from = scale.xOf(first),
			to = scale.xOf(back < 0 ? first : back);
		const room = Math.max((to - from) * 0.25, scale.axis === 'time' ? 500 : 4);

		scale.set(from - room, to + room);
	}

	function setAxis(axis) {
		scale.setAxis(axis);
		axisButton.textContent = axis === 'time' ? 'by event number' : 'by time';
		if (vmm.selected !== null) scale.reveal(vmm.selected);
		overview.prepare();
		redraw();
	}

	function step(direction) {
		const next = vmm.neighbour(vmm.selected, direction);

		if (next >= 0) vmm.select(next, 'keys');
	}

	const keys = {
		'+': () => zoom(1.5, middle()),
		'=': () => zoom(1.5, middle()),
		'-': () => zoom(1 / 1.5, middle()),
		ArrowLeft: () => scale.pan(-scale.width / 8),
		ArrowRight: () => scale.pan(scale.width / 8),
		ArrowUp: () => zoom(1.5, middle()),
		ArrowDown: () => zoom(1 / 1.5, middle()),
		PageUp: () => scale.pan(-scale.width * 0.9),
		PageDown: () => scale.pan(scale.width * 0.9),
		Home: () => toEdge(false),
		End: () => toEdge(true),
		f: () => scale.fit(),
		z: zoomToSelected,
		a: () => setAxis(scale.axis === 'time' ? 'sequence' : 'time'),
		n: () => step(1),
		p: () => step(-1),
		Enter: () => vmm.selected !== null && vmm.tell('open', vmm.selected),
		Escape: () => vmm.select(null, 'keys'),
	};

	function onKey(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
		event.preventDefault();
		keys[event.key]();
		redraw();
	}

	/* The wheel zooms, unless it is scrolling the page and only comes past. */
	function onWheel(event) {
		const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
		const amount =
			(sideways ? event.deltaX || event.deltaY : event.deltaY) * (event.deltaMode === 1 ? 20 : 1);

		if (event.timeStamp - wheelElsewhere < 250 || (amount > 0 && !sideways && scale.isWhole)) return;
		event.preventDefault();
		event.stopPropagation();
		if (sideways) scale.pan(amount);
		else scale.zoom(Math.exp(-amount / 300), pixelOf(event));
		redraw();
	}

	const placeOf = event => {
		const box = canvas.getBoundingClientRect();

		return [event.clientX - box.left, event.clientY - box.top];
	};
	const pixelOf = event => placeOf(event)[0] - picture.gutter;

	/* Drag to move; what does not move is a click. With shift: zoom to the stretch. */
	function onPress(down) {
		const start = pixelOf(down),
			from = scale.x(start);
		let moved = false,
			last = start;

		if (down.button !== 0) return;
		canvas.setPointerCapture(down.pointerId);
		function move(event) {
			const at = pixelOf(event);

			moved = moved || Math.abs(at - start) > 3;
			if (moved && !down.shiftKey) scale.pan(last - at);
			last = at;
			if (moved) redraw();
		}
		function up(event) {
			canvas.removeEventListener('pointermove', move);
			canvas.removeEventListener('pointerup', up);
			if (!moved) {
				const seq = picture.hit(...placeOf(event));
				vmm.select(seq < 0 ? null : seq, 'timeline');
			} else if (down.shiftKey) {
				const to = scale.x(last);
				scale.set(Math.min(from, to), Math.max(from, to));
			}
			redraw();
		}
		canvas.addEventListener('pointermove', move);
		canvas.addEventListener('pointerup', up);
	}

	function onHover(event) {
		const seq = event.buttons ? -1 : picture.hit(...placeOf(event));

		if (picture.hover === (seq < 0 ? null : seq) && seq < 0) return;
		picture.hover = seq < 0 ? null : seq;
		tip.hidden = seq < 0;
		canvas.style.cursor = seq < 0 ? 'grab' : 'pointer';
		if (seq >= 0) showTip(report.at(seq), event);
		redraw();
	}

	/* What the slice under the mouse is; `event` is the one that it began with. */
	function tipTitle(event, top) {
		if (vmm.isEntry(event) || (event.type === 'exit' && picture.laneAt(top) === 'host'))
			return vmm.describe(event).slice(0, 160);
		return picture.laneAt(top) === 'user'
			? `${vmm.processName(event.pid)} in ring 3`
			: `the kernel, outside of a crossing`;
	}

	function showTip(event, mouse) {
		const back = report.at(report.returnOf(event.seq));
		const [left, top] = placeOf(mouse);
		const inside = back ? `, ${vmm.time(back.ns_inside)} inside` : '';

		tip.replaceChildren(
			vmm.el('b', {}, tipTitle(event, top)),
			vmm.el('span', {class: 'soft'}, `event ${event.seq} at ${vmm.time(event.ns)}${inside}`),
		);
		tip.style.left = `${Math.min(left + 14, frame.clientWidth - Math.min(420, tip.offsetWidth) - 4)}px`;
		tip.style.top = `${top + canvas.offsetTop - frame.scrollTop + 18}px`;
	}

	function leave() {
		picture.hover = null;
		tip.hidden = true;
		redraw();
	}

	function listen() {
		canvas.addEventListener('keydown', onKey);
		canvas.addEventListener('wheel', onWheel, {passive: false});
		canvas.addEventListener('pointerdown', onPress);
		canvas.addEventListener('pointermove', onHover);
		canvas.addEventListener('pointerleave', leave);
		canvas.addEventListener('dblclick', () => {
			zoomToSelected();
			redraw();
		});
		document.addEventListener(
			'wheel',
			event => {
				wheelElsewhere = event.timeStamp;
			},
			{passive: true},
		);
		new ResizeObserver(resize).observe(frame);
		vmm.on('select', (seq, from) => {
			if (seq !== null && from !== 'timeline') scale.reveal(seq);
			redraw();
		});
		vmm.on('filter', () => {
			picture.setFilter();
			redraw();
		});
		vmm.on('theme', () => {
			picture.setTheme();
			overview.prepare();
			drawNow(); /* a printer does not wait for the next frame */
		});
	}

	const button = (text, title, action) =>
		vmm.el(
			'button',
			{
				type: 'button',
				title,
				onclick: () => {
					action();
					redraw();
				},
			},
			text,
		);

	function controls() {
		axisButton = button(
			'by event number',
			'Switch the axis between time and event number (key: a)',
			keys.a,
		);
		readout = vmm.el('output', {class: 'soft', id: 'timeline-readout'});
		return vmm.el(
			'div',
			{class: 'timeline-controls'},
			button('−', 'Zoom out (key: -)', () => scale.zoom(1 / 1.5, middle())),
			button('+', 'Zoom in (key: +)', () => scale.zoom(1.5, middle())),
			button('fit', 'Show everything (key: f)', keys.f),
			axisButton,
			button('‹ previous', 'The event before (key: p)', keys.p),
			button('next ›', 'The event after (key: n)', keys.n),
			readout,
		);
	}

	vmm.part({
		id: 'timeline',
		title: 'Timeline',
		order: 20,
		build(section, given) {
			report = given;
			if (!report.transitions.length && !report.exits.length) {
				section.append(
					vmm.el(
						'p',
						{class: 'soft'},
						'No transitions and no exits are in this report (-q, -e).',
					),
				);
				return;
			}
			scale = new vmm.Scale(report);
			canvas = vmm.el('canvas', {
				id: 'timeline-canvas',
				tabindex: '0',
				role: 'application',
				'aria-roledescription': 'timeline',
				'aria-label':
					`Timeline of ${vmm.plural(report.transitions.length, 'transition')}, ` +
					`${vmm.plural(report.exits.length, 'exit')}. Keys: n and p step through the ` +
					'events, plus and minus zoom, arrows move, f shows all, Enter opens the details.',
			});
			tip = vmm.el('div', {class: 'timeline-tip', hidden: true});
			const strip = vmm.el('canvas', {
				id: 'timeline-overview',
				'aria-hidden': 'true',
				title: 'The whole run; drag to move',
			});
			frame = vmm.el('div', {class: 'timeline-frame'}, canvas);
			section.append(
				vmm.el('div', {class: 'timeline-head'}, section.firstChild, controls()),
				strip,
				vmm.el('div', {class: 'timeline-outer'}, frame, tip),
				vmm.timelineLegend(report),
			);
			picture = new vmm.TimelinePicture(canvas, report, scale);
			overview = new vmm.Overview(strip, report, scale, redraw);
			vmm.timeline = {scale, picture, drawNow};
			listen();
			resize();
			drawNow();
		},
	});
})();
