/* SPDX-License-Identifier: MIT */
/*
 * timeline-legend.js: what the colours of the timeline are, and what mouse and keys do to it.
 */
(() => {
	const causeNames = {
		syscall: 'system call',
		int: 'int n',
		exception: 'exception',
		interrupt: 'interrupt',
		nmi: 'NMI',
	};
	const keyHelp = [
		['wheel, + −', 'zoom'],
		['drag, ← →', 'move'],
		['Home, End', 'first, last'],
		['f', 'everything'],
		['z, double click', 'zoom to the selected'],
		['shift + drag', 'zoom to a stretch'],
		['a', 'axis: time or event number'],
		['n, p', 'next, previous event'],
		['Enter', 'its details'],
		['Esc', 'select nothing'],
		['/', 'search'],
	];

	vmm.timelineLegend = report => {
		const causes = vmm.causes.filter(cause => report.transitions.some(event => event.cause === cause));

		return vmm.el(
			'div',
			{class: 'timeline-legend soft'},
			vmm.el(
				'p',
				{},
				'Ring 3 has a colour for each process, ring 0 one for each cause: ',
				causes.map(cause =>
					vmm.el(
						'span',
						{class: 'timeline-key'},
						vmm.el('span', {
							class: `swatch swatch-${cause}`,
							'aria-hidden': 'true',
						}),
						causeNames[cause],
					),
				),
				'; grey is the kernel outside of crossings. Nested crossings stand below each other. ',
				'An arrow leads from a crossing to the exit that it caused.',
			),
			vmm.el(
				'details',
				{},
				vmm.el('summary', {}, 'Mouse and keys'),
				vmm.el(
					'dl',
					{class: 'timeline-keys'},
					keyHelp.map(([key, what]) =>
						vmm.el('div', {}, vmm.el('dt', {}, key), vmm.el('dd', {}, what)),
					),
				),
			),
		);
	};
})();
