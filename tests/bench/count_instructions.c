/* SPDX-License-Identifier: MIT */
/*
 * count_instructions.c: how many instructions the guest kernel executes for a system call, a page fault and so on, told
 * by the CPU: KVM single-steps ring 0 from each entry to its return (KVM_GUESTDBG_SINGLESTEP). Ring 3 runs freely.
 *
 * Usage: count-instructions [--quirks | --ring] LISTING PROGRAM       LISTING: of the kernel (listing.h); PROGRAM:
 * calls.elf count-instructions --total LISTING PROGRAM [ARG...]  a program of any kind, on the host as it is: prints
 * the crossings, and the instructions in all of them and the start Without --quirks the kernel is started as on a host
 * without quirks; where the CPU leaves a `syscall` or `int 0x80` undone, the transition is completed from outside, so
 * that the kernel's usual code runs. With it, its quirk code runs. With --ring each site leads to its recorder
 * (shared/ring.h), which is counted, too. Prints: thing, limit, smallest, median and largest count of the rounds; tabs
 * between them. The last line is "steps", how many there were, and how many of them did two instructions: some hosts
 * swallow the stop after swapgs or fxsave. A step that the listing does not allow ends the program.
 *
 * Counted is everything in ring 0 from the trace site of the entry to the iretq or sysretq, both sites and the return
 * included; a repeated string instruction counts once. Timer interrupts are left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "bench_marks.h"
#include "boot/boot.h"
#include "devices/device.h"
#include "files/file_service.h"
#include "listing.h"
#include "run/hypercall.h"
#include "run/quirks.h"
#include "run/rings.h"
#include "run/sites.h"
#include "run/tracer.h"
#include "run/vm_exit.h"
#include "run/walk.h"
#include "syscalls.h"

#define MEMORY    (UINT64_C(64) << 20)
#define SITE_SIZE 2 /* bytes of a trace site */

struct rounds {
	unsigned counts[BENCH_ROUNDS];
	unsigned done;
};

struct counter {
	struct kvm kvm;
	struct guest_ram ram;
	struct vcpu vcpu;
	struct boot_result boot;
	struct elf_image kernel, program;
	struct site_table sites;
	struct rings rings;
	bool ring;      /* sites lead to their recorders */
	bool recording; /* the recorder of a return is under way: it ends the crossing */
	struct device_host devices;
	struct cpu_state state;
	struct listing listing;
	bool stepping;
	bool leaving;          /* the crossing is counted, but the stepping goes on until ring 3 */
	bool is_mark;          /* the system call under way is a mark */
	gva_t next;            /* the instruction that comes next, while stepping */
	unsigned instructions; /* in the crossing under way */
	unsigned boot_instructions;
	unsigned crossings, total; /* returns so far, and what all took */
	enum bench_thing thing;    /* what is measured */
	unsigned sum;              /* its instructions so far */
	unsigned steps, swallowed;
	struct rounds rounds[BENCH_END];
};

static _Noreturn void die(const char *text)
{
	fprintf(stderr, "count-instructions: %s\n", text);
	exit(125);
}

static bool open_files(struct counter *counter, const char *path, struct vmm_error *error)
{
	struct device_host *host = &counter->devices;
	const struct file_settings settings = {
		.ram = &counter->ram,
		.host = host,
		.image = path,
		.image_fd = counter->program.fd,
		.cpus = 1,
	};

	host->input = host->output = host->error_output = open("/dev/null", O_RDWR | O_CLOEXEC);
	host->files = file_service_open(&settings, error);
	return host->files != NULL;
}

/* The recorders are there but nothing jumps to them: at each site's `out` this program does (to_recorder). */
static bool open_sites(struct counter *counter, bool quirks, struct vmm_error *error)
{
	const struct site_request request = {
		.kernel = &counter->kernel,
		.cr3 = counter->boot.user_cr3,
		.traced = TRACE_TRANSITIONS & ~(unsigned)TRACE_INTERRUPT,
		.quirks = quirks,
	};

	if (!site_table_open(&counter->sites, &request, &counter->ram, error))
		return false;
	return !counter->ring || rings_open(&counter->rings, &counter->sites, &counter->ram, counter->boot.user_cr3,
					    counter->boot.rings, 1, error);
}

