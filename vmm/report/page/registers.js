/* SPDX-License-Identifier: MIT */
/*
 * registers.js: tables of what an event holds: arguments, registers, the frame on the stack, the JSON itself.
 */
(() => {
	const mono = text => vmm.el('code', {}, text);
	const withSymbol = (address, symbol) => [
		mono(address),
		symbol ? vmm.el('span', {class: 'soft'}, ` ${symbol}`) : '',
	];

	/* A table of names and values; rows whose value is missing are left out. */
	vmm.facts = rows =>
		vmm.el(
			'table',
			{class: 'facts'},
			vmm.el(
				'tbody',
				{},
				rows
					.filter(row => row && row[1] !== undefined && row[1] !== '')
					.map(([name, ...value]) =>
						vmm.el(
							'tr',
							{},
							vmm.el('th', {scope: 'row'}, name),
							vmm.el('td', {}, value),
						),
					),
			),
		);

	/* A part of the panel with a heading of its own */
	const block = (title, ...content) => vmm.el('div', {class: 'detail-block'}, vmm.el('h4', {}, title), content);

	vmm.detailBlock = block;

	/* Intel SDM vol. 1, "EFLAGS Register" */
	function flags(text) {
		const names = {
			0: 'CF',
			2: 'PF',
			4: 'AF',
			6: 'ZF',
			7: 'SF',
			8: 'TF',
			9: 'IF',
			10: 'DF',
			11: 'OF',
			14: 'NT',
			16: 'RF',
			17: 'VM',
			18: 'AC',
			21: 'ID',
		};
		const value = Number(BigInt(text) & 0xffffffffn);
		const set = Object.entries(names)
			.filter(([bit]) => value & (1 << bit))
			.map(([, name]) => name);

		return vmm.el(
			'span',
			{class: 'soft'},
			` ${set.join(' ')}${(value >> 12) & 3 ? ` IOPL=${(value >> 12) & 3}` : ''}`,
		);
	}

	/* Intel SDM vol. 3, "Page-Fault Error Code" */
	function errorBits(event) {
		if (event.vector !== 14) return '';
		const value = Number(event.error);
		const words = [
			value & 1 ? 'P: a right is missing' : 'P=0: not present',
			value & 2 ? 'W: a write' : value & 16 ? '' : 'a read',
			value & 4 ? 'U: from ring 3' : 'from ring 0',
			value & 8 ? 'RSVD: a reserved bit is set' : '',
			value & 16 ? 'I/D: a fetch' : '',
		];

		return vmm.el('span', {class: 'soft'}, ` ${words.filter(Boolean).join(', ')}`);
	}

	vmm.argumentTable = event => {
		if (!event.args || !event.args.length) return null;
		const registers =
			event.type === 'exit'
				? []
				: event.cause === 'int'
					? ['ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp']
					: ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'];
		/* A call that shows other arguments than its registers has them in words only. */
		const words = event.decoded && event.decoded.length === event.args.length ? event.decoded : null;

		return block(
			event.type === 'exit' ? 'Arguments' : `Arguments of number ${event.number}`,
			vmm.facts(
				event.args.map((value, i) => [
					registers[i] || `${i + 1}`,
					mono(value),
					words ? vmm.el('span', {class: 'soft'}, ` ${words[i]}`) : '',
				]),
			),
		);
	};

	vmm.registerTable = event => {
		const isBack = vmm.isReturn(event);

		return block(
			isBack ? 'Where it goes on' : 'Registers',
			vmm.facts([
				['rip', ...(event.rip ? withSymbol(event.rip, event.symbol) : [''])],
				['rsp', event.rsp && mono(event.rsp)],
				['rflags', event.rflags && mono(event.rflags), event.rflags ? flags(event.rflags) : ''],
				['cr3', event.cr3 && mono(event.cr3)],
				['cr2', event.cr2 && mono(event.cr2)],
				[
					'error code',
					event.type === 'transition' && !isBack && event.error
						? mono(event.error)
						: undefined,
					errorBits(event),
				],
				[
					'result',
					event.result === undefined
						? undefined
						: mono(event.result_text || String(event.result)),
				],
				['rax', event.rax && mono(event.rax)],
				[
					isBack ? 'instruction' : 'kernel entry',
					...(event.target ? withSymbol(event.target, event.target_symbol) : ['']),
				],
				['port', event.port && mono(event.port)],
				['address', event.address && mono(event.address)],
				['device', event.device],
				['reason', event.type === 'exit' ? event.reason : undefined],
				['detail', event.detail],
			]),
		);
	};

	/* As it lies on the kernel's stack, the highest address on top; AMD APM vol. 2, "Interrupt-Stack Frame" */
	vmm.frameTable = event => {
		if (!event.frame) return null;
		const base = BigInt(event.frame);
		const at = offset => `0x${(base + BigInt(offset)).toString(16)}`;
		const selector = `${event.cs} (ring ${Number(event.cs) & 3})`;
		const rows = [
			[32, 'SS', 'not recorded'],
			[24, 'RSP', event.rsp],
			[16, 'RFLAGS', event.rflags],
			[8, 'CS', selector],
			[0, 'RIP', event.rip],
		];

		if (!vmm.isReturn(event) && event.error !== undefined) rows.push([-8, 'error code', event.error]);
		return block(
			vmm.isReturn(event) ? 'Frame that iretq pops' : 'Frame that the CPU pushed',
			vmm.el(
				'table',
				{class: 'frame'},
				vmm.el(
					'tbody',
					{},
					rows.map(([offset, name, value]) =>
						vmm.el(
							'tr',
							{},
							vmm.el('td', {class: 'soft'}, mono(at(offset))),
							vmm.el('th', {scope: 'row'}, name),
							vmm.el('td', {}, mono(value)),
						),
					),
				),
			),
		);
	};

	/* One key a line; lists and objects inside stay in theirs. */
	vmm.rawEvent = event => {
		let depth = 0;
		const text = vmm.report.line(event.seq).replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, word => {
			if (word === '}' || word === ']') depth--;
			else if (word === '{' || word === '[') depth++;
			return (depth <= 1 && word === ',') || (depth <= 2 && word === ',' && event.regions)
				? ',\n '
				: word === ',' || word === ':'
					? `${word} `
					: word;
		});

		return vmm.el(
			'details',
			{class: 'detail-raw'},
			vmm.el('summary', {}, 'JSON'),
			vmm.el('pre', {tabindex: '0'}, text),
		);
	};
})();
