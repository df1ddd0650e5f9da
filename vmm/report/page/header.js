/* SPDX-License-Identifier: MIT */
/*
 * header.js: what ran, how it ended, and whether the report is whole.
 */
(() => {
	/* The last part of a path */
	vmm.fileName = path => path.replace(/^.*\//, '');

	/* [class, the word in bold, the rest] */
	vmm.verdict = report => {
		if (report.cut)
			return [
				'cut',
				'This report is cut off. ',
				`${report.cut} What it has is shown here; the counts below are counted from that.`,
			];
		if (report.end.verdict === 'complete')
			return [
				'complete',
				'Complete: ',
				report.start && report.start.method === 'off'
					? 'exits, as asked.'
					: 'every traced transition is in the report.',
			];
		return ['incomplete', 'Incomplete: ', 'something may be missing.'];
	};

	function outcome(report) {
		const {end} = report;

		if (!end) return '';
		const how = {
			exit: `It ended with status ${end.status}.`,
			signal: `A signal ended it, status ${end.status}.`,
			timeout: 'It took longer than --timeout allows.',
		};

		return `${how[end.reason] || `It ended by ${end.reason}, status ${end.status}.`} `;
	}

	function facts(report) {
		const {start} = report;

		if (!start) return null;
		const where = start.kernel
			? start.kernel === 'built-in'
				? 'on the built-in kernel'
				: `on the kernel ${start.kernel}`
			: 'a complete guest';
		const parts = [
			where,
			`KVM ${start.host.kvm}`,
			`method ${start.method}`,
			vmm.plural(start.cpus, 'CPU'),
			vmm.bytes(start.memory),
			start.trace && start.trace !== 'all' ? `traced: ${start.trace}` : '',
			vmm.time(report.last),
		];

		return vmm.el('p', {class: 'soft header-facts'}, parts.filter(Boolean).join(' · '));
	}

	vmm.part({
		id: 'header',
		label: 'What ran',
		order: 0,
		build(section, report) {
			const [kind, word, text] = vmm.verdict(report);
			const image = report.start ? report.start.image : 'a run';

			document.title = `${vmm.fileName(image)} – vmm`;
			section.append(
				vmm.themeButton(),
				vmm.el('h1', {}, vmm.fileName(image)),
				facts(report),
				vmm.el(
					'p',
					{class: `verdict verdict-${kind}`, id: 'verdict'},
					outcome(report),
					vmm.el('b', {}, word),
					text,
				),
			);
			if (report.end && report.end.message)
				section.append(
					vmm.el(
						'p',
						{class: 'header-message'},
						vmm.el('code', {}, `vmm: ${report.end.message}`),
					),
				);
			if (report.end && report.end.doubts.length)
				section.append(
					vmm.el(
						'ul',
						{class: 'doubts'},
						report.end.doubts.map(doubt => vmm.el('li', {}, doubt)),
					),
				);
		},
	});
})();