static void start(struct counter *counter, char **arguments, bool quirks)
{
	static char *const environment[] = {NULL};
	const char *path = arguments[0];
	struct boot_request request = {
		.memory = MEMORY,
		.kernel = &counter->kernel,
		.program = &counter->program,
		.argv = arguments,
		.envp = environment,
		.cpus = 1,
	};
	struct vmm_error error;
	bool quirky_host;

	if (!boot_open_builtin_kernel(&counter->kernel, &error) ||
	    !elf_image_open(&counter->program, path, false, &error) || !kvm_open(&counter->kvm, &error))
		die(error.text);
	quirky_host = counter->kvm.kind == KVM_KIND_PVM;
	if (!quirks)
		counter->kvm.kind = KVM_KIND_UNKNOWN;
	if (!guest_ram_open(&counter->ram, MEMORY + boot_rings(&counter->kernel), &error) ||
	    !kvm_create_vm(&counter->kvm, &counter->ram, &error) ||
	    !vcpu_open(&counter->vcpu, &counter->kvm, 0, &error) || !open_files(counter, path, &error))
		die(error.text);
	request.program_handle = file_service_program(counter->devices.files);
	if (!boot_guest(&request, &counter->kvm, &counter->ram, &counter->vcpu, &counter->boot, &error) ||
	    !open_sites(counter, quirks && quirky_host, &error))
		die(error.text);
	if (quirky_host && !quirks)
		counter->sites.quirks = counter->sites.emulate_syscall = counter->sites.emulate_int = true;
}

/* Before every entry, not only at a change: on some hosts the guest's popfq ends the stepping. */
static void set_stepping(const struct counter *counter)
{
	struct kvm_guest_debug debug = {
		.control = counter->stepping ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP : 0,
	};

	if (ioctl(counter->vcpu.fd, KVM_SET_GUEST_DEBUG, &debug) < 0)
		die("KVM_SET_GUEST_DEBUG failed: this host cannot step");
}

/* The CPU has gone on to rip. A repeated instruction stops before each repetition, and after an `out` some hosts stop
   twice: neither has moved on. */
static void step_to(struct counter *counter, gva_t rip)
{
	unsigned steps = listing_steps(&counter->listing, counter->next, rip);

	if (rip == counter->next)
		return;
	if (steps == 0) {
		fprintf(stderr, "count-instructions: lost: 0x%" PRIx64 " cannot come after 0x%" PRIx64 "\n", rip,
			counter->next);
		exit(125);
	}
	counter->steps++;
	counter->swallowed += steps - 1;
	counter->instructions += steps;
	counter->next = rip;
}

static void begin_crossing(struct counter *counter, gva_t site)
{
	counter->stepping = true;
	counter->leaving = false;
	counter->instructions = 0;
	counter->next = site;
	counter->is_mark = false;
}

static void note_mark(struct counter *counter, uint64_t argument)
{
	enum bench_thing thing = (enum bench_thing)(argument & BENCH_MARK_MASK);
	struct rounds *rounds;

	if ((argument & ~(uint64_t)BENCH_MARK_MASK) != BENCH_MARK || thing >= BENCH_END)
		return;
	counter->is_mark = true;
	rounds = &counter->rounds[counter->thing];
	if (thing == BENCH_NOTHING && counter->thing != BENCH_NOTHING && rounds->done < BENCH_ROUNDS)
		rounds->counts[rounds->done++] = counter->sum;
	counter->thing = thing;
	counter->sum = 0;
}

/* The host left a `syscall` or `int 0x80` undone; finishes it as vmm does for kernels without code for that. */
static bool complete_quirk(struct counter *counter, const struct site *site, struct completion *completion)
{
	const struct cpu_state *state = &counter->state;
	bool has_error = site->vector == VECTOR_PF;
	struct pushed_frame pushed = {.address = state->rsp + (has_error ? 8 : 0)};
	uint64_t code = 0;
	unsigned vector = site->vector;

	walk_read(&counter->ram, state->cr3, pushed.address, &pushed.frame, sizeof(pushed.frame));
	if (has_error)
		walk_read(&counter->ram, state->cr3, state->rsp, &code, sizeof(code));
	pushed.error = (uint32_t)code;
	if (site->vector == VECTOR_PF && counter->sites.emulate_syscall &&
	    quirk_is_syscall(&counter->sites, &counter->ram, state, &pushed))
		quirk_complete_syscall(&counter->sites, state, &pushed, completion);
	else if (site->vector == VECTOR_UD && counter->sites.emulate_int &&
		 quirk_is_int(&counter->sites, &counter->ram, state, &pushed, &vector))
		(void)quirk_complete_int(&counter->sites, &counter->ram, state, &pushed, vector, completion);
	if (completion->needed)
		vcpu_jump(&counter->vcpu, completion->rip, completion->rsp, completion->rflags);
	return completion->needed;
}

