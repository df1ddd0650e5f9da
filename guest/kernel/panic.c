/* SPDX-License-Identifier: MIT */
/* panic.c: says why, with nothing but a buffer and a hypercall: it must work on any stack, with any GS. */
#include "panic.h"

#include "cpu.h"
#include "hypercall.h"
#include "trap.h"

static struct text {
	char bytes[256];
	uint64_t used;
} text;

static void add(const char *string)
{
	while (*string != '\0' && text.used < sizeof(text.bytes))
		text.bytes[text.used++] = *string++;
}

static void add_hex(const char *name, uint64_t value)
{
	char digits[] = "0000000000000000";
	char *digit = digits + sizeof(digits) - 1;

	do {
		*--digit = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value != 0);
	add(name);
	add("0x");
	add(digit);
}

/* The VMM does not return from this hypercall. */
static _Noreturn void give_up(void)
{
	hypercall(VMM_HYPERCALL_PANIC, 0, (uint64_t)text.bytes, text.used);
	for (;;)
		asm volatile("cli; hlt");
}

void panic(const char *reason)
{
	add(reason);
	give_up();
}

void panic_fault(const struct trap_frame *frame, uint32_t vector)
{
	static const char *const names[VECTOR_EXCEPTIONS] = {
		[VECTOR_DE] = "#DE, divide error",        [VECTOR_DB] = "#DB, debug",
		[VECTOR_BP] = "#BP, breakpoint",          [VECTOR_OF] = "#OF, overflow",
		[VECTOR_UD] = "#UD, invalid opcode",      [VECTOR_NM] = "#NM, device not available",
		[VECTOR_DF] = "#DF, double fault",        [VECTOR_TS] = "#TS, invalid TSS",
		[VECTOR_NP] = "#NP, segment not present", [VECTOR_SS] = "#SS, stack",
		[VECTOR_GP] = "#GP, general protection",  [VECTOR_PF] = "#PF, page fault",
		[VECTOR_MF] = "#MF, x87 floating point",  [VECTOR_AC] = "#AC, alignment check",
		[VECTOR_MC] = "#MC, machine check",       [VECTOR_XM] = "#XM, SIMD floating point",
	};

	if (text.used != 0) /* a fault while we were here already: what there is of the first text must do */
		give_up();
	add(from_user(frame) ? "ring 3: " : "ring 0: ");
	if (vector < VECTOR_EXCEPTIONS && names[vector] != 0)
		add(names[vector]);
	else
		add_hex("exception ", vector);
	add_hex(" at rip ", frame->rip);
	add_hex(", error ", frame->error);
	if (vector == VECTOR_PF || vector == VECTOR_DF)
		add_hex(", cr2 ", read_cr2());
	add_hex(", rsp ", frame->rsp);
	add_hex(", rflags ", frame->rflags);
	give_up();
}
