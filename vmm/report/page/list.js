/* SPDX-License-Identifier: MIT */
/*
 * list.js: the events that pass the filter, as a table. Only the rows in sight exist, so that a million cost as much as
 * twenty.
 */
(() => {
	const rowHeight = 24;
	const heightMost = 30e6; /* browsers end somewhere above: then a pixel of the bar stands for more than one */
	const printed = 200; /* rows on paper */
	let report, view, body, space, status, columns;

	const ringsOf = event => {
		if (event.type === 'exit') return `${event.from} › H`;
		if (event.type !== 'transition') return '';
		return vmm.isReturn(event) ? `${event.to} ‹ ${event.from}` : `${event.from} › ${event.to}`;
	};

	const whoOf = event => {
		if (!event.pid) return '';
		const cpu = report.cpus > 1 && event.cpu !== undefined ? `${event.cpu}:` : '';

		return `${cpu}${event.pid}${event.tid && event.tid !== event.pid ? `/${event.tid}` : ''}`;
	};

	/* What happened inside: of an entry and of its return the same */
	function insideOf(event) {
		const back = vmm.isReturn(event) ? event : report.at(report.returnOf(event.seq));

		return event.type === 'transition' && back && back.ns_inside !== undefined
			? vmm.time(back.ns_inside)
			: '';
	}

	function makeRow(seq, place) {
		const event = report.at(seq);
		const kind = vmm.kindOf(event);
		const word =
			event.type === 'transition'
				? event.cause
				: event.type === 'exit'
					? event.reason
					: {address_space: 'layout'}[event.type] || event.type;

		return vmm.el(
			'div',
			{
				class: vmm.isReturn(event) ? 'list-row list-return' : 'list-row',
				role: 'row',
				id: `event-${seq}`,
				'data-seq': seq,
				'aria-rowindex': place + 2,
				'aria-selected': String(seq === vmm.selected),
			},
			vmm.el('span', {role: 'gridcell', class: 'number'}, seq),
			vmm.el('span', {role: 'gridcell', class: 'number'}, vmm.exactTime(event.ns)),
			vmm.el('span', {role: 'gridcell'}, whoOf(event)),
			vmm.el('span', {role: 'gridcell', class: 'list-rings'}, ringsOf(event)),
			vmm.el(
				'span',
				{role: 'gridcell', class: 'list-kind'},
				vmm.el('span', {class: `swatch swatch-${kind}`, 'aria-hidden': 'true'}),
				word,
			),
			vmm.el(
				'span',
				{
					role: 'gridcell',
					class: 'list-text',
					style: `padding-left: ${Math.min(event.depth || 0, 8)}em`,
				},
				vmm.describe(event),
			),
			vmm.el('span', {role: 'gridcell', class: 'number'}, insideOf(event)),
			vmm.el('span', {role: 'gridcell', class: 'list-symbol'}, event.symbol || event.rip || ''),
		);
	}

	const total = () => vmm.matching.length * rowHeight;
	const ratio = () => Math.max(1, total() / heightMost);

	function firstRow() {
		return Math.floor((view.scrollTop * ratio()) / rowHeight);
	}

	function draw() {
		const rows = Math.ceil(view.clientHeight / rowHeight) + 2;
		const first = Math.max(0, Math.min(firstRow() - 1, vmm.matching.length - rows));

		body.replaceChildren(
			...vmm.matching.slice(first, first + rows).map((seq, i) => makeRow(seq, first + i)),
		);
		body.style.transform = `translateY(${ratio() > 1 ? view.scrollTop : first * rowHeight}px)`;
		view.setAttribute('aria-activedescendant', vmm.selected === null ? '' : `event-${vmm.selected}`);
	}

	function resize() {
		space.style.height = `${Math.min(total(), heightMost)}px`;
		view.setAttribute('aria-rowcount', vmm.matching.length + 1);
		status.hidden = vmm.matching.length > 0;
		draw();
	}

	function placeOf(seq) {
		let low = 0,
			high = vmm.matching.length;

		while (low < high) {
			const middle = (low + high) >> 1;

			if (vmm.matching[middle] < seq) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	function reveal(seq) {
		const top = (placeOf(seq) * rowHeight) / ratio(),
			height = view.clientHeight - columns.offsetHeight;

		if (top < view.scrollTop || top > view.scrollTop + height - rowHeight)
			view.scrollTop = Math.max(0, Math.round((top - height / 3) / rowHeight) * rowHeight);
		draw();
	}

	function move(steps) {
		const place = vmm.selected === null ? (steps > 0 ? -1 : 0) : placeOf(vmm.selected);
		const next = Math.min(Math.max(place + steps, 0), vmm.matching.length - 1);

		if (vmm.matching.length) vmm.select(vmm.matching[next], 'list');
	}

	const page = () => Math.max(1, Math.floor(view.clientHeight / rowHeight) - 2);
	const keys = {
		ArrowDown: () => move(1),
		ArrowUp: () => move(-1),
		n: () => move(1),
		p: () => move(-1),
		PageDown: () => move(page()),
		PageUp: () => move(-page()),
		Home: () => move(-vmm.matching.length),
		End: () => move(vmm.matching.length),
		Enter: () => vmm.selected !== null && vmm.tell('open', vmm.selected),
		Escape: () => vmm.select(null, 'list'),
	};

	function onKey(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
		event.preventDefault();
		keys[event.key]();
	}

	/* Paper does not scroll: the first rows that pass, and how many are not there. */
	function print(paper) {
		paper.replaceChildren(
			columns.cloneNode(true),
			...vmm.matching.slice(0, printed).map(makeRow),
			vmm.el(
				'p',
				{},
				vmm.matching.length > printed
					? `${vmm.plural(vmm.matching.length - printed, 'more event')} not printed.`
					: '',
			),
		);
	}

	function listen(paper) {
		let waiting = false;

		view.addEventListener(
			'scroll',
			() => {
				if (waiting) return;
				waiting = true;
				requestAnimationFrame(() => {
					waiting = false;
					draw();
				});
			},
			{passive: true},
		);
		view.addEventListener('keydown', onKey);
		view.addEventListener('click', event => {
			const row = event.target.closest('.list-row');

			if (row) vmm.select(Number(row.dataset.seq), 'list');
		});
		view.addEventListener('dblclick', () => vmm.selected !== null && vmm.tell('open', vmm.selected));
		vmm.on('filter', () => {
			resize();
			if (vmm.selected !== null) reveal(vmm.selected);
		});
		vmm.on('select', seq => (seq === null ? draw() : reveal(seq)));
		addEventListener('beforeprint', () => print(paper));
		addEventListener('afterprint', () => paper.replaceChildren());
		new ResizeObserver(draw).observe(view);
	}

	vmm.buildList = (place, given) => {
		report = given;
		const titles = [
			'event',
			'time/µs',
			report.cpus > 1 ? 'cpu:pid' : 'pid',
			'ring',
			'cause',
			'what',
			'inside',
			'at',
		];

		columns = vmm.el(
			'div',
			{class: 'list-row list-columns', role: 'row', 'aria-rowindex': 1},
			titles.map(title =>
				vmm.el(
					'span',
					{
						role: 'columnheader',
						class: /event|time|inside/.test(title) ? 'number' : null,
					},
					title,
				),
			),
		);
		body = vmm.el('div', {class: 'list-body', role: 'rowgroup'});
		space = vmm.el('div', {class: 'list-space', role: 'presentation'}, body);
		status = vmm.el('p', {class: 'list-empty soft', hidden: true}, 'No event passes the filter.');
		view = vmm.el(
			'div',
			{id: 'list', class: 'list', tabindex: '0', role: 'grid', 'aria-label': 'Events'},
			columns,
			space,
			status,
		);
		const paper = vmm.el('div', {class: 'list-paper', 'aria-hidden': 'true'});

		place.append(view, paper);
		listen(paper);
		resize();
	};
})();