/* Behind a site's `out`: the next instruction, or the recorder instead, to which the site would have jumped. */
static void behind_site(struct counter *counter, const struct site *site, const struct completion *completion)
{
	struct record record;
	unsigned cpu;

	if (!counter->ring || site->recorder == 0 || site->stand_in) {
		step_to(counter, site->address + SITE_SIZE);
		return;
	}
	while (rings_take(&counter->rings, UINT64_MAX, &record, &cpu))
		;
	counter->instructions++;
	counter->next = site->address + (gva_t)site->recorder;
	vcpu_jump(&counter->vcpu, counter->next, completion->needed ? completion->rsp : counter->state.rsp,
		  completion->needed ? completion->rflags : counter->state.rflags);
}

static void at_entry(struct counter *counter, const struct site *site)
{
	struct completion completion = {0};

	if (site->stand_in) {
		step_to(counter, site->address);
		step_to(counter, site->address + SITE_SIZE);
		return;
	}
	if (counter->stepping && !counter->leaving) { /* a fault inside the kernel belongs to what it interrupts */
		counter->next = site->address;
		behind_site(counter, site, &completion);
		return;
	}
	if (complete_quirk(counter, site, &completion))
		site = site_at(&counter->sites, completion.rip - SITE_SIZE);
	begin_crossing(counter, site->address);
	if (counter->state.rax == SYS_getpid)
		note_mark(counter, counter->state.rdi);
	behind_site(counter, site, &completion);
}

/* The CPU stands before the iretq or sysretq with which it leaves the kernel. */
static void end_crossing(struct counter *counter)
{
	counter->crossings++;
	counter->total += counter->instructions + 1;
	counter->instructions++; /* the iretq or sysretq itself, which is not stepped */
	/* Where KVM finishes the `out` at the next entry only, a step called off before is left over and reaches the
	   guest as a #DB (VT-x). Elsewhere one in ring 3 does (PVM). */
	counter->leaving = counter->sites.rip_behind == 0;
	counter->stepping = counter->leaving;
	counter->recording = false;
	if (counter->boot_instructions == 0)
		counter->boot_instructions = counter->instructions;
	else if (!counter->is_mark)
		counter->sum += counter->instructions;
}

static void at_return(struct counter *counter, const struct site *site)
{
	const struct completion none = {0};
	uint64_t cs = SELECTOR_USER_CODE;

	if (!counter->stepping || counter->leaving)
		return; /* from an interrupt */
	step_to(counter, site->address);
	behind_site(counter, site, &none);
	if (site->kind == VMM_SITE_IRET)
		walk_read(&counter->ram, counter->state.cr3, counter->state.rsp + 8, &cs, sizeof(cs));
	if ((cs & 3) == 0)
		return;
	counter->recording = counter->ring && site->recorder != 0 && !site->stand_in;
	if (!counter->recording)
		end_crossing(counter);
}

/* Where the CPU goes on after the guest's own `out`. Intel SDM vol. 2, "OUT": ee and ef take the port from dx. */
static gva_t behind_io(const struct counter *counter)
{
	uint8_t opcode = 0;

	if (counter->sites.rip_behind != 0)
		return counter->state.rip;
	walk_read(&counter->ram, counter->state.cr3, counter->state.rip, &opcode, sizeof(opcode));
	return counter->state.rip + (opcode >= 0xec ? 1 : 2);
}

static void handle_io(struct counter *counter, const struct vm_exit *exit)
{
	struct event_exit event = {.reason = EXIT_IO};
	const struct site *site = site_at_exit(&counter->sites, counter->state.rip, exit->address, exit->size);

	if (site != NULL && (site->kind == VMM_SITE_IRET || site->kind == VMM_SITE_SYSRET)) {
		at_return(counter, site);
		return;
	}
	if (site != NULL) {
		at_entry(counter, site);
		return;
	}
	if (counter->stepping)
		step_to(counter, behind_io(counter));
	if (exit->address != VMM_PORT_HYPERCALL)
		die("the guest used a port that is not expected");
	hypercall(&counter->ram, &counter->devices, &counter->state, &event);
	vcpu_set_rax(&counter->vcpu, (uint64_t)event.result);
}

/* Intel SDM vol. 2, "SYSRET", "IRET", "SWAPGS": 48 0f 07, 48 cf, 0f 01 f8. How many instructions are left to the
   return: 1, 2 if there is a swapgs before it (whose stop some hosts swallow); 0: more. */
