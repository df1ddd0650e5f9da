/* SPDX-License-Identifier: MIT */
/* record.c: a record of method `ring` as values. It comes from the guest: any number may be anything. */
#include "record.h"

#include <string.h>

static uint64_t word(const struct record *record, unsigned number)
{
	uint64_t value;

	memcpy(&value, (const uint8_t *)record + VMM_RING_TAIL - sizeof(value) * number, sizeof(value));
	return value;
}

uint64_t record_tsc(const struct record *record)
{
	return word(record, VMM_WORD_TSC_HIGH) << 32 | (uint32_t)word(record, VMM_WORD_TSC_LOW);
}

static void take_system_call(const struct record *record, struct cpu_state *state)
{
	state->rdi = word(record, VMM_WORD_RDI);
	state->rsi = word(record, VMM_WORD_RSI);
	state->r10 = word(record, VMM_WORD_R10);
	state->r8 = word(record, VMM_WORD_R8);
	state->r9 = word(record, VMM_WORD_R9);
}

static void take_rsp(const struct record *record, struct cpu_state *state)
{
	state->rcx = word(record, VMM_WORD_RCX);
	state->r11 = word(record, VMM_WORD_R11);
	state->rsp = word(record, VMM_WORD_RSP);
}

#define FRAME_SIZE sizeof(struct x86_interrupt_frame)

/* Out of ring 3, or into it, the frame lies at the top of the thread's stack. */
static void take_frame(const struct record *record, struct cpu_state *state, struct evidence *evidence)
{
	evidence->frame = (struct x86_interrupt_frame){
		.rip = word(record, VMM_WORD_FRAME_RIP),
		.cs = word(record, VMM_WORD_FRAME_CS),
		.rflags = word(record, VMM_WORD_FRAME_RFLAGS),
		.rsp = word(record, VMM_WORD_FRAME_RSP),
	};
	state->rsp = (evidence->frame.cs & 3) == 0 ? word(record, VMM_WORD_FRAME) : evidence->stack_top - FRAME_SIZE;
}

/* The page fault that a host delivers for `syscall`, as the CPU had pushed it. */
static void take_quirk(const struct record *record, const struct site *entry, struct cpu_state *state,
		       struct evidence *evidence)
{
	evidence->quirk_syscall = true;
	evidence->error = PF_P | PF_U | PF_I;
	evidence->frame = (struct x86_interrupt_frame){
		.rip = entry->address,
		.cs = word(record, VMM_WORD_QUIRK_CS),
		.rsp = state->rsp,
	};
	state->cr2 = evidence->frame.rip;
	state->rsp = word(record, VMM_WORD_QUIRK_FRAME);
}

static void take_int(const struct record *record, struct cpu_state *state)
{
	state->rbx = word(record, VMM_WORD_INT_RBX);
	state->rcx = word(record, VMM_WORD_INT_RCX);
	state->rsi = word(record, VMM_WORD_INT_RSI);
	state->rdi = word(record, VMM_WORD_INT_RDI);
	state->rbp = word(record, VMM_WORD_INT_RBP);
}

static void take_page_fault(const struct record *record, struct cpu_state *state, struct evidence *evidence)
{
	take_frame(record, state, evidence);
	state->rax = state->rdx = 0;
	state->rsp = word(record, VMM_WORD_FAULT_RSP) + 24;
	state->cr2 = word(record, VMM_WORD_FAULT_CR2);
	evidence->stack_top = word(record, VMM_WORD_FAULT_STACK_TOP);
	evidence->error = (uint32_t)word(record, VMM_WORD_FAULT_ERROR);
	for (unsigned depth = 0; depth < WALK_LEVELS; depth++)
		evidence->walk[depth] = word(record, VMM_WORD_FAULT_WALK + depth);
}

static void take_captured(const struct record *record, bool entry, struct cpu_state *state, struct evidence *evidence)
{
	uint64_t count = entry ? state->rdx : state->rax;

	if (!entry)
		state->rsi = word(record, VMM_WORD_RSP + 2); /* pushed behind rdi */
	if (state->rsi >= USER_HALF_END)                     /* ring 0 could read it, but the program cannot */
		return;
	evidence->captured = state->rsi;
	evidence->captured_count = count < VMM_CAPTURE_BYTES ? (uint32_t)count : VMM_CAPTURE_BYTES;
	memcpy(evidence->bytes, record->captured, sizeof(evidence->bytes));
}

const struct site *record_decode(const struct record *record, const struct site_table *sites, struct cpu_state *state,
				 struct evidence *evidence)
{
	const struct site *site = site_at(sites, record->state), *entry = NULL;
	bool captured = site == NULL; /* no two sites are that near */
	bool page_fault, quirk, system_call;

	if (captured)
		site = site_at(sites, record->state - VMM_RECORD_CAPTURED);

	if (site == NULL || site->kind > VMM_SITE_SYSRET)
		return NULL;
	page_fault = site->kind == VMM_SITE_ENTRY && site->vector == VECTOR_PF;
	quirk = page_fault && site->stand_in;
	if (quirk)
		entry = site_find(sites, VMM_SITE_SYSCALL, 0);
	if (quirk && entry == NULL)
		return NULL;
	system_call = site->kind == VMM_SITE_SYSCALL || quirk;
	*state = (struct cpu_state){
		.rax = word(record, VMM_WORD_RAX),
		.rdx = word(record, VMM_WORD_RDX),
		.cr3 = word(record, VMM_WORD_CR3),
		.cr0 = state->cr0,
		.cr4 = state->cr4,
		.tss_base = state->tss_base,
	};
	*evidence = (struct evidence){.stack_top = word(record, VMM_WORD_STACK_TOP)};
	if (system_call || site->kind == VMM_SITE_SYSRET)
		take_rsp(record, state);
	else if (!page_fault)
		take_frame(record, state, evidence);
	if (system_call)
		take_system_call(record, state);
	if (quirk)
		take_quirk(record, entry, state, evidence);
	else if (page_fault)
		take_page_fault(record, state, evidence);
	else if (site->kind == VMM_SITE_ENTRY && site->dpl == 3)
		take_int(record, state);
	if (captured)
		take_captured(record, system_call, state, evidence);
	return site;
}
