/* SPDX-License-Identifier: MIT */
/*
 * utf8.h: tells text from other bytes. What a guest puts into a string need not be text, but reports are.
 */
#ifndef VMM_REPORT_UTF8_H
#define VMM_REPORT_UTF8_H

#include <stddef.h>

/* How many bytes of well-formed UTF-8 start at `text` from 0x80 on, of `left` there; 0: none. */
size_t utf8_length(const unsigned char *text, size_t left);

#endif
