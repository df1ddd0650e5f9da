/* SPDX-License-Identifier: MIT */
/* sites.c: patches and finds trace sites. */
#include "sites.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "walk.h"

#define SITE_SIZE 2

/* Intel SDM vol. 2, "OUT": e6 ib writes AL, e7 ib writes EAX. "NOP": 66 90 is its two-byte form. */
#define OPCODE_OUT_AL  0xe6
#define OPCODE_OUT_EAX 0xe7
static const uint8_t two_byte_nop[SITE_SIZE] = {0x66, 0x90};

static void code_of(const struct site *site, uint8_t code[SITE_SIZE])
{
	code[0] = site->kind == VMM_SITE_ENTRY ? OPCODE_OUT_AL : OPCODE_OUT_EAX;
	switch (site->kind) {
	case VMM_SITE_ENTRY:
		code[1] = (uint8_t)site->vector;
		break;
	case VMM_SITE_SYSCALL:
		code[1] = VMM_PORT_SYSCALL;
		break;
	case VMM_SITE_IRET:
		code[1] = VMM_PORT_IRET;
		break;
	case VMM_SITE_CHANGED:
		code[1] = VMM_PORT_CHANGED;
		break;
	default:
		code[1] = VMM_PORT_SYSRET;
	}
}

unsigned site_events(const struct site_table *table, const struct site *site)
{
	unsigned events = 0;

	switch (site->kind) {
	case VMM_SITE_SYSCALL:
		return TRACE_SYSCALL;
	case VMM_SITE_IRET:
	case VMM_SITE_SYSRET:
		return TRACE_RETURN;
	case VMM_SITE_CHANGED:
		return 0;
	default:
		break;
	}
	if (site->vector == VECTOR_NMI)
		return TRACE_INTERRUPT;
	if (site->vector < VECTOR_EXCEPTIONS)
		events = TRACE_EXCEPTION;
	else
		events = site->dpl == 3 ? TRACE_INT | TRACE_INTERRUPT : TRACE_INTERRUPT;
	if (table->quirks && site->vector == VECTOR_PF)
		events |= TRACE_SYSCALL;
	if (table->quirks && site->vector == VECTOR_UD)
		events |= TRACE_INT;
	return events;
}

static bool must_stay_armed(const struct site_table *table, const struct site *site)
{
	return site->kind == VMM_SITE_ENTRY && ((table->emulate_syscall && site->vector == VECTOR_PF) ||
						(table->emulate_int && site->vector == VECTOR_UD));
}

#define OPCODE_JMP_SHORT 0xeb /* Intel SDM vol. 2, "JMP": eb cb, counted from its end */

static bool is_needed(const struct site_table *table, const struct site *site, const struct site_request *request)
{
	if (site->kind == VMM_SITE_CHANGED)
		return request->ring && (site->vector == VMM_CHANGED_PROCESSES || request->switches);
	return (site_events(table, site) & request->traced) || must_stay_armed(table, site);
}

/* What method `ring` cannot do without an exit: what the VMM must complete, and what is too far from its recorder. */
static bool is_recorded(const struct site_table *table, const struct site *site, const struct site_request *request)
{
	return request->ring && table->rings != 0 && site->recorder != 0 && !site->stand_in &&
	       !must_stay_armed(table, site) && site->recorder - SITE_SIZE >= INT8_MIN &&
	       site->recorder - SITE_SIZE <= INT8_MAX;
}

/* A site may lie across two pages, and code pages are read-only to the guest: one byte at a time, by frame. */
static void write_code(const struct site *site, struct guest_ram *ram, gpa_t cr3, const uint8_t code[SITE_SIZE])
{
	for (unsigned i = 0; i < SITE_SIZE; i++) {
		struct walk walk;

		walk_address(ram, cr3, site->address + i, &walk);
		guest_ram_write(ram, walk.gpa, &code[i], 1);
	}
}

static void jump_of(const struct site *site, uint8_t code[SITE_SIZE])
{
	code[0] = OPCODE_JMP_SHORT;
	code[1] = (uint8_t)(site->recorder - SITE_SIZE);
}

