/* SPDX-License-Identifier: MIT */
/* session.c: images, output, machine, report: opened in order, run, and closed. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest_files.h"
#include "observation_cost.h"
#include "run/recording.h"
#include "version.h"

static const char *const pvm_quirks[] = {"syscall-faults", "int-is-ud", "slow-ring0"};

static const struct elf_image *kernel_of(const struct session *session)
{
	return session->separate_kernel ? &session->kernel : &session->program;
}

bool session_open_images(struct session *session, struct vmm_error *error)
{
	const struct options *options = &session->options;

	if (!elf_image_open(&session->program, options->image, options->allow_wx, error))
		return false;
	session->separate_kernel = session->program.half == ELF_USER_ONLY;
	if (!session->separate_kernel)
		return options->kernel == NULL
			       ? true
			       : error_set(error,
					   "--kernel %s: %s brings its own kernel (its entry is in the upper half)",
					   options->kernel, options->image);
	if (options->kernel == NULL)
		return boot_open_builtin_kernel(&session->kernel, error);
	if (!elf_image_open(&session->kernel, options->kernel, options->allow_wx, error))
		return false;
	if (session->kernel.half != ELF_KERNEL_AND_USER)
		return error_set(error, "--kernel %s: is a user program (its entry is in the lower half), not a kernel",
				 options->kernel);
	if (elf_image_has_user_half(&session->kernel))
		return error_set(error,
				 "--kernel %s: is a complete guest (it has segments in the user half); run it as IMAGE",
				 options->kernel);
	return true;
}

static bool is_same_file(int fd, const struct stat *status)
{
	struct stat other;

	return fd >= 0 && fstat(fd, &other) == 0 && other.st_dev == status->st_dev && other.st_ino == status->st_ino;
}

/* Only emptied when it is not one of the images, which are still to be read. */
static bool open_output_file(struct session *session, const char *path, struct vmm_error *error)
{
	struct stat status;

	session->output = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (session->output < 0 || fstat(session->output, &status) < 0)
		return error_set(error, "%s: cannot write the report: %s", path, strerror(errno));
	if (is_same_file(session->program.fd, &status) || is_same_file(session->kernel.fd, &status))
		return error_set(error, "%s: is the image itself; choose another file for the report", path);
	if (S_ISREG(status.st_mode) && ftruncate(session->output, 0) < 0)
		return error_set(error, "%s: cannot write the report: %s", path, strerror(errno));
	return true;
}

bool session_open_output(struct session *session, struct vmm_error *error)
{
	const char *path = session->options.output;

	session->output = session->to_standard_output ? STDOUT_FILENO : STDERR_FILENO;
	if (path == NULL && renderer_find(session->options.format)->file && isatty(session->output))
		return error_set(error, "--format %s: standard %s is a terminal; give the report a file with -o FILE",
				 session->options.format, session->to_standard_output ? "output" : "error");
	if (path != NULL && !open_output_file(session, path, error))
		return false;
	session->writer = writer_open(session->output, path == NULL);
	return session->writer != NULL ? true : error_set(error, "no memory for the report's buffer");
}

static bool open_cpus(struct session *session, struct vmm_error *error)
{
	session->cpus = boot_cpus(kernel_of(session), session->options.cpus);
	for (unsigned i = 0; i < session->cpus; i++)
		if (!vcpu_open(&session->vcpus[i], &session->kvm, i, error))
			return false;
	return true;
}

/* Called by the file service's own thread. */
static void input_ready(void *context)
{
	host_event(context, VMM_HOST_INPUT);
}

