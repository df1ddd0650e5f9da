/* SPDX-License-Identifier: MIT */
/*
 * first.js: alone in the first script element, so that a file that was cut off within the page's own code says so.
 */
document.addEventListener('DOMContentLoaded', () => {
	if (window.vmm && window.vmm.ready) return;
	document.documentElement.textContent =
		'This report is cut off: it ends before its first event. Was the disk full, or vmm killed?';
});
