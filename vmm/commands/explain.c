/* SPDX-License-Identifier: MIT */
/* explain.c: `vmm explain`: what will the CPU do about an access, why, and does it? */
#include "explain.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "explain_options.h"
#include "session.h"

#define STATUS_DISAGREE 1

/* The events are only counted: the answer is another text. */
static void count_only(struct writer *out, const struct event *event, const struct render_options *options, void *state)
{
	(void)out;
	(void)event;
	(void)options;
	(void)state;
}

static const struct renderer silent = {.name = "none", .event = count_only};

static bool open_guest(struct session *session, struct vmm_error *error)
{
	return session_open_images(session, error) && session_open_output(session, error) &&
	       session_build_machine(session, error) && session_open_stream(session, error) &&
	       session_prepare(session, error);
}

/* The guest's end came first. Is it the moment that was asked for? */
static bool check_end(struct session *session, struct explanation *out, struct vmm_error *error)
{
	struct run *run = &session->run;

	if (run->status == STATUS_VMM_FAILED || strcmp(run->reason, "interrupted") == 0)
		return error_set(error, "explain: %.400s", run->message);
	run_show_end(run, session->options.method != METHOD_OFF);
	if (out->moment == AT_EVENT && stream_shown(session->stream) <= out->seq)
		return error_set(error, "explain: --at %" PRIu64 ": the report ends with event %" PRIu64, out->seq,
				 stream_shown(session->stream) - 1);
	if (run->state_lost)
		return error_set(error,
				 "explain: --at end: the triple fault reset the CPU, and its address space with it");
	out->reason = run->reason;
	return true;
}

/* Brings the guest to the moment, and reads the CPU's registers. */
static bool reach(struct session *session, struct explanation *out, struct vmm_error *error)
{
	struct run *run = &session->run;
	bool at_once = out->moment == AT_START || (out->moment == AT_EVENT && stream_shown(session->stream) > out->seq);

	if (at_once) {
		vcpu_state(&session->vcpus[0], &out->state);
		return true;
	}
	run->stop_wanted = out->moment == AT_EVENT;
	run->stop_seq = out->seq;
	run_guest(run);
	if (strcmp(run->reason, "stopped") != 0 && !check_end(session, out, error))
		return false;
	out->state = run->last->state;
	return true;
}

static void name_process(struct session *session, struct explanation *out)
{
	const struct process *process = tracer_process(&session->run.tracer, out->state.cr3 & CR3_ADDRESS);
	const char *slash = strrchr(session->options.image, '/');

	out->pid = process != NULL ? process->pid : 1;
	snprintf(out->process, sizeof(out->process), "%s",
		 process != NULL && strchr(process->name, '/') == NULL ? process->name
		 : slash != NULL                                       ? slash + 1
								       : session->options.image);
	if (process == NULL || !process->other_program || out->access.gva >= KERNEL_HALF)
		symbols_describe(&session->symbols, out->access.gva, out->symbol, sizeof(out->symbol));
}

static bool is_agreed(const struct explanation *explanation)
{
	const struct prediction *prediction = &explanation->prediction;
	const struct proof *proof = &explanation->proof;

	if (!prediction->faults)
		return proof->outcome == PROOF_DONE;
	return proof->outcome == PROOF_FAULT && proof->vector == prediction->vector &&
	       proof->error == prediction->error &&
	       (proof->vector != VECTOR_PF || proof->cr2 == explanation->access.gva);
}

static bool explain(struct session *session, const struct explain_options *asked, struct explanation *out,
		    struct vmm_error *error)
{
	const struct proof_request request = {
		.kvm = &session->kvm,
		.ram = &session->ram,
		.state = &out->state,
		.access = &out->access,
		.walk = &out->prediction.walk,
	};
	struct access_rules rules = {
		.format = {.physical_bits = session->boot.physical_bits, .huge_pages = session->boot.huge_pages},
		.software_cow = session->run.tracer.sites.linux_abi,
	};
	const char *unknown;

	if (!explain_address(asked, &session->symbols, &out->access.gva, error) || !reach(session, out, error))
		return false;
	unknown = access_unknown_paging(&out->state);
	if (unknown != NULL)
		return error_set(error, "explain: %s at that moment, and vmm does not know its rules", unknown);
	rules.format.no_execute = out->state.efer & EFER_NXE;
	name_process(session, out);
	access_predict(&session->ram, &out->state, &rules, &out->access, &out->prediction);
	if (!out->prediction.known)
		return error_set(error, "explain: %s", out->prediction.why);
	if (!proof_make(&request, &out->proof, error)) {
		struct vmm_error reason = *error;

		return error_set(error, "explain: the access could not be tried: %.400s", reason.text);
	}
	out->agree = is_agreed(out);
	if (session->kvm.kind == KVM_KIND_PVM && out->prediction.walk.entries[0].index == KERNEL_HALF_SLOT)
		out->quirk = "no-slot-256: ring 3 never gets at top-level slot 256 here";
	return true;
}

static void print(struct session *session, const struct explanation *explanation)
{
	if (strcmp(session->options.format, "json") == 0)
		explain_print_json(session->writer, explanation);
	else
		explain_print_text(session->writer, explanation, session_color(session));
}

static void complain(const struct explanation *explanation)
{
	char predicted[EVENT_TEXT], proved[EVENT_TEXT];

	explain_predicted(explanation, predicted, sizeof(predicted));
	explain_proved(explanation, proved, sizeof(proved));
	fprintf(stderr, "vmm: explain: THE CPU DISAGREES: the tables say: %s; it did: %s%s%s\n", predicted, proved,
		explanation->quirk != NULL ? "; this host's quirk " : "",
		explanation->quirk != NULL ? explanation->quirk : "");
}

int command_explain(int argc, char **argv)
{
	static struct session session; /* as in main.c */
	static struct explanation explanation;
	struct explain_options asked;
	struct vmm_error error;
	int status;

	session_init(&session);
	session.to_standard_output = session.guest_to_stderr = true;
	session.renderer = &silent;
	if (!explain_options_parse(&asked, &session.options, argc, argv, &error)) {
		status = session_fail(&error);
	} else if (session.options.action != ACTION_RUN) {
		status = command_print(explain_help);
	} else {
		explanation.access = asked.access;
		explanation.moment = asked.moment;
		explanation.seq = asked.seq;
		if (!open_guest(&session, &error) || !explain(&session, &asked, &explanation, &error)) {
			status = session_fail(&error);
		} else {
			print(&session, &explanation);
			session.run.status = explanation.agree ? 0 : STATUS_DISAGREE;
			status = session_finish_report(&session);
			if (!explanation.agree)
				complain(&explanation);
		}
	}
	session_close(&session);
	return status;
}
