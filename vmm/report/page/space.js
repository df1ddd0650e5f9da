/* SPDX-License-Identifier: MIT */
/*
 * space.js: the address space, drawn as in the textbooks.
 */
(() => {
	vmm.part({
		id: 'space', title: 'Address space', order: 40, build(section, report) {
			section.append(vmm.el('p', {}, `${report.spaces.length} address spaces`));
		},
	});
})();
