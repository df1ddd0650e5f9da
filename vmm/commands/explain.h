/* SPDX-License-Identifier: MIT */
/*
 * explain.h: one question about one access, and its answer: explain.c asks the guest, explain_text.c and explain_json.c
 * print.
 */
#ifndef VMM_COMMANDS_EXPLAIN_H
#define VMM_COMMANDS_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "proof/proof.h"
#include "report/event.h"
#include "report/writer.h"
#include "run/access.h"

enum explain_moment { AT_START, AT_END, AT_EVENT };

struct explanation {
	struct access access;
	enum explain_moment moment;
	uint64_t seq;       /* AT_EVENT */
	const char *reason; /* AT_END: as in struct event_end */
	struct cpu_state state;
	uint32_t pid; /* 0: unknown */
	char process[EVENT_NAME];
	char symbol[EVENT_SYMBOL]; /* of the address; "" */
	struct prediction prediction;
	struct proof proof;
	bool agree;
	const char *quirk; /* of this host, where it may be why they do not agree; NULL */
};

const char *explain_operation(const struct access *access); /* "read", "write", "execute" */

/* "#PF, error 0x7 (P W U), CR2 0x401000" */
void explain_fault(unsigned vector, uint32_t error, uint64_t cr2, char *text, size_t size);

/* The prediction's, or the proof's, in the same words. */
void explain_predicted(const struct explanation *explanation, char *text, size_t size);
void explain_proved(const struct explanation *explanation, char *text, size_t size);

void explain_print_text(struct writer *out, const struct explanation *explanation, bool color);
void explain_print_json(struct writer *out, const struct explanation *explanation);

#endif