static bool open_files(struct session *session, struct vmm_error *error)
{
	struct device_host *host = &session->run.devices;
	struct file_settings settings = {
		.ram = &session->ram,
		.host = host,
		.image = session->separate_kernel ? session->options.image : NULL,
		.image_fd = session->program.fd,
		.cpus = session->cpus,
		.input_ready = input_ready,
		.input_context = &session->run,
	};

	host->input = STDIN_FILENO;
	host->output = session->guest_to_stderr ? STDERR_FILENO : STDOUT_FILENO;
	host->error_output = STDERR_FILENO;
	session->files = host->files =
		guest_files_open(&session->options, &settings, &session->run.tracer.processes, error);
	return session->files != NULL;
}

bool session_build_machine(struct session *session, struct vmm_error *error)
{
	const struct options *options = &session->options;
	uint64_t ram = options->memory + boot_rings(kernel_of(session));
	struct boot_request request = {
		.memory = options->memory,
		.kernel = kernel_of(session),
		.program = &session->program,
		.argv = options->arguments,
		.envp = environment_make(&session->environment, options),
	};

	if (!kvm_open(&session->kvm, error) || !guest_ram_open(&session->ram, ram, error) ||
	    !kvm_create_vm(&session->kvm, &session->ram, error) || !open_cpus(session, error) ||
	    !open_files(session, error))
		return false;
	request.cpus = session->cpus;
	request.program_handle = file_service_program(session->files);
	return boot_guest(&request, &session->kvm, &session->ram, session->vcpus, &session->boot, error);
}

bool session_build_memory(struct session *session, struct vmm_error *error)
{
	const struct options *options = &session->options;
	struct boot_request request = {
		.memory = options->memory,
		.kernel = kernel_of(session),
		.program = &session->program,
		.argv = options->arguments,
		.envp = environment_make(&session->environment, options),
		.cpus = boot_cpus(kernel_of(session), options->cpus),
		.program_handle = -1,
	};
	struct boot_host host;

	boot_host_find(&host);
	session->kvm.kind = host.kind;
	session->cpus = request.cpus;
	return guest_ram_open(&session->ram, options->memory + boot_rings(request.kernel), error) &&
	       boot_build(&request, &host, &session->ram, &session->boot, error);
}

static bool is_dumb_terminal(void)
{
	const char *terminal = getenv("TERM");

	return terminal != NULL && strcmp(terminal, "dumb") == 0;
}

bool session_color(const struct session *session)
{
	return isatty(session->output) && getenv("NO_COLOR") == NULL && !is_dumb_terminal();
}

bool session_open_stream(struct session *session, struct vmm_error *error)
{
	const struct options *options = &session->options;
	const struct render_options render = {
		.events = !options->quiet,
		.layout = !options->quiet && options->layout != 0,
		.summary = options->summary,
		.frame = !options->quiet && !session->bare,
		.color = session_color(session),
	};
	struct observation_cost cost;
	const struct renderer *renderer =
		session->renderer != NULL ? session->renderer : renderer_find(options->format);

	session->stream = stream_open(renderer, session->writer, &render);
	if (session->stream == NULL)
		return error_set(error, "no memory for the report");
	if (!observation_cost_find(options, method_name(options->method), kvm_kind_name(session->kvm.kind), &cost,
				   error))
		return false;
	stream_set_cost(session->stream, &cost);
	if (options->expectations.count > 0)
		stream_watch(session->stream, expect_watch, &session->options.expectations);
	return true;
}

