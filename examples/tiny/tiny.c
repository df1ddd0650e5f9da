/* SPDX-License-Identifier: MIT */
/* tiny.c: what the kernel does behind the doors of tiny.S. */
#include <stdint.h>

enum { DEBUG_CONSOLE = 0xe9, DEBUG_EXIT = 0xf4, RFLAGS_AC = 1 << 18 };

void handle_syscall(uint64_t number, const char *message);
void handle_page_fault(uint64_t *frame);
_Noreturn void finish(int status);
extern char user_after_fault[];

static void out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "d"(port));
}

_Noreturn void finish(int status)
{
	for (;;)
		out(DEBUG_EXIT, (uint8_t)status);
}

/* With SMAP, ring 0 may read user memory only while RFLAGS.AC is set. */
static void allow_user_memory(int allow)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	flags = allow ? flags | RFLAGS_AC : flags & ~(uint64_t)RFLAGS_AC;
	__asm__ volatile("pushq %0; popfq" : : "r"(flags) : "memory", "cc");
}

void handle_syscall(uint64_t number, const char *message)
{
	if (number != 1)
		finish(number == 2 ? 0 : 1);
	allow_user_memory(1);
	while (*message != '\0')
		out(DEBUG_CONSOLE, (uint8_t)*message++);
	allow_user_memory(0);
}

/* frame[0] error code, [1] rip, [2] cs: a fault of ring 3 is skipped, one of our own is the end. */
void handle_page_fault(uint64_t *frame)
{
	if ((frame[2] & 3) != 3)
		finish(2);
	frame[1] = (uint64_t)user_after_fault;
}