static bool patch_site(struct site_table *table, struct site *site, struct guest_ram *ram,
		       const struct site_request *request, struct vmm_error *error)
{
	const char *name = request->kernel->name;
	uint8_t expected[SITE_SIZE], found[SITE_SIZE], jump[SITE_SIZE];
	struct walk walk;

	code_of(site, expected);
	walk_address(ram, request->cr3, site->address, &walk);
	if (!walk.present || walk.user || !walk.executable ||
	    walk_read(ram, request->cr3, site->address, found, SITE_SIZE) != SITE_SIZE)
		return error_set(error, "%s: trace site at 0x%" PRIx64 " is not in the kernel's code", name,
				 site->address);
	if (memcmp(found, expected, SITE_SIZE) != 0)
		return error_set(error,
				 "%s: trace site at 0x%" PRIx64
				 " holds %02x %02x, expected %02x %02x; use the macros of trace.h",
				 name, site->address, found[0], found[1], expected[0], expected[1]);
	if (!is_needed(table, site, request)) {
		write_code(site, ram, request->cr3, two_byte_nop);
	} else if (is_recorded(table, site, request)) {
		site->recorded = true;
		jump_of(site, jump);
		write_code(site, ram, request->cr3, jump);
	} else {
		site->armed = true;
	}
	return true;
}

static int compare_sites(const void *left, const void *right)
{
	const struct site *a = left, *b = right;

	return a->address < b->address ? -1 : a->address > b->address;
}

static bool collect(struct site_table *table, const struct elf_image *kernel, struct vmm_error *error)
{
	for (size_t i = 0; i < kernel->site_count; i++) {
		const struct vmm_site *record = &kernel->sites[i];

		switch (record->kind) {
		case VMM_SITE_ENTRY:
		case VMM_SITE_SYSCALL:
		case VMM_SITE_IRET:
		case VMM_SITE_SYSRET:
		case VMM_SITE_CHANGED:
		case VMM_SITE_STAND_IN:
			table->items[table->count++] = (struct site){
				.address = record->address,
				.shown = record->address,
				.kind = record->kind,
				.vector = record->vector,
				.dpl = record->dpl,
				.quirk = record->quirk,
				.recorder = record->recorder,
			};
			break;
		case VMM_SITE_RINGS:
			table->rings = record->address;
			break;
		case VMM_SITE_PROCESS_TABLE:
			table->process_table = record->address;
			break;
		case VMM_SITE_LINUX_ABI:
			table->linux_abi = true;
			break;
		case VMM_SITE_CPU_ENTRY: /* vmm/boot has used it */
			break;
		default:
			return error_set(
				error,
				"%s: trace site %zu is of unknown kind %u; this vmm speaks version %d of trace.h",
				kernel->name, i, record->kind, VMM_ABI_VERSION);
		}
	}
	qsort(table->items, table->count, sizeof(table->items[0]), compare_sites);
	return true;
}

/* A stand-in is what it stands for, but for its place. */
static bool resolve_stand_ins(struct site_table *table, const char *name, struct vmm_error *error)
{
	for (size_t i = 0; i < table->count; i++) {
		struct site *site = &table->items[i];
		const struct site *other = site_at(table, site->address + (uint64_t)(int64_t)site->recorder);

		if (site->kind != VMM_SITE_STAND_IN)
			continue;
		if (other == NULL || other->stand_in || other->kind > VMM_SITE_SYSRET)
			return error_set(error, "%s: the stand-in at 0x%" PRIx64 " (trace.h) stands for no trace site",
					 name, site->address);
		site->stand_in = true;
		site->shown = other->address;
		site->kind = other->kind;
		site->vector = other->vector;
		site->dpl = other->dpl;
		site->quirk = other->quirk;
	}
	return true;
}

bool site_table_open(struct site_table *table, const struct site_request *request, struct guest_ram *ram,
		     struct vmm_error *error)
{
	const struct elf_image *kernel = request->kernel;
	bool kernel_syscall = false, kernel_int = false, quirks = request->quirks;

