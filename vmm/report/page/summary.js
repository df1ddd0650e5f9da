/* SPDX-License-Identifier: MIT */
/*
 * summary.js: counts and times per cause and per system call; who shares which frames.
 */
(() => {
	vmm.part({
		id: 'summary', title: 'Summary', order: 50, build(section, report) {
			section.append(vmm.el('p', {}, `${report.transitions.length} transitions`));
		},
	});
})();
