/* SPDX-License-Identifier: MIT */
/*
 * space.js: the address space, drawn as in the textbooks: one column for each process, or for each moment of one of them.
 * Pointer and keyboard lead to what is known of a region, and show where its frames are mapped besides.
 */
(() => {
	const last = 'last';
	let report, section, body, stage, tip, pager, counter, momentChoice, warning, facts, drawn = null, wanted = '';
	const view = {who: '', moment: last, first: 0};

	const keyOf = space => space.pid || space.cr3;
	const momentOf = space => `${space.when === 'switch' ? 'at a switch' : `at the ${space.when}`}`;

	/* The last picture of each process up to a moment, of those that live then */
	function processesAt(seq) {
		const spaces = new Map();

		for (const space of report.spaces)
			if (space.seq <= seq)
				spaces.set(keyOf(space), space);
		if (view.moment !== last)
			for (const event of report.processes)
				if (event.seq < seq && event.event === 'exit')
					spaces.delete(event.pid);
		return [...spaces.values()];
	}

	function columnsWanted() {
		const {pids} = vmm.filter;

		if (view.who)
			return report.spaces.filter(space => String(keyOf(space)) === view.who);
		const spaces = processesAt(view.moment === last ? Infinity : Number(view.moment));
		return pids && spaces.some(space => pids.has(space.pid)) ? spaces.filter(space => pids.has(space.pid)) : spaces;
	}

	/* ---- what is known of a region ---- */

	const isSame = (one, other) => vmm.spaceSameFrames(one, other) && (one.space === other.space || other.start >= drawn.scale.kernelStart ||
		one.start >= drawn.scale.kernelStart || (one.shared_with || []).includes(other.space.pid) || (other.shared_with || []).includes(one.space.pid));

	function placeTip(box) {
		const width = tip.offsetWidth, {top} = drawn, limit = section.clientWidth + stage.scrollLeft;
		let left = box.x + (box.x + box.width + width + 10 <= limit ? box.width : 260) + 10;

		if (left + width > limit)
			left = Math.max(stage.scrollLeft, Math.min(box.x - width - 10, limit - width));
		tip.style.left = `${left}px`;
		tip.style.top = `${Math.max(0, Math.min(top + box.y, top + drawn.scale.height - tip.offsetHeight))}px`;
	}

	function showTip(box) {
		const same = drawn.boxes.filter(other => isSame(box.region, other.region));
		const elsewhere = [...new Set(same.map(({region}) => region.start >= drawn.scale.kernelStart ? vmm.spaceName(region) :
			`${vmm.spaceName(region)} of ${vmm.processName(region.space.pid)}`))];

		for (const other of drawn.boxes) {
			other.element.classList.toggle('space-same', same.includes(other));
			other.element.classList.toggle('space-chosen', other === box);
		}
		tip.replaceChildren(vmm.el('b', {}, vmm.spaceName(box.region)),
			vmm.facts([...vmm.spaceFacts(box.region, box.danger), elsewhere.length && ['also mapped', elsewhere.slice(0, 6).join(', ')]]));
		tip.classList.toggle('space-tip-danger', Boolean(box.danger));
		tip.hidden = false;
		placeTip(box);
	}

	function hideTip() {
		tip.hidden = true;
		for (const {element} of drawn ? drawn.boxes : [])
			element.classList.remove('space-same', 'space-chosen');
	}

	const boxOf = target => {
		const element = target.closest && target.closest('.space-region');
		return element && drawn.boxes.find(box => box.element === element);
	};
	const focused = () => drawn && drawn.boxes.find(box => box.element === document.activeElement);

	function focus(box) {
		for (const {element} of drawn.boxes)
			element.setAttribute('tabindex', -1);
		box.element.setAttribute('tabindex', 0);
		box.element.focus({preventScroll: true});
		box.element.scrollIntoView({block: 'nearest', inline: 'nearest'});
	}

	/* The nearest box in that direction; those of the kernel half lie across all columns. */
	function neighbour(box, dx, dy) {
		const center = {x: box.x + box.width / 2, y: box.y + box.height / 2};
		const distance = other => {
			const across = Math.max(0, Math.abs(other.x + other.width / 2 - center.x) - other.width / 2);
			const along = other.y + other.height / 2 - center.y;

			if (dy)
				return along * dy > 0 && (across === 0 || box.width > other.width) ? Math.abs(along) + across / 1e4 : Infinity;
			return (other.x - box.x) * dx > 0 ? Math.abs(other.x - box.x) * 1e4 + Math.abs(along) : Infinity;
		};
		const others = drawn.boxes.filter(other => other !== box && distance(other) < Infinity);

		return others.sort((one, other) => distance(one) - distance(other))[0] || box;
	}

	function onKey(event) {
		const box = focused();
		const steps = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]}[event.key];

		if (!box || event.ctrlKey || event.metaKey || event.altKey)
			return;
		if (steps)
			focus(neighbour(box, ...steps));
		else if (event.key === 'Home' || event.key === 'End')
			focus(drawn.boxes[event.key === 'Home' ? 0 : drawn.boxes.length - 1]);
		else if (event.key === 'Enter')
			vmm.select(box.region.space.seq, 'space');
		else if (event.key === 'Escape')
			hideTip();
		else
			return;
		event.preventDefault();
	}

	function listen() {
		stage.addEventListener('mouseover', event => {
			const box = boxOf(event.target);

			if (box)
				showTip(box);
			else if (focused())
				showTip(focused());
			else
				hideTip();
		});
		stage.addEventListener('mouseleave', () => focused() ? showTip(focused()) : hideTip());
		stage.addEventListener('click', event => boxOf(event.target) && focus(boxOf(event.target)));
		stage.addEventListener('focusin', event => boxOf(event.target) && showTip(boxOf(event.target)));
		stage.addEventListener('focusout', hideTip);
		stage.addEventListener('keydown', onKey);
	}

	/* ---- the picture ---- */

	function columnName(space) {
		return vmm.el('div', {class: 'space-who'}, vmm.el('b', {}, vmm.processName(space.pid)),
		vmm.el('span', {class: 'soft'}, vmm.link(space.seq, momentOf(space)), `, CR3 ${space.cr3}`));
	}

	function showWarning() {
		const dangers = new Set(drawn.scale.columns.flatMap(({regions}) => regions.filter(region => vmm.spaceDanger(region, drawn.scale.kernelStart))));
		const list = [...dangers].slice(0, 4).map(region => `${vmm.spaceName(region)} at ${vmm.spaceHex(region.start)} (${
			vmm.spaceDanger(region, drawn.scale.kernelStart) === 'W+X' ? 'writable and executable' : 'ring 3 reaches the kernel half'})`);

		warning.hidden = dangers.size === 0;
		warning.textContent = `${vmm.plural(dangers.size, 'region')} as ${dangers.size === 1 ? 'it' : 'they'} must not be: ${list.join('; ')}${
			dangers.size > 4 ? ' and more' : ''}.`;
	}

	function kernelFact({oneKernel, columns, kernel}) {
		const {totals} = columns[kernel].space, all = Math.max(...columns.map(({space}) => space.totals.compared_with)) + 1;

		if (!oneKernel)
			return 'The kernel half is NOT the same tables in all of them: each column has its own.';
		return `The kernel half is ${vmm.plural(totals.kernel_tables, 'top-level entry', 'top-level entries')}${
			all > 1 ? `, which lead to the same tables in all ${all} address spaces (checked)` : ''}${columns.length > 1 ?
			`. It is drawn as it was ${momentOf(columns[kernel].space)} of ${vmm.processName(columns[kernel].space.pid)}` : ''}.`;
	}

	function showFacts() {
		const {scale} = drawn, sum = name => scale.columns.reduce((all, {space}) => all + space.totals[name], 0);
		const problems = sum('problems'), tables = scale.columns.map(({space}) => space.totals.table_pages);

		facts.replaceChildren(...[
			kernelFact(scale),
			sum('wx_pages') ? null : 'No page is both writable and executable.',
			`Page tables of its own: ${tables.join(', ')} page${tables.length === 1 && tables[0] === 1 ? '' : 's'}.`,
			problems ? `${vmm.plural(problems, 'entry', 'entries')} of page tables could not be followed: outside RAM, or reserved bits.` : null,
			`Up to ${vmm.bytes(scale.linear * 4096)}, all is to scale; what is larger is broken at the zigzag. The strips on the left are each half wholly to scale.`,
		].filter(Boolean).map(words => vmm.el('p', {}, words)));
	}

	function draw() {
		const room = section.clientWidth, most = vmm.spaceColumnsFor(room), spaces = columnsWanted();

		view.first = Math.min(view.first, Math.max(0, spaces.length - most));
		const shown = spaces.slice(view.first, view.first + most);
		const key = [room, ...shown.map(space => space.seq)].join();

		pager.hidden = spaces.length <= most;
		counter.textContent = `${view.first + 1}–${view.first + shown.length} of ${spaces.length} ${view.who ? 'moments' : 'processes'}`;
		pager.firstChild.disabled = view.first === 0;
		pager.lastChild.disabled = view.first + most >= spaces.length;
		momentChoice.parentNode.hidden = Boolean(view.who);
		if (key === wanted || !shown.length)
			return;
		wanted = key;
		const scale = vmm.spaceRows(shown);
		drawn = {scale, ...vmm.drawSpaces(scale, room, shown.map(columnName))};
		body.classList.toggle('space-beside', drawn.width < room * 0.65);
		stage.querySelector('.space-picture')?.remove();
		stage.append(drawn.picture);
		if (drawn.boxes.length)
			drawn.boxes[0].element.setAttribute('tabindex', 0);
		hideTip();
		showWarning();
		showFacts();
	}

	/* ---- what the reader can choose ---- */

	function choice(label, id, options, onchange) {
		const select = vmm.el('select', {id, onchange: () => onchange(select.value)}, options.map(([value, words]) => vmm.el('option', {value}, words)));

		return [vmm.el('label', {for: id}, `${label} `, select), select];
	}

	function controls() {
		const counts = new Map();
		for (const space of report.spaces)
			counts.set(keyOf(space), (counts.get(keyOf(space)) || 0) + 1);
		const several = [...counts].filter(([, count]) => count > 1).map(([key]) => key);
		const [who] = choice('A column for each', 'space-who', [['', 'process'],
			...several.map(key => [String(key), `moment of ${typeof key === 'number' ? vmm.processName(key) : `CR3 ${key}`}`])], value => {
			Object.assign(view, {who: value, first: 0});
			draw();
		});
		const [moment, select] = choice('at', 'space-moment', [[last, 'the last moment of each'],
			...report.spaces.map(space => [String(space.seq), `${vmm.time(space.ns)}: ${vmm.processName(space.pid)}, ${space.when}`])], value => {
			Object.assign(view, {moment: value, first: 0});
			draw();
		});
		const turn = pages => () => {
			view.first = Math.max(0, view.first + pages * vmm.spaceColumnsFor(section.clientWidth));
			draw();
		};

		momentChoice = select;
		counter = vmm.el('output', {'aria-live': 'polite'});
		pager = vmm.el('span', {class: 'space-pager'}, vmm.el('button', {type: 'button', onclick: turn(-1), 'aria-label': 'Columns before'}, '←'), counter,
			vmm.el('button', {type: 'button', onclick: turn(1), 'aria-label': 'Columns behind'}, '→'));
		return vmm.el('div', {class: 'space-controls'}, who, moment, pager);
	}

	const icon = kind => vmm.svg('svg', {class: 'space-icon', width: 13, height: 13, viewBox: '0 0 13 13', 'aria-hidden': 'true'}, kind === 'shared' ?
		vmm.svg('path', {class: 'space-shared', d: 'M1 5h7v7h-7zM4 5v-3h7v7h-3'}) :
		[vmm.svg('circle', {class: 'space-cow', cx: 6.5, cy: 6.5, r: 5.5}), vmm.svg('text', {class: 'space-cow-letter', x: 6.5, y: 9.5}, 'C')]);
	const sample = (kind, words) => vmm.el('span', {class: 'space-sample'}, kind === 'shared' || kind === 'cow' ? icon(kind) :
		vmm.el('span', {class: `space-swatch space-swatch-${kind}`, 'aria-hidden': 'true'}), words);

	function legend() {
		return vmm.el('p', {class: 'space-legend'}, 'The number is the ring that reaches a region: 3, user, or 0, the kernel only. ',
			sample('r', 'read only'), sample('w', 'writable'), sample('x', 'executable'), vmm.el('span', {class: 'space-sample'}, '(the kernel’s are darker)'),
			sample('guard', 'guard'), sample('danger', 'must not be'), sample('shared', 'frames that another process maps, too'),
			sample('cow', 'copy-on-write'));
	}

	/* An event of that type was chosen elsewhere. */
	function onSelect(seq, from) {
		const event = seq === null ? null : report.at(seq);

		if (!event || event.type !== 'address_space' || from === 'space')
			return;
		Object.assign(view, {who: '', moment: String(seq), first: 0});
		document.getElementById('space-who').value = '';
		momentChoice.value = view.moment;
		draw();
	}

	vmm.part({
		id: 'space', title: 'Address space', order: 40, build(place, given) {
			section = place;
			report = given;
			if (!report.spaces.length) {
				section.append(vmm.el('p', {class: 'soft'}, 'This report has no address space. --layout=start,end shows it.'));
				return;
			}
			tip = vmm.el('div', {class: 'space-tip', role: 'status', hidden: true});
			stage = vmm.el('div', {class: 'space-stage'}, tip);
			warning = vmm.el('p', {class: 'space-warning', role: 'alert', hidden: true});
			facts = vmm.el('div', {class: 'space-facts'});
			body = vmm.el('figure', {class: 'space-figure'}, stage, vmm.el('figcaption', {class: 'space-aside'}, legend(), facts));
			section.append(controls(), warning, body);
			listen();
			new ResizeObserver(draw).observe(section);
			vmm.on('filter', draw);
			vmm.on('select', onSelect);
			draw();
		},
	});
})();
