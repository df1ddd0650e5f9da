/* SPDX-License-Identifier: MIT */
/* fault.c: explains exceptions from the live page tables and the code at rip. */
#include "fault.h"

#include <inttypes.h>
#include <stdio.h>

#include "walk.h"

#define CODE_BYTES 15

const char *exception_name(unsigned vector)
{
	static const char *const names[VECTOR_EXCEPTIONS] = {
		[VECTOR_DE] = "#DE", [VECTOR_DB] = "#DB", [VECTOR_NMI] = "NMI", [VECTOR_BP] = "#BP",
		[VECTOR_OF] = "#OF", [VECTOR_BR] = "#BR", [VECTOR_UD] = "#UD",  [VECTOR_NM] = "#NM",
		[VECTOR_DF] = "#DF", [VECTOR_TS] = "#TS", [VECTOR_NP] = "#NP",  [VECTOR_SS] = "#SS",
		[VECTOR_GP] = "#GP", [VECTOR_PF] = "#PF", [VECTOR_MF] = "#MF",  [VECTOR_AC] = "#AC",
		[VECTOR_MC] = "#MC", [VECTOR_XM] = "#XM", [VECTOR_CP] = "#CP",  [VECTOR_HV] = "#HV",
		[VECTOR_VC] = "#VC", [VECTOR_SX] = "#SX",
	};

	return vector < VECTOR_EXCEPTIONS ? names[vector] : NULL;
}

/* The first entry on the way that lacks (or, with `set`, has) the bit. Returns its depth, or -1. */
static int entry_without(const struct walk *walk, uint64_t bit, bool set)
{
	for (unsigned depth = 0; depth < walk->levels; depth++)
		if (((walk->entries[depth].entry & bit) != 0) == set)
			return (int)depth;
	return -1;
}

static struct fault_denial by_entry(const char *verdict, int depth, unsigned bit, const char *name)
{
	return (struct fault_denial){.depth = depth, .bit = bit, .name = name, .verdict = verdict};
}

static struct fault_denial by_rule(const char *verdict)
{
	return (struct fault_denial){.depth = -1, .verdict = verdict};
}

static struct fault_denial reserved_denial(const struct fault *fault, const struct walk *walk)
{
	/* Where the CPU's own format is not known, only what is reserved on every CPU can be named. */
	static const struct walk_format loosest = {.physical_bits = 52, .huge_pages = true, .no_execute = true};
	uint64_t bits = 0;
	int depth = walk_reserved(walk, fault->format != NULL ? fault->format : &loosest, &bits);

	if (depth < 0)
		return by_rule("a reserved bit is set in an entry on the way");
	return by_entry("a reserved bit is set", depth, (unsigned)__builtin_ctzll(bits), NULL);
}

static struct fault_denial not_present_denial(const struct walk *walk)
{
	int depth = entry_without(walk, PTE_P, false);

	if (!walk->canonical)
		return by_rule("the address is not canonical");
	if (walk->outside)
		return by_rule("the tables lead outside the guest's memory");
	if (depth < 0)
		return by_rule("the page is present now (the CPU's TLB was older)");
	return by_entry("not present", depth, 0, "P=0");
}

static struct fault_denial rights_denial(const struct cpu_state *state, const struct fault *fault,
					 const struct walk *walk)
{
	bool user = fault->error & PF_U, write = fault->error & PF_W, fetch = fault->error & PF_I;
	int not_user = entry_without(walk, PTE_U, false), not_writable = entry_without(walk, PTE_W, false);
	int no_execute = entry_without(walk, PTE_NX, true);

	if (user && not_user >= 0)
		return by_entry("a supervisor page", not_user, 2, "U=0");
	if (fetch && no_execute >= 0)
		return by_entry("a no-execute page", no_execute, 63, "NX=1");
	if (write && not_writable >= 0 && fault->software_cow && walk->present &&
	    (walk->entries[walk->levels - 1].entry & PTE_SW_COW))
		return by_entry("a copy-on-write page", not_writable, 1, "W=0");
	if (write && not_writable >= 0 && (user || (state->cr0 & CR0_WP)))
		return by_entry("a read-only page", not_writable, 1, "W=0");
	if (!user && fetch && walk->user && (state->cr4 & CR4_SMEP))
		return by_rule("a user page, and CR4.SMEP=1 forbids ring 0 to execute it");
	if (!user && !fetch && walk->user && (state->cr4 & CR4_SMAP) && !(fault->rflags & RFLAGS_AC))
		return by_rule("a user page, and CR4.SMAP=1 with RFLAGS.AC=0 forbids it to ring 0");
	return by_rule("the tables allow it now (the CPU's TLB was older)");
}

