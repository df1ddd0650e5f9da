/* SPDX-License-Identifier: MIT */
/* proof.c: makes the access in a process of its own, and says what came of it. */
#include "proof.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "copy.h"
#include "proof_code.h"
#include "run/fault.h"
#include "run/vm_exit.h"

#define LIMIT_SECONDS 60    /* of the whole; an emulated host needs two */
#define TARGET_PORT   0x5a0 /* what the byte at a fetched address writes to; not a vector's */
#define OPCODE_OUT_DX 0xee  /* out %al, (%dx) */

/* What the process hands back; less than PIPE_BUF, so all of it or nothing. */
struct answer {
	bool tried;
	struct proof proof;
	struct vmm_error error; /* if it was not */
};

static void odd(struct proof *proof, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void odd(struct proof *proof, const char *format, ...)
{
	va_list arguments;

	proof->outcome = PROOF_ODD;
	va_start(arguments, format);
	vsnprintf(proof->text, sizeof(proof->text), format, arguments);
	va_end(arguments);
}

static const uint8_t *code_of(const struct access *access)
{
	bool user = access->ring == 3;

	switch (access->operation) {
	case ACCESS_READ:
		return access->stack ? (user ? proof_user_stack_read : proof_stack_read)
				     : (user ? proof_user_read : proof_read);
	case ACCESS_WRITE:
		return access->stack ? (user ? proof_user_stack_write : proof_stack_write)
				     : (user ? proof_user_write : proof_write);
	case ACCESS_EXECUTE:
		break;
	}
	return user ? proof_user_jump : proof_jump;
}

/* An exception: is it the one of our access, or the end of ring 3's code? */
static void judge_vector(struct copy *copy, const struct proof_request *request, const struct cpu_state *state,
			 unsigned vector, struct proof *proof)
{
	const struct access *access = request->access;
	bool has_error = vector < VECTOR_EXCEPTIONS && (VECTORS_WITH_ERROR_CODE >> vector & 1);
	const uint64_t *pushed = copy_page(copy, COPY_STACK);
	uint64_t offset = state->rsp - (copy->kernel + COPY_STACK * PAGE_SIZE);
	gva_t code = copy_address(copy, code_of(access)), rip;
	bool fetch = access->operation == ACCESS_EXECUTE;

	if (offset % sizeof(*pushed) != 0 || offset > PAGE_SIZE - sizeof(struct x86_interrupt_frame)) {
		odd(proof, "an exception whose frame is not on the stack (rsp 0x%" PRIx64 ")", state->rsp);
		return;
	}
	pushed += offset / sizeof(*pushed);
	proof->vector = vector;
	proof->error = has_error ? (uint32_t)pushed[0] : 0;
	proof->cr2 = state->cr2;
	rip = pushed[has_error ? 1 : 0];
	proof->outcome = PROOF_FAULT;
	if (access->ring == 3 && !fetch && vector == VECTOR_UD && rip == copy_address(copy, proof_user_end))
		proof->outcome = PROOF_DONE;
	else if (access->ring == 3 && fetch && vector == VECTOR_GP && rip == access->gva && request->walk->canonical)
		proof->outcome = PROOF_DONE; /* the `out` there was fetched: ring 3 may not execute it */
	else if (rip != code && !(fetch && rip == access->gva))
		odd(proof, "%s at 0x%" PRIx64 ", which is not the access",
		    exception_name(vector) != NULL ? exception_name(vector) : "an interrupt", rip);
}

static void judge(struct copy *copy, const struct proof_request *request, struct proof *proof)
{
	struct cpu_state state;
	struct vm_exit exit;
	char what[EVENT_TEXT];

	vm_exit_decode(copy->vcpu.run, copy->vcpu.run_size, &exit);
	vcpu_state(&copy->vcpu, &state);
	vm_exit_describe(&exit, what, sizeof(what));
	if (exit.reason == EXIT_IO && exit.write && exit.size == 4 && exit.address == PROOF_PORT_DONE)
		proof->outcome = PROOF_DONE;
	else if (exit.reason == EXIT_IO && exit.write && exit.size == 1 && exit.address == TARGET_PORT)
		proof->outcome = PROOF_DONE;
	else if (exit.reason == EXIT_IO && exit.write && exit.size == 1 && exit.address < VECTORS)
		judge_vector(copy, request, &state, (unsigned)exit.address, proof);
	else if (exit.reason == EXIT_MMIO && request->walk->present && exit.address == request->walk->gpa)
		proof->outcome = PROOF_DONE; /* through the tables, to where no memory is */
	else
		odd(proof, "%s", what[0] != '\0' ? what : "an exit that was not expected");
}

/* Puts an `out` at the address to be fetched from. False: that would change the tables on the way to it. */
static bool place_target(const struct proof_request *request)
{
	static const uint8_t code = OPCODE_OUT_DX;
	struct walk after;

	if (!request->walk->present || !guest_ram_write(request->ram, request->walk->gpa, &code, sizeof(code)))
		return true;
	walk_address(request->ram, request->state->cr3, request->access->gva, &after);
	for (unsigned depth = 0; depth < request->walk->levels; depth++)
		if (after.levels != request->walk->levels ||
		    after.entries[depth].entry != request->walk->entries[depth].entry)
			return false;
	return true;
}

static bool make(const struct proof_request *request, struct proof *proof, struct vmm_error *error)
{
	struct copy copy;
	uint8_t byte = 0;
	int result;

	if (request->walk->present) /* the byte that is there, so that a write changes nothing, not even a table */
		(void)guest_ram_read(request->ram, request->walk->gpa, &byte, sizeof(byte));
	if (request->access->operation == ACCESS_EXECUTE && !place_target(request))
		return error_set(error, "the byte to be executed belongs to the page tables that lead to it");
	if (!copy_open(&copy, request, error))
		return false;
	copy_start(&copy, request, code_of(request->access), byte, TARGET_PORT);
	do
		result = vcpu_run(&copy.vcpu);
	while (result == EINTR);
	if (result != 0)
		return error_set(error, "KVM cannot run the copy (KVM_RUN): %s", strerror(result));
	judge(&copy, request, proof);
	return true;
}

/* The process that is the copy. */
static void answer(const struct proof_request *request, int pipe_end, pid_t parent)
{
	static struct answer answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	alarm(LIMIT_SECONDS);
	if (getppid() == parent)
		answer.tried = make(request, &answer.proof, &answer.error);
	_exit(write(pipe_end, &answer, sizeof(answer)) == (ssize_t)sizeof(answer) ? 0 : 1);
}

static bool read_answer(int pipe_end, struct answer *answer)
{
	ssize_t got;

	do
		got = read(pipe_end, answer, sizeof(*answer));
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(*answer);
}

bool proof_make(const struct proof_request *request, struct proof *proof, struct vmm_error *error)
{
	struct answer got = {0};
	pid_t parent = getpid(), child;
	int ends[2], status = 0;
	bool answered;

	if (pipe(ends) < 0)
		return error_set(error, "cannot make a pipe: %s", strerror(errno));
	child = fork();
	if (child == 0)
		answer(request, ends[1], parent);
	close(ends[1]);
	answered = child > 0 && read_answer(ends[0], &got);
	close(ends[0]);
	if (child < 0)
		return error_set(error, "cannot start a process for the copy: %s", strerror(errno));
	waitpid(child, &status, 0);
	if (!answered && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		return error_set(error, "the copy did not come to an end within %d s", LIMIT_SECONDS);
	if (!answered)
		return error_set(error, "the copy's process died (%s)",
				 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "no result");
	*proof = got.proof;
	if (!got.tried)
		*error = got.error;
	return got.tried;
}
