/* SPDX-License-Identifier: MIT */
/*
 * session.h: one guest from its image to the end of its report. What `vmm IMAGE` does in one go, the commands that ask
 * something of a guest do in parts.
 */
#ifndef VMM_SESSION_H
#define VMM_SESSION_H

#include <stdbool.h>

#include "boot/boot.h"
#include "environment.h"
#include "options.h"
#include "report/stream.h"
#include "run/run.h"

/* Everything that has to be closed, in the order in which it was opened. */
struct session {
	struct options options;
	struct elf_image kernel, program;
	bool separate_kernel; /* the image in the user half needs one */
	int output;
	bool to_standard_output;         /* where the report goes without --output: not to standard error */
	bool bare;                       /* a text report without its first and last lines */
	bool guest_to_stderr;            /* what the guest writes goes to standard error, whatever it chooses */
	const struct renderer *renderer; /* of the events; NULL: that of --format */
	struct writer *writer;
	struct kvm kvm;
	struct guest_ram ram;
	unsigned cpus; /* that run */
	struct vcpu vcpus[VMM_CPUS_MAX];
	struct boot_result boot;
	struct symbols symbols;
	struct stream *stream;
	struct environment environment;
	struct file_service *files;
	struct progress progress;
	struct run run;
};

/* An unused session, all zero, with nothing open. */
void session_init(struct session *session);

/* Opens everything, runs the guest to its end and finishes the report; the options are filled in. Returns vmm's exit
   status; has printed what was wrong. */
int session_run(struct session *session);

/* The parts of that, in their order. */
bool session_open_images(struct session *session, struct vmm_error *error);
bool session_open_output(struct session *session, struct vmm_error *error);
bool session_build_machine(struct session *session, struct vmm_error *error);
/* In place of session_build_machine(), where nothing is to run: memory only, as it will be at the start. Needs no KVM.
 */
bool session_build_memory(struct session *session, struct vmm_error *error);

bool session_open_stream(struct session *session, struct vmm_error *error);

/* Everything before the first instruction: sites are armed, and what the report says at the start is said. */
bool session_prepare(struct session *session, struct vmm_error *error);

/* Does the report go to a terminal that shall have colours? */
bool session_color(const struct session *session);

#define STATUS_NOT_MET 1 /* --expect */

/* Writes out what is left. Returns the run's status, 1 if something that was expected is not so, or 125 for a report
   that could not be written. */
int session_finish_report(struct session *session);

/* A line for each expectation that is not met. */
void session_complain(const struct session *session);

/* Closes whatever is open. */
void session_close(struct session *session);

/* Prints the line; returns the status for it. */
int session_fail(const struct vmm_error *error);

#endif