struct fault_denial fault_denial(const struct cpu_state *state, const struct fault *fault, const struct walk *walk)
{
	if (fault->error & PF_RSVD)
		return reserved_denial(fault, walk);
	return fault->error & PF_P ? rights_denial(state, fault, walk) : not_present_denial(walk);
}

/* Nothing is mapped there, on purpose: the report's layout shows these, too. "": it is none. */
static const char *guard_at(gva_t address)
{
	if (address < USER_MIN)
		return ", in the null guard";
	if (address >= USER_STACK_BASE - USER_STACK_GUARD && address < USER_STACK_BASE)
		return ", in the guard below the stack";
	if (address >= KERNEL_STACKS && address < KERNEL_STACKS + KERNEL_STACK_SLOTS * KERNEL_STACK_SLOT &&
	    (address - KERNEL_STACKS) % KERNEL_STACK_SLOT < KERNEL_STACK_GUARD)
		return ", in the guard below a kernel stack";
	return "";
}

static void explain_page_fault(const struct cpu_state *state, const struct fault *fault, const struct walk *walk,
			       char *text, size_t size)
{
	const char *who = fault->error & PF_U ? "user" : "kernel";
	const char *what = fault->error & PF_I ? "fetch from" : fault->error & PF_W ? "write to" : "read of";
	struct fault_denial denial = fault_denial(state, fault, walk);
	char bit[16];

	snprintf(bit, sizeof(bit), "bit %u", denial.bit);
	if (denial.depth < 0)
		snprintf(text, size, "%s %s 0x%" PRIx64 ": %s", who, what, state->cr2, denial.verdict);
	else
		snprintf(text, size, "%s %s 0x%" PRIx64 ": %s: %s.%s at index %u%s", who, what, state->cr2,
			 denial.verdict, walk_entry_name((unsigned)denial.depth),
			 denial.name != NULL ? denial.name : bit, walk->entries[denial.depth].index,
			 fault->error & PF_P ? "" : guard_at(state->cr2));
}

/* Instructions that ring 3 may not execute, by their bytes after the prefixes. AMD APM vol. 3, "System Instructions".
 */
struct privileged {
	unsigned size;
	uint8_t bytes[2];
	int reg; /* the reg field of ModRM that belongs to it, or -1 */
	const char *name, *rule;
};

static const struct privileged privileged_instructions[] = {
	{1, {0xfa}, -1, "cli", "needs IOPL 3"},
	{1, {0xfb}, -1, "sti", "needs IOPL 3"},
	{1, {0xf4}, -1, "hlt", "needs ring 0"},
	{1, {0xe4}, -1, "in", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xe5}, -1, "in", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xe6}, -1, "out", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xe7}, -1, "out", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xec}, -1, "in", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xed}, -1, "in", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xee}, -1, "out", "needs IOPL 3 or the I/O bitmap"},
	{1, {0xef}, -1, "out", "needs IOPL 3 or the I/O bitmap"},
	{1, {0x6c}, -1, "ins", "needs IOPL 3 or the I/O bitmap"},
	{1, {0x6d}, -1, "ins", "needs IOPL 3 or the I/O bitmap"},
	{1, {0x6e}, -1, "outs", "needs IOPL 3 or the I/O bitmap"},
	{1, {0x6f}, -1, "outs", "needs IOPL 3 or the I/O bitmap"},
	{2, {0x0f, 0x20}, -1, "mov from a control register", "needs ring 0"},
	{2, {0x0f, 0x22}, -1, "mov to a control register", "needs ring 0"},
	{2, {0x0f, 0x21}, -1, "mov from a debug register", "needs ring 0"},
	{2, {0x0f, 0x23}, -1, "mov to a debug register", "needs ring 0"},
	{2, {0x0f, 0x30}, -1, "wrmsr", "needs ring 0"},
	{2, {0x0f, 0x32}, -1, "rdmsr", "needs ring 0"},
	{2, {0x0f, 0x06}, -1, "clts", "needs ring 0"},
	{2, {0x0f, 0x08}, -1, "invd", "needs ring 0"},
	{2, {0x0f, 0x09}, -1, "wbinvd", "needs ring 0"},
	{2, {0x0f, 0x07}, -1, "sysret", "needs ring 0"},
	{2, {0x0f, 0x00}, 2, "lldt", "needs ring 0"},
	{2, {0x0f, 0x00}, 3, "ltr", "needs ring 0"},
	{2, {0x0f, 0x00}, 0, "sldt", "needs ring 0 (CR4.UMIP)"},
	{2, {0x0f, 0x00}, 1, "str", "needs ring 0 (CR4.UMIP)"},
	{2, {0x0f, 0x01}, 0, "sgdt", "needs ring 0 (CR4.UMIP)"},
	{2, {0x0f, 0x01}, 1, "sidt", "needs ring 0 (CR4.UMIP)"},
	{2, {0x0f, 0x01}, 2, "lgdt", "needs ring 0"},
	{2, {0x0f, 0x01}, 3, "lidt", "needs ring 0"},
	{2, {0x0f, 0x01}, 4, "smsw", "needs ring 0 (CR4.UMIP)"},
	{2, {0x0f, 0x01}, 6, "lmsw", "needs ring 0"},
	{2, {0x0f, 0x01}, 7, "invlpg or swapgs", "needs ring 0"},
};

