/* SPDX-License-Identifier: MIT */
/* page.S: the page of --format html up to its first event, inside the VMM, so that vmm is one file. */
	.section .rodata
	.globl	html_page, html_page_size
html_page:
	.incbin HTML_PAGE
1:	.balign	8
html_page_size:
	.quad	1b - html_page
	.section .note.GNU-stack, "", @progbits
