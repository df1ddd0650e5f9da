/* SPDX-License-Identifier: MIT */
/*
 * tracer.c: runs a program natively under ptrace and prints its system calls by vmm's decoders, for holding them
 * against what strace prints of the same program. Children are not followed.
 *
 * Usage: tracer OUTPUT PROGRAM [ARG...]
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decode/calls.h"
#include "decode/decode.h"

#define PAGE 4096

static size_t read_memory(void *context, uint64_t address, void *to, size_t count)
{
	const pid_t *child = context;
	size_t done = 0;

	while (done < count) { /* page by page: a read stops at the first one that is missing */
		size_t part = PAGE - (address + done) % PAGE;
		struct iovec local, remote;

		part = part < count - done ? part : count - done;
		local = (struct iovec){(char *)to + done, part};
		remote = (struct iovec){(void *)(uintptr_t)(address + done), part};
		if (process_vm_readv(*child, &local, 1, &remote, 1, 0) != (ssize_t)part)
			break;
		done += part;
	}
	return done;
}

static void print(FILE *out, const struct decode_call *call, const struct decoded *decoded)
{
	fprintf(out, "%s(", call->row != NULL ? call->row->name : "?");
	for (unsigned i = 0; i < decoded->count; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", decoded->args[i]);
	fprintf(out, ") = %s\n", decoded->result);
}

static void trace(FILE *out, pid_t child)
{
	const struct decode_memory memory = {&child, read_memory};
	static struct decoded decoded;
	struct decode_call call = {0};
	bool inside = false;
	int status;

	for (int signal = 0;; signal = 0) {
		struct user_regs_struct regs;

		if (waitpid(child, &status, 0) < 0 || WIFEXITED(status) || WIFSIGNALED(status))
			break;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			signal = WSTOPSIG(status) == SIGTRAP || WSTOPSIG(status) == SIGSTOP ? 0 : WSTOPSIG(status);
		} else if (ptrace(PTRACE_GETREGS, child, NULL, &regs) == 0) {
			if (!inside) {
				call = (struct decode_call){
					.row = call_row_x86_64(regs.orig_rax),
					.arg_count = 6,
					.args = {regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9},
					.stack = regs.rsp,
				};
				decode_entry(&call, &memory, &decoded);
			} else {
				decode_return(&call, &memory, (int64_t)regs.rax, &decoded);
				print(out, &call, &decoded);
			}
			inside = !inside;
		}
		ptrace(PTRACE_SYSCALL, child, NULL, (void *)(intptr_t)signal);
	}
	if (inside)
		print(out, &call, &decoded);
}

int main(int argc, char **argv)
{
	FILE *out;
	pid_t child;

	if (argc < 3 || (out = fopen(argv[1], "we")) == NULL)
		return 125;
	child = fork();
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execv(argv[2], argv + 2);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	trace(out, child);
	return fclose(out) == 0 ? 0 : 125;
}