static bool prepare_run(struct session *session, struct vmm_error *error)
{
	const struct options *options = &session->options;
	unsigned traced = options->method == METHOD_OFF ? options->trace & TRACE_EXIT : options->trace;
	struct run *run = &session->run;
	struct site_request sites = {
		.kernel = kernel_of(session),
		.cr3 = session->boot.user_cr3,
		.quirks = session->kvm.kind == KVM_KIND_PVM,
		.ring = options->method == METHOD_RING,
		.switches = options->layout & LAYOUT_SWITCH,
	};

	/* Member by member: most of the struct is tables, zero already, whose pages nobody should touch for nothing. */
	run->ram = &session->ram;
	run->kvm = &session->kvm;
	run->vcpus = session->vcpus;
	run->cpu_count = session->cpus;
	run->stream = session->stream;
	run->writer = session->writer;
	run->output = options->output != NULL       ? options->output
		      : session->to_standard_output ? "standard output"
						    : "standard error";
	run->symbols = &session->symbols;
	run->boot = &session->boot;
	run->program = options->image;
	run->layout = options->quiet ? 0 : options->layout;
	if (expect_needs_layout(&options->expectations))
		run->layout |= LAYOUT_START | LAYOUT_END;
	run->timeout_ns = options->timeout_ns;
	run->tracer.ram = &session->ram;
	run->tracer.stream = session->stream;
	run->tracer.symbols = &session->symbols;
	run->tracer.traced = traced;
	if (options->method != METHOD_OFF)
		run->tracer.filter = options->calls;
	run->tracer.armed = tracer_needs(traced, &run->tracer.filter);
	/* The recorder looks at a program's memory, and takes a page fault of its own there. */
	sites.traced = run->tracer.armed;
	if (options->method == METHOD_RING && (sites.traced & (TRACE_SYSCALL | TRACE_RETURN)))
		sites.traced |= TRACE_EXCEPTION;
	run->tracer.program = options->image;
	symbols_init(&session->symbols, kernel_of(session), &session->program);
	if (!site_table_open(&run->tracer.sites, &sites, &session->ram, error))
		return false;
	run->tracer.processes.table = run->tracer.sites.process_table;
	run_init(run);
	if (options->method == METHOD_RING && run->tracer.sites.rings != 0 && session->boot.rings != 0)
		return recording_open(run, session->boot.rings, error);
	return true;
}

static void emit_start(struct session *session)
{
	const struct options *options = &session->options;
	bool quirks = session->kvm.kind == KVM_KIND_PVM;
	struct event event = {
		.type = EVENT_START,
		.start =
			{
				.version = VMM_VERSION,
				.host = kvm_kind_name(session->kvm.kind),
				.quirks = pvm_quirks,
				.quirk_count = quirks ? sizeof(pvm_quirks) / sizeof(pvm_quirks[0]) : 0,
				.image = options->image,
				.kernel = !session->separate_kernel ? NULL
					  : options->kernel != NULL ? options->kernel
								    : "built-in",
				.method = method_name(options->method),
				.trace = options->trace_text,
				.protections = session->boot.protections,
				.memory = options->memory,
				.cpus = session->cpus,
			},
	};

	stream_emit(session->stream, &event);
}

/* CPUs that were asked for, and that nobody would start. */
static void emit_cpus_off(struct session *session)
{
	struct event event = {.type = EVENT_NOTE};
	unsigned last = session->options.cpus - 1;

	if (session->cpus == session->options.cpus)
		return;
	snprintf(
		event.note, sizeof(event.note),
		last == 1
			? "the kernel has no vmm_cpu_entry (trace.h), where another CPU would begin: CPU %u stays off"
			: "the kernel has no vmm_cpu_entry (trace.h), where other CPUs would begin: CPUs 1 to %u stay off",
		last);
	stream_emit(session->stream, &event);
}

/* What this kernel cannot do on this host is better said before it fails. */
static void emit_gap(struct session *session)
{
	const char *gap = site_table_gap(&session->run.tracer.sites);
	struct event event = {.type = EVENT_NOTE};

	if (gap == NULL)
		return;
	snprintf(event.note, sizeof(event.note), "%s", gap);
	stream_emit(session->stream, &event);
}

/* Method `ring` needs the kernel's help; without it the transitions are still seen, at the price of `trap`. */
static void emit_no_recorder(struct session *session)
{
	struct event event = {.type = EVENT_NOTE};

	if (session->options.method != METHOD_RING || session->run.rings.count != 0)
		return;
	snprintf(event.note, sizeof(event.note),
		 "the kernel has no recorder (vmm_rings in trace.h): each transition is observed by a VM exit, as with "
		 "method trap");
	stream_emit(session->stream, &event);
}

