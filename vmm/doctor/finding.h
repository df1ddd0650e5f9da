/* SPDX-License-Identifier: MIT */
/*
 * finding.h: what one probe found out, as plain data that fits through a pipe.
 */
#ifndef VMM_DOCTOR_FINDING_H
#define VMM_DOCTOR_FINDING_H

#include <stdbool.h>

enum finding_result {
	FINDING_OK,    /* as the manuals say */
	FINDING_QUIRK, /* otherwise, but there is a way round */
	FINDING_NO,    /* not here */
};

struct finding {
	enum finding_result result;
	char quirk[24]; /* its name, if it is one */
	char text[160]; /* one line for people; may be empty */
	char fix[400];  /* what the user can do about it; may be empty */
};

/* Nothing to say but that it is so. Returns true. */
bool finding_yes(struct finding *finding);

/* Each fills in result and text. Return true for FINDING_OK, so that `return finding_no(...)` ends a probe. */
bool finding_ok(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool finding_no(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool finding_quirk(struct finding *finding, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
