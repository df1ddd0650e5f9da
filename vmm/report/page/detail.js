/* SPDX-License-Identifier: MIT */
/*
 * detail.js: everything that is known of the selected event, beside the list.
 */
(() => {
	let panel, announcer;

	const mono = text => vmm.el('code', {}, text);
	const withSymbol = (address, symbol) => [mono(address), symbol ? vmm.el('span', {class: 'soft'}, ` ${symbol}`) : ''];

	/* A table of names and values; rows whose value is missing are left out. */
	vmm.facts = rows => vmm.el('table', {class: 'facts'}, vmm.el('tbody', {}, rows.filter(row => row && row[1] !== undefined && row[1] !== '')
		.map(([name, ...value]) => vmm.el('tr', {}, vmm.el('th', {scope: 'row'}, name), vmm.el('td', {}, value)))));

	const block = (title, ...content) => vmm.el('div', {class: 'detail-block'}, vmm.el('h4', {}, title), content);

	/* Intel SDM vol. 1, "EFLAGS Register" */
	function flags(text) {
		const names = {0: 'CF', 2: 'PF', 4: 'AF', 6: 'ZF', 7: 'SF', 8: 'TF', 9: 'IF', 10: 'DF', 11: 'OF', 14: 'NT', 16: 'RF', 17: 'VM',
			18: 'AC', 21: 'ID'};
		const value = Number(BigInt(text) & 0xffffffffn);
		const set = Object.entries(names).filter(([bit]) => value & (1 << bit)).map(([, name]) => name);

		return vmm.el('span', {class: 'soft'}, ` ${set.join(' ')}${(value >> 12 & 3) ? ` IOPL=${value >> 12 & 3}` : ''}`);
	}

	/* Intel SDM vol. 3, "Page-Fault Error Code" */
	function errorBits(event) {
		if (event.vector !== 14)
			return '';
		const value = Number(event.error);
		const words = [value & 1 ? 'P: a right is missing' : 'P=0: not present', value & 2 ? 'W: a write' : value & 16 ? '' : 'a read',
			value & 4 ? 'U: from ring 3' : 'from ring 0', value & 8 ? 'RSVD: a reserved bit is set' : '', value & 16 ? 'I/D: a fetch' : ''];

		return vmm.el('span', {class: 'soft'}, ` ${words.filter(Boolean).join(', ')}`);
	}

	const isCode = event => event.type === 'exit' || event.number !== undefined || event.result !== undefined;

	/* Long lists of flags may break behind their signs. */
	const breakable = text => text.split(/(?<=[|,])/).flatMap((part, i) => i ? [vmm.el('wbr'), part] : [part]);

	function headline(event) {
		const kind = vmm.kindOf(event);
		const words = {
			syscall: 'System call', int: 'Software interrupt', exception: 'Exception', interrupt: 'Interrupt', nmi: 'NMI', exit: 'VM exit',
		};
		const type = {process: 'Process', note: 'Note', start: 'Start', end: 'End', summary: 'Summary', address_space: 'Address space'};
		const what = event.type === 'transition' && vmm.isReturn(event) ?
			`Return (${event.cause})${words[kind] ? ` from ${kind === 'exception' || kind === 'int' || kind === 'interrupt' ? 'an' : 'a'} ${
				words[kind].replace(/^[A-Z](?=[a-z])/, letter => letter.toLowerCase())}` : ''}` : words[kind] || type[event.type];
		const who = [event.cpu === undefined ? '' : `CPU ${event.cpu}`, event.pid ? vmm.processName(event.pid) : '',
			event.tid && event.tid !== event.pid ? `thread ${event.tid}` : ''].filter(Boolean).join(', ');

		return [
			vmm.el('p', {class: 'detail-kind'}, vmm.el('span', {class: `swatch swatch-${kind}`, 'aria-hidden': 'true'}), what,
				vmm.el('span', {class: 'soft'}, ` · event ${event.seq} · ${vmm.exactTime(event.ns)} µs${who ? ` · ${who}` : ''}`)),
			vmm.el('h3', {id: 'detail-title', class: isCode(event) ? 'detail-code' : null}, breakable(vmm.describe(event))),
		];
	}

	function neighbours(event) {
		const links = [];
		const back = vmm.report.returnOf(event.seq), entry = vmm.report.entryOf(event.seq);
		const exits = vmm.report.exitsOf(event.seq);

		if (back >= 0)
			links.push(['returns', vmm.link(back), ` after ${vmm.time(vmm.report.at(back).ns_inside)}: ${vmm.describe(vmm.report.at(back))}`]);
		else if (vmm.isEntry(event))
			links.push(['returns', event.result_text === '?' ? 'never' : 'not in this report']);
		if (entry >= 0)
			links.push([event.type === 'exit' ? 'caused by' : 'entry', vmm.link(entry), ` ${vmm.describe(vmm.report.at(entry))}`]);
		if (exits.length)
			links.push(['exits', exits.slice(0, 20).map(seq => [vmm.link(seq, `${seq}`), ` ${vmm.shortName(vmm.report.at(seq))} `]).flat(),
				exits.length > 20 ? `and ${exits.length - 20} more` : '']);
		const around = vmm.outerOf(event);
		if (around >= 0)
			links.push(['within', vmm.link(around), ` ${vmm.describe(vmm.report.at(around))}`]);
		return links.length ? vmm.facts(links) : null;
	}

	function inside(event) {
		const back = vmm.isReturn(event) ? event : vmm.report.at(vmm.report.returnOf(event.seq));

		if (!back || back.ns_inside === undefined)
			return null;
		return vmm.facts([['inside', `${vmm.time(back.ns_inside)}, ${vmm.plural(back.exits_inside, 'exit')}${
			back.faults_inside ? `, ${vmm.plural(back.faults_inside, 'exception')}` : ''}${
			back.interrupts_inside ? `, ${vmm.plural(back.interrupts_inside, 'interrupt')}` : ''}`]]);
	}

	function callTable(event) {
		if (!event.args || !event.args.length)
			return null;
		const registers = event.type === 'exit' ? [] : event.cause === 'int' ? ['ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp'] :
			['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'];
		/* A call that shows other arguments than its registers has them in words only. */
		const words = event.decoded && event.decoded.length === event.args.length ? event.decoded : null;

		return block(event.type === 'exit' ? 'Arguments' : `Arguments of number ${event.number}`, vmm.facts(event.args.map((value, i) =>
			[registers[i] || `${i + 1}`, mono(value), words ? vmm.el('span', {class: 'soft'}, ` ${words[i]}`) : ''])));
	}

	function registers(event) {
		const isBack = vmm.isReturn(event);

		return block(isBack ? 'Where it goes on' : 'Registers', vmm.facts([
			['rip', ...event.rip ? withSymbol(event.rip, event.symbol) : ['']],
			['rsp', event.rsp && mono(event.rsp)], ['rflags', event.rflags && mono(event.rflags), event.rflags ? flags(event.rflags) : ''],
			['cr3', event.cr3 && mono(event.cr3)], ['cr2', event.cr2 && mono(event.cr2)],
			['error code', event.type === 'transition' && !isBack && event.error ? mono(event.error) : undefined, errorBits(event)],
			['result', event.result === undefined ? undefined : mono(event.result_text || String(event.result))],
			['rax', event.rax && mono(event.rax)],
			[isBack ? 'instruction' : 'kernel entry', ...event.target ? withSymbol(event.target, event.target_symbol) : ['']],
			['port', event.port && mono(event.port)], ['address', event.address && mono(event.address)],
			['device', event.device], ['reason', event.type === 'exit' ? event.reason : undefined], ['detail', event.detail],
		]));
	}

	/* The frame as it lies on the kernel's stack, the highest address on top; AMD APM vol. 2, "Interrupt Stack Frame" */
	function frame(event) {
		if (!event.frame)
			return null;
		const base = BigInt(event.frame);
		const at = offset => `0x${(base + BigInt(offset)).toString(16)}`;
		const selector = `${event.cs} (ring ${Number(event.cs) & 3})`;
		const rows = [[32, 'SS', 'not recorded'], [24, 'RSP', event.rsp], [16, 'RFLAGS', event.rflags], [8, 'CS', selector], [0, 'RIP', event.rip]];

		if (!vmm.isReturn(event) && event.error !== undefined)
			rows.push([-8, 'error code', event.error]);
		return block(vmm.isReturn(event) ? 'Frame that iretq pops' : 'Frame that the CPU pushed', vmm.el('table', {class: 'frame'},
			vmm.el('tbody', {}, rows.map(([offset, name, value]) => vmm.el('tr', {}, vmm.el('td', {class: 'soft'}, mono(at(offset))),
				vmm.el('th', {scope: 'row'}, name), vmm.el('td', {}, mono(value)))))));
	}

	const quirkWords = {
		'syscall-faults': 'On this host, a system call first shows as a fault; vmm reports the call.',
		'int-is-ud': 'On this host, int n first shows as an invalid opcode; vmm reports the int.',
		'slow-ring0': 'On this host, ring 0 is interpreted: times inside the kernel are long.',
	};

	/* One key a line; lists and objects inside stay in theirs. */
	function raw(event) {
		let depth = 0;
		const text = vmm.report.line(event.seq).replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, word => {
			if (word === '}' || word === ']')
				depth--;
			else if (word === '{' || word === '[')
				depth++;
			return depth <= 1 && word === ',' || depth <= 2 && word === ',' && event.regions ? ',\n ' : word === ',' || word === ':' ? `${word} ` : word;
		});

		return vmm.el('details', {class: 'detail-raw'}, vmm.el('summary', {}, 'JSON'), vmm.el('pre', {tabindex: '0'}, text));
	}

	function show(seq) {
		if (seq === null) {
			panel.replaceChildren(vmm.el('p', {class: 'soft detail-none'}, 'Select an event, in the timeline or in the list, to see its registers, ' +
				'arguments, stack frame and, for a page fault, the way through the page tables.'));
			return;
		}
		const event = vmm.report.at(seq);

		panel.replaceChildren(...[
			...headline(event),
			event.quirk ? vmm.el('p', {class: 'note'}, `Quirk ${event.quirk}. ${quirkWords[event.quirk] || ''}`) : null,
			neighbours(event), event.type === 'transition' ? inside(event) : null,
			event.walk ? vmm.pageWalk(event, block) : null, callTable(event),
			event.type === 'transition' || event.type === 'exit' ? registers(event) : null, event.type === 'transition' ? frame(event) : null,
			raw(event),
		].filter(Boolean));
		panel.scrollTop = 0;
	}

	/* The innermost crossing of the same thread that is open around an event; -1: none */
	vmm.outerOf = event => {
		if (event.type === 'exit' || !event.depth)
			return -1;
		const inner = vmm.isReturn(event) ? vmm.report.entryOf(event.seq) : event.seq;

		for (let seq = inner - 1; inner >= 0 && seq >= 0; seq--) {
			const other = vmm.report.at(seq);

			if (vmm.isEntry(other) && other.tid === event.tid && other.pid === event.pid && other.depth === event.depth - 1)
				return vmm.report.returnOf(seq) < 0 || vmm.report.returnOf(seq) > inner ? seq : -1;
		}
		return -1;
	};

	vmm.part({
		id: 'events', title: 'Events', order: 30, build(section, report) {
			const list = vmm.el('div', {class: 'events-list'});

			panel = vmm.el('div', {id: 'detail', class: 'detail', tabindex: '-1', role: 'region', 'aria-label': 'Details of the selected event'});
			announcer = vmm.el('p', {class: 'sr-only', role: 'status', 'aria-live': 'polite'});
			section.append(vmm.el('div', {class: 'events-panes'}, list, panel), announcer);
			vmm.buildList(list, report);
			show(null);
			vmm.on('select', seq => {
				show(seq);
				announcer.textContent = seq === null ? '' : `event ${seq}: ${vmm.describe(vmm.report.at(seq))}`;
			});
			vmm.on('open', () => {
				panel.focus();
				panel.scrollIntoView({block: 'nearest'});
			});
		},
	});
})();