int session_fail(const struct vmm_error *error)
{
	fprintf(stderr, "vmm: %s\n", error->text);
	return STATUS_VMM_FAILED;
}

/* A report that could not be written is a failure, unless nobody wanted to read it. */
int session_finish_report(struct session *session)
{
	int status = session->run.status, error;

	stream_close(session->stream);
	session->stream = NULL;
	if (session->options.expectations.failed > 0 && status != STATUS_VMM_FAILED)
		status = STATUS_NOT_MET;
	error = writer_close(session->writer);
	session->writer = NULL;
	if (session->options.output != NULL && close(session->output) < 0 && error == 0)
		error = errno;
	if (error == EPIPE)
		return status;
	if (error == ECANCELED) {
		fprintf(stderr, "vmm: %s: the report is cut short: nobody read it\n", session->run.output);
		return status;
	}
	if (error != 0 && status != STATUS_VMM_FAILED) {
		fprintf(stderr, "vmm: %s: cannot write the report: %s\n", session->run.output, strerror(error));
		return STATUS_VMM_FAILED;
	}
	return status;
}

/* A progress line, where it has the terminal to itself: the report goes elsewhere, or there is none until the end. */
static void prepare_progress(struct session *session)
{
	const struct options *options = &session->options;
	struct run *run = &session->run;

	if (!isatty(STDERR_FILENO) || is_dumb_terminal() || (isatty(session->output) && !options->quiet))
		return;
	progress_init(&session->progress, session->stream, options->quiet ? NULL : session->writer);
	run->progress = &session->progress;
	run->devices.touched = progress_touched;
	run->devices.touched_context = &session->progress;
}

bool session_prepare(struct session *session, struct vmm_error *error)
{
	if (!prepare_run(session, error))
		return false;
	emit_start(session);
	emit_cpus_off(session);
	emit_gap(session);
	emit_no_recorder(session);
	run_show_first_layout(&session->run);
	return true;
}

void session_complain(const struct session *session)
{
	const struct expectations *expectations = &session->options.expectations;
	char text[EXPECT_TEXT];

	for (size_t i = 0; expectations->failed > 0 && i < expectations->count; i++) {
		if (expectations->items[i].met)
			continue;
		expect_describe(&expectations->items[i], text, sizeof(text));
		fprintf(stderr, "vmm: %s\n", text);
	}
}

int session_run(struct session *session)
{
	struct vmm_error error;
	int status;

	if (!session_open_images(session, &error) || !session_open_output(session, &error) ||
	    !session_build_machine(session, &error) || !session_open_stream(session, &error) ||
	    !session_prepare(session, &error))
		return session_fail(&error);
	prepare_progress(session);
	run_guest(&session->run);
	progress_end(&session->progress);
	run_show_end(&session->run, session->options.method != METHOD_OFF);
	status = session_finish_report(session);
	if (session->run.message[0] != '\0' && !session->run.quiet_end)
		fprintf(stderr, "vmm: %s\n", session->run.message);
	session_complain(session);
	return status;
}

void session_close(struct session *session)
{
	if (session->stream != NULL)
		stream_close(session->stream);
	if (session->writer != NULL)
		writer_close(session->writer);
	file_service_close(session->files);
	tracer_close(&session->run.tracer);
	symbols_free(&session->symbols);
	for (unsigned i = 0; i < VMM_CPUS_MAX; i++)
		vcpu_close(&session->vcpus[i]);
	kvm_close(&session->kvm);
	guest_ram_close(&session->ram);
	elf_image_close(&session->kernel);
	elf_image_close(&session->program);
}

void session_init(struct session *session)
{
	session->kernel.fd = session->program.fd = -1;
	session->kvm.device = session->kvm.vm = -1;
	for (unsigned i = 0; i < VMM_CPUS_MAX; i++)
		session->vcpus[i].fd = -1;
}