static unsigned left_to_return(const struct counter *counter)
{
	static const uint8_t swapgs[3] = {0x0f, 0x01, 0xf8};
	uint8_t code[6] = {0}, *next = code;

	walk_read(&counter->ram, counter->state.cr3, counter->state.rip, code, sizeof(code));
	if (memcmp(code, swapgs, sizeof(swapgs)) == 0)
		next += sizeof(swapgs);
	if (next[0] == 0x48 && (next[1] == 0xcf || (next[1] == 0x0f && next[2] == 0x07)))
		return next == code ? 1 : 2;
	return 0;
}

static void at_step(struct counter *counter)
{
	if (!counter->leaving) {
		step_to(counter, counter->state.rip);
		if (counter->recording && left_to_return(counter) > 0) {
			counter->instructions += left_to_return(counter) - 1;
			end_crossing(counter);
		}
	} else if (counter->state.ring != 0) {
		counter->stepping = counter->leaving = false;
	}
}

/* KVM steps from the rip that it has: hand the registers over without running. */
static void load_registers(struct counter *counter)
{
	vcpu_kick(&counter->vcpu);
	if (vcpu_run(&counter->vcpu) != EINTR)
		die("KVM_RUN with immediate_exit ran the guest");
	counter->vcpu.run->immediate_exit = 0;
}

static void run(struct counter *counter)
{
	char text[2 * EVENT_TEXT];

	load_registers(counter);
	counter->stepping = true;
	counter->next = counter->boot.entry;
	while (counter->devices.end == GUEST_RUNS) {
		struct vm_exit exit;
		int error;

		set_stepping(counter);
		error = vcpu_run(&counter->vcpu);
		if (error == EINTR)
			continue;
		if (error != 0)
			die(strerror(error));
		vcpu_state(&counter->vcpu, &counter->state);
		vm_exit_decode(counter->vcpu.run, counter->vcpu.run_size, &exit);
		if (exit.reason == EXIT_DEBUG) {
			at_step(counter);
		} else if (exit.reason == EXIT_IO) {
			handle_io(counter, &exit);
		} else {
			vm_exit_describe(&exit, text, sizeof(text));
			die(text);
		}
	}
	if (counter->devices.end != GUEST_EXITED || counter->devices.code != 0) {
		snprintf(text, sizeof(text), "the guest failed while %u was measured: end %u, code %d %s",
			 (unsigned)counter->thing, (unsigned)counter->devices.end, counter->devices.code,
			 counter->devices.panic);
		die(text);
	}
}

static int compare(const void *left, const void *right)
{
	unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;

	return a < b ? -1 : a > b;
}

static void print_once(const char *name, unsigned count)
{
	printf("%s\t0\t%u\t%u\t%u\n", name, count, count, count);
}

static void print(struct counter *counter)
{
	static const struct {
		const char *name;
		unsigned parts, limit;
	} things[BENCH_END] = {
#define BENCH_ROW(name, text, parts, limit) [BENCH_##name] = {text, parts, limit},
		BENCH_THINGS(BENCH_ROW)
#undef BENCH_ROW
	};

	print_once("start of the kernel to ring 3", counter->boot_instructions);
	print_once("exit of the last process", counter->instructions);
	for (enum bench_thing thing = BENCH_NOTHING + 1; thing < BENCH_END; thing++) {
		struct rounds *rounds = &counter->rounds[thing];
		unsigned parts = things[thing].parts;

		if (rounds->done == 0)
			die("a measurement is missing");
		qsort(rounds->counts, rounds->done, sizeof(rounds->counts[0]), compare);
		printf("%s\t%u\t%u\t%u\t%u\n", things[thing].name, things[thing].limit, rounds->counts[0] / parts,
		       rounds->counts[rounds->done / 2] / parts, rounds->counts[rounds->done - 1] / parts);
	}
	printf("steps\t%u\t%u\n", counter->steps, counter->swallowed);
}

int main(int argc, char **argv)
{
	static struct counter counter;
	bool quirks = false, total = false;

	if (argc > 3 &&
	    (strcmp(argv[1], "--quirks") == 0 || strcmp(argv[1], "--total") == 0 || strcmp(argv[1], "--ring") == 0)) {
		counter.ring = strcmp(argv[1], "--ring") == 0;
		quirks = !counter.ring;
		total = strcmp(argv[1], "--total") == 0;
		argv++;
		argc--;
	}
	if (argc < 3)
		die("usage: count-instructions [--quirks | --ring | --total] LISTING PROGRAM [ARG...]");
	listing_read(&counter.listing, argv[1]);
	start(&counter, argv + 2, quirks);
	run(&counter);
	if (total)
		printf("%u\t%u\n", counter.crossings, counter.total + counter.instructions);
	else
		print(&counter);
	return 0;
}
