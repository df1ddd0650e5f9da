/* SPDX-License-Identifier: MIT */
/*
 * walk.js: the way of an address through the page tables: how the CPU splits it, and the entry found at each level.
 * Bits: AMD APM vol. 2, "Page-Translation-Table Entry Fields".
 */
(() => {
	const present = 1n,
		writable = 2n,
		user = 4n,
		large = 0x80n,
		noExecute = 1n << 63n;
	const frameBits = 0xffffffffff000n;

	/* "PTE.W=0 at index 3": the entry and the bit that the explanation names */
	function deciding(why) {
		const found = /(PML4E|PDPE|PDE|PTE)\.(P|W|U|NX)=[01]/.exec(why || '');

		return found ? {entry: found[1], bit: found[2]} : {};
	}

	function split(cr2) {
		const address = BigInt(cr2);
		const part = (shift, bits) => Number((address >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n));
		const parts = [
			['PML4', '47–39', part(39, 9)],
			['PDP', '38–30', part(30, 9)],
			['PD', '29–21', part(21, 9)],
			['PT', '20–12', part(12, 9)],
			['offset', '11–0', `0x${part(0, 12).toString(16)}`],
		];

		return vmm.el(
			'table',
			{class: 'walk-split', 'aria-label': `The address ${cr2} split into indices`},
			vmm.el(
				'tbody',
				{},
				vmm.el(
					'tr',
					{},
					parts.map(([name, bits]) =>
						vmm.el('th', {scope: 'col'}, name, vmm.el('small', {}, bits)),
					),
				),
				vmm.el(
					'tr',
					{},
					parts.map(([, , value]) => vmm.el('td', {}, vmm.el('code', {}, value))),
				),
			),
		);
	}

	function row(level, decision, last) {
		const value = BigInt(level.value);
		const isPresent = (value & present) !== 0n;
		const cell = (name, text) =>
			vmm.el(
				'td',
				{
					class:
						decision.entry === level.entry && decision.bit === name
							? 'walk-decides'
							: 'walk-bit',
				},
				text,
			);
		const isLeaf = last && isPresent;
		const leads = !isPresent
			? 'nothing'
			: `${isLeaf ? (value & large && level.entry !== 'PTE' ? 'large page' : 'page') : 'table'} 0x${(
					value & frameBits
				).toString(16)}`;

		return vmm.el(
			'tr',
			{},
			vmm.el('th', {scope: 'row'}, `${level.entry}[${level.index}]`),
			vmm.el('td', {}, vmm.el('code', {}, level.value)),
			cell('P', isPresent ? '1' : '0'),
			cell('W', isPresent ? (value & writable ? '1' : '0') : '·'),
			cell('U', isPresent ? (value & user ? '1' : '0') : '·'),
			cell('NX', isPresent ? (value & noExecute ? '1' : '0') : '·'),
			vmm.el('td', {class: 'soft'}, leads),
		);
	}

	vmm.pageWalk = event => {
		const decision = deciding(event.why);

		return vmm.detailBlock(
			'Page walk',
			vmm.el(
				'p',
				{class: 'walk-root soft'},
				'CR3 ',
				vmm.el('code', {}, event.cr3),
				' is the root; the address ',
				vmm.el('code', {}, event.cr2),
				' chooses an entry at each level:',
			),
			split(event.cr2),
			vmm.el(
				'table',
				{class: 'walk'},
				vmm.el(
					'thead',
					{},
					vmm.el(
						'tr',
						{},
						['entry', 'value', 'P', 'W', 'U', 'NX', 'leads to'].map(text =>
							vmm.el('th', {scope: 'col'}, text),
						),
					),
				),
				vmm.el(
					'tbody',
					{},
					event.walk.map((level, i) => row(level, decision, i === event.walk.length - 1)),
				),
			),
			decision.bit
				? vmm.el(
						'p',
						{class: 'soft'},
						`The marked bit decides: ${decision.entry}.${decision.bit}.`,
					)
				: null,
		);
	};
})();