	*table = (struct site_table){.quirks = quirks};
	table->items = calloc(kernel->site_count + 1, sizeof(table->items[0]));
	if (table->items == NULL)
		return error_set(error, "no memory for the trace sites");
	if (!collect(table, kernel, error) || !resolve_stand_ins(table, kernel->name, error))
		return false;
	for (size_t i = 0; i < table->count; i++) {
		kernel_syscall |= table->items[i].quirk == VMM_QUIRK_SYSCALL_FAULTS;
		kernel_int |= table->items[i].quirk == VMM_QUIRK_INT_IS_UD;
	}
	table->emulate_syscall = quirks && !kernel_syscall;
	table->emulate_int = quirks && !kernel_int;
	for (size_t i = 0; i < table->count; i++)
		if (!patch_site(table, &table->items[i], ram, request, error))
			return false;
	return true;
}

void site_table_close(struct site_table *table)
{
	free(table->items);
	*table = (struct site_table){0};
}

const struct site *site_at(const struct site_table *table, gva_t address)
{
	struct site key = {.address = address};

	if (table->count == 0)
		return NULL;
	return bsearch(&key, table->items, table->count, sizeof(key), compare_sites);
}

static const struct site *match(const struct site_table *table, gva_t address, uint64_t port, unsigned size)
{
	const struct site *site = site_at(table, address);
	uint8_t code[SITE_SIZE];

	if (site == NULL || !site->armed)
		return NULL;
	code_of(site, code);
	return code[1] == port && (code[0] == OPCODE_OUT_AL ? 1 : 4) == size ? site : NULL;
}

const struct site *site_at_exit(struct site_table *table, gva_t rip, uint64_t port, unsigned size)
{
	const struct site *site;

	if (table->calibrated)
		return match(table, rip - table->rip_behind, port, size);
	/* At the exit rip stands at the instruction on some hosts and behind it on others; the first site tells. */
	for (unsigned behind = 0; behind <= SITE_SIZE; behind += SITE_SIZE) {
		site = match(table, rip - behind, port, size);
		if (site != NULL) {
			table->calibrated = true;
			table->rip_behind = behind;
			return site;
		}
	}
	return NULL;
}

const struct site *site_find(const struct site_table *table, unsigned kind, unsigned vector)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].kind == kind && !table->items[i].stand_in &&
		    (kind != VMM_SITE_ENTRY || table->items[i].vector == vector))
			return &table->items[i];
	return NULL;
}

size_t site_table_damaged(const struct site_table *table, const struct guest_ram *ram, gpa_t cr3)
{
	size_t damaged = 0;

	for (size_t i = 0; i < table->count; i++) {
		uint8_t expected[SITE_SIZE], found[SITE_SIZE];

		if (!table->items[i].armed && !table->items[i].recorded)
			continue;
		if (table->items[i].armed)
			code_of(&table->items[i], expected);
		else
			jump_of(&table->items[i], expected);
		damaged += walk_read(ram, cr3, table->items[i].address, found, SITE_SIZE) != SITE_SIZE ||
			   memcmp(found, expected, SITE_SIZE) != 0;
	}
	return damaged;
}

const char *site_table_gap(const struct site_table *table)
{
	bool by_syscall = site_find(table, VMM_SITE_SYSCALL, 0) != NULL, by_int = false;

	for (size_t i = 0; i < table->count; i++)
		by_int |= table->items[i].kind == VMM_SITE_ENTRY && table->items[i].dpl == 3 &&
			  table->items[i].vector >= VECTOR_BR;
	if (table->emulate_syscall && by_syscall && site_find(table, VMM_SITE_ENTRY, VECTOR_PF) == NULL)
		return "this host delivers `syscall` as a page fault, and the kernel has no vmm_entry 14 at which the VMM could "
		       "complete it: the first `syscall` will end in a triple fault";
	if (table->emulate_int && by_int && site_find(table, VMM_SITE_ENTRY, VECTOR_UD) == NULL)
		return "this host delivers `int n` as an invalid opcode, and the kernel has no vmm_entry 6 at which the VMM "
		       "could complete it: the first `int n` will end in a triple fault";
	return NULL;
}