static bool is_prefix(uint8_t byte)
{
	return byte == 0x66 || byte == 0x67 || byte == 0xf2 || byte == 0xf3 || byte == 0x2e || byte == 0x36 ||
	       byte == 0x3e || byte == 0x26 || byte == 0x64 || byte == 0x65 || (byte & 0xf0) == 0x40;
}

static const struct privileged *find_privileged(const uint8_t *code, uint64_t count)
{
	while (count > 0 && is_prefix(*code)) {
		code++;
		count--;
	}
	for (size_t i = 0; i < sizeof(privileged_instructions) / sizeof(privileged_instructions[0]); i++) {
		const struct privileged *item = &privileged_instructions[i];

		if (count < item->size || code[0] != item->bytes[0] || (item->size == 2 && code[1] != item->bytes[1]))
			continue;
		if (item->reg < 0 || (count > 2 && (code[2] >> 3 & 7) == item->reg))
			return item;
	}
	return NULL;
}

static void explain_protection(const struct fault *fault, const uint8_t *code, uint64_t count, char *text, size_t size)
{
	const struct privileged *item = fault->ring == 3 ? find_privileged(code, count) : NULL;

	if (count >= 2 && code[0] == 0xcd && fault->ring == 3)
		snprintf(text, size, "int 0x%02x in ring 3: its gate is missing or has DPL 0", code[1]);
	else if (item != NULL)
		snprintf(text, size, "%s in ring 3: it %s", item->name, item->rule);
	else if (fault->error != 0 && (fault->error & 2))
		snprintf(text, size, "gate of vector 0x%x", fault->error >> 3);
	else if (fault->error != 0)
		snprintf(text, size, "selector 0x%x", fault->error & 0xfff8);
	else
		snprintf(text, size,
			 "a rule of protection was broken (a non-canonical address, a privileged instruction, ...)");
}

static void explain_invalid_opcode(const uint8_t *code, uint64_t count, char *text, size_t size)
{
	int used = 0;

	if (count >= 2 && code[0] == 0x0f && code[1] == 0x0b) {
		snprintf(text, size, "ud2: undefined on purpose");
		return;
	}
	if (count >= 2 && code[0] == 0xcd) {
		snprintf(text, size, "int 0x%02x: no gate for this ring; this host raises #UD for it, a CPU #GP(0x%x)",
			 code[1], code[1] * 8 + 2);
		return;
	}
	used += snprintf(text, size, "the CPU does not know the instruction");
	for (uint64_t i = 0; i < count && i < 6; i++)
		used += snprintf(text + used, size - (size_t)used, " %02x", code[i]);
}

void fault_explain(const struct guest_ram *ram, const struct cpu_state *state, const struct fault *fault,
		   const struct walk *walk, char *text, size_t size)
{
	uint8_t code[CODE_BYTES];
	uint64_t count = walk_read(ram, state->cr3, fault->rip, code, sizeof(code));

	text[0] = '\0';
	switch (fault->vector) {
	case VECTOR_PF:
		explain_page_fault(state, fault, walk, text, size);
		break;
	case VECTOR_GP:
		explain_protection(fault, code, count, text, size);
		break;
	case VECTOR_UD:
		explain_invalid_opcode(code, count, text, size);
		break;
	case VECTOR_DE:
		snprintf(text, size, "division by zero, or a quotient too large");
		break;
	case VECTOR_BP:
		snprintf(text, size, "int3: a breakpoint");
		break;
	case VECTOR_DB:
		snprintf(text, size, "a debug trap (single step, hardware breakpoint or int1)");
		break;
	case VECTOR_DF:
		snprintf(text, size, "an exception came up while another was delivered");
		break;
	case VECTOR_SS:
		snprintf(text, size, "stack: a non-canonical address or a segment that is not present");
		break;
	case VECTOR_AC:
		snprintf(text, size, "an unaligned access with RFLAGS.AC=1");
		break;
	default:
		break;
	}
}
