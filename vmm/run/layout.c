/* SPDX-License-Identifier: MIT */
/* layout.c: pages -> regions -> one event_address_space. */
#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "sharers.h"
#include "walk.h"

/* A hostile guest's tables have millions of pages, with different rights, and lead in circles. What a sane one maps is
   bounded by its frames: each in the direct map, and in some processes. */
#define MAPPINGS        X86_U64(0x700000000000) /* mappings grow down to here, if they are not very large */
#define REGIONS_MAX     20000
#define PAGES_PER_FRAME 4
#define PAGES_SPARE     65536
#define IMAGE           "[image]" /* of a page, until the whole region is known */
#define HEAP_MAX        (UINT64_C(1) << 40)

struct builder {
	struct layout *layout;
	const struct layout_request *request;
	struct sharers sharers;
	size_t noted[VMM_PROCESSES]; /* the number of regions when the process was last noted as a sharer */
	uint64_t pages_left;
	char area[32]; /* the last name that was made here */
	bool failed;
};

/* Tables are frames too; those on the way to the first page of a shared kernel half are visited once a process. */
static uint64_t table_limit(const struct guest_ram *ram)
{
	return ram->size / PAGE_SIZE + (uint64_t)VMM_PROCESSES * WALK_LEVELS;
}

/* One CPU's part of the CPU area, by the offset in it. */
static const struct cpu_part {
	gva_t start, size;
	const char *name;
	bool is_stack; /* with a guard page under it */
} cpu_parts[] = {
	{CPU_AREA_GDT, PAGE_SIZE, "GDT", false},
	{CPU_AREA_IDT, PAGE_SIZE, "IDT", false},
	{CPU_AREA_TSS, PAGE_SIZE, "TSS", false},
	{CPU_AREA_DF_STACK, PAGE_SIZE, "#DF stack", true},
	{CPU_AREA_NMI_STACK, PAGE_SIZE, "NMI stack", true},
	{CPU_AREA_IDLE_STACK, CPU_AREA_IDLE_STACK_SIZE, "idle stack", true},
	{CPU_AREA_DB_STACK, PAGE_SIZE, "#DB stack", true},
};

/* The part that gva lies in, NULL if it is in none. */
static const struct cpu_part *cpu_part_at(gva_t gva)
{
	gva_t offset = (gva - CPU_AREA_PER_CPU) % CPU_AREA_SIZE;

	if (gva < CPU_AREA_PER_CPU || gva >= CPU_AREA_PER_CPU + VMM_CPUS_MAX * CPU_AREA_SIZE)
		return NULL;
	for (size_t i = 0; i < sizeof(cpu_parts) / sizeof(cpu_parts[0]); i++)
		if (offset >= cpu_parts[i].start && offset - cpu_parts[i].start < cpu_parts[i].size)
			return &cpu_parts[i];
	return NULL;
}

static const char *cpu_area_name(struct builder *builder, gva_t gva)
{
	const struct cpu_part *part = cpu_part_at(gva);
	unsigned cpu = (unsigned)((gva - CPU_AREA_PER_CPU) / CPU_AREA_SIZE);

	if (part == NULL || cpu == 0)
		return part != NULL ? part->name : NULL;
	snprintf(builder->area, sizeof(builder->area), "%s of CPU %u", part->name, cpu);
	return builder->area;
}

static const char *kernel_area_name(struct builder *builder, gva_t gva)
{
	if (gva >= DIRECT_MAP && gva < DIRECT_MAP_END)
		return "direct map";
	if (gva >= KERNEL_STACKS && gva < KERNEL_STACKS + KERNEL_STACK_SLOTS * KERNEL_STACK_SLOT)
		return "kernel stack";
	if (gva < CPU_AREA || gva >= KERNEL_BASE)
		return NULL;
	if (gva < CPU_AREA_PER_CPU)
		return "boot information";
	if (gva >= TRACE_RINGS && gva < TRACE_RINGS + TRACE_RINGS_SIZE)
		return "trace rings";
	return cpu_area_name(builder, gva);
}

static const char *page_name(struct builder *builder, const struct walk_page *page)
{
	const char *name = page->gva >= KERNEL_HALF ? kernel_area_name(builder, page->gva) : NULL;

	if (name != NULL)
		return name;
	if (page->gva >= USER_STACK_BASE && page->gva < USER_STACK_TOP)
		return "[stack]";
	if (builder->request->other_program && page->gva < USER_HALF_END)
		return page->gva < MAPPINGS ? "[program and heap]" : "[anonymous]";
	if (symbols_section(builder->request->symbols, page->gva) != NULL)
		return IMAGE;
	if (page->gva >= builder->request->user_brk && page->gva < builder->request->user_brk + HEAP_MAX)
		return "[heap]";
	return page->gva < USER_HALF_END ? "[anonymous]" : "[kernel]";
}

/* What ring 0 may do with the page, after CR0.WP, SMEP and SMAP (with RFLAGS.AC = 0). AMD APM vol. 2,
   "Page-Protection Checks". */
static void kernel_rights(const struct cpu_state *state, const struct walk_page *page, struct event_region *region)
{
	bool smap = state->cr4 & CR4_SMAP, smep = state->cr4 & CR4_SMEP;

	region->kernel_readable = !(page->user && smap);
	region->kernel_writable = region->kernel_readable && (page->writable || !(state->cr0 & CR0_WP));
	region->kernel_executable = page->executable && !(page->user && smep);
}

static bool grow_regions(struct layout *layout)
{
	size_t room = layout->room ? 2 * layout->room : 64;
	struct event_region *regions;

	if (layout->regions != NULL && layout->count < layout->room)
		return true;
	regions = realloc(layout->regions, room * sizeof(*regions));
	if (regions == NULL)
		return false;
	layout->regions = regions;
	layout->room = room;
	return true;
}

static bool same_region(const struct event_region *last, const struct walk_page *page, const char *name)
{
	return last->end == page->gva && !last->guard && last->page == page->size &&
	       last->ring == (page->user ? 3u : 0u) && last->writable == page->writable &&
	       last->executable == page->executable &&
	       strncmp(last->name, name, sizeof(last->name) - 1) == 0; /* longer names were cut */
}

static struct event_region *new_region(struct layout *layout, gva_t start, const char *name)
{
	struct event_region *region;

	if (!grow_regions(layout))
		return NULL;
	region = &layout->regions[layout->count++];
	*region = (struct event_region){.start = start, .end = start};
	snprintf(region->name, sizeof(region->name), "%s", name);
	return region;
}

static bool add_pid(struct layout *layout, uint32_t pid)
{
	if (layout->pid_count == layout->pid_room) {
		size_t room = layout->pid_room ? 2 * layout->pid_room : 64;
		uint32_t *pids = realloc(layout->pids, room * sizeof(*pids));

		if (pids == NULL)
			return false;
		layout->pids = pids;
		layout->pid_room = room;
	}
	layout->pids[layout->pid_count++] = pid;
	return true;
}

/* Each sharer once a region; where their pids are in the list is found out when it has stopped moving. */
static void note_sharers(struct builder *builder, struct event_region *region, gpa_t frame)
{
	struct layout *layout = builder->layout;
	size_t count;
	const struct sharer *sharers = sharers_of(&builder->sharers, frame, &count);

	region->shared_frames += count > 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t process = sharers[i].process;

		if (builder->noted[process] == layout->count)
			continue;
		builder->noted[process] = layout->count;
		region->shared_with_count += add_pid(layout, builder->request->processes->items[process].pid);
	}
}

static void count_page(struct event_address_space *space, const struct walk_page *page)
{
	bool user = page->gva < USER_HALF_END;

	*(user ? &space->user_bytes : &space->kernel_bytes) += page->size;
	*(user ? &space->user_pages : &space->kernel_pages) += 1;
	space->wx_pages += page->writable && page->executable;
}

static bool add_page(void *context, const struct walk_page *page)
{
	struct builder *builder = context;
	struct layout *layout = builder->layout;
	struct event_region *last = layout->count > 0 ? &layout->regions[layout->count - 1] : NULL;
	const char *name;

	if (builder->pages_left == 0) {
		layout->cut_short = true;
		return false;
	}
	builder->pages_left--;
	name = page_name(builder, page);
	count_page(&layout->space, page);
	if (last == NULL || !same_region(last, page, name)) {
		if (layout->count >= REGIONS_MAX) {
			layout->cut_short = true;
			return false;
		}
		last = new_region(layout, page->gva, name);
		if (last == NULL) {
			builder->failed = true;
			return false;
		}
		last->ring = page->user ? 3 : 0;
		last->readable = true; /* on x86 a present page can be read */
		last->writable = page->writable;
		last->executable = page->executable;
		kernel_rights(builder->request->state, page, last);
		last->page = page->size;
		last->phys = page->gpa;
		last->contiguous = true;
	}
	last->contiguous &= page->gpa == last->phys + (page->gva - last->start);
	last->end = page->gva + page->size;
	last->cow_pages += builder->request->software_cow && page->cow && !page->writable;
	if (page->gva < USER_HALF_END)
		note_sharers(builder, last, page->gpa);
	return true;
}

/* Guards are places that layout.h keeps empty on purpose; they are shown where nothing is mapped in them. */
static void add_guard(struct builder *builder, gva_t start, gva_t end, const char *name)
{
	struct layout *layout = builder->layout;
	struct event_region *region;

	for (size_t i = 0; i < layout->count; i++)
		if (layout->regions[i].start < end && (layout->regions[i].end > start || layout->regions[i].end == 0))
			return;
	region = new_region(layout, start, name);
	if (region == NULL)
		return;
	region->end = end;
	region->guard = true;
	region->page = PAGE_SIZE;
	region->ring = start < USER_HALF_END ? 3 : 0;
}

static void add_guards(struct builder *builder)
{
	size_t mapped = builder->layout->count;
	bool has_stack = false;

	for (size_t i = 0; i < mapped; i++) {
		const char *name = builder->layout->regions[i].name; /* not after add_guard(): the list may move */
		gva_t start = builder->layout->regions[i].start;
		const struct cpu_part *part = cpu_part_at(start);

		if (strcmp(name, "[stack]") == 0)
			has_stack = true;
		else if (strcmp(name, "kernel stack") == 0)
			add_guard(builder, start - KERNEL_STACK_GUARD, start, "guard");
		else if (part != NULL && part->is_stack)
			add_guard(builder, start - PAGE_SIZE, start, "guard");
	}
	if (has_stack)
		add_guard(builder, USER_STACK_BASE - USER_STACK_GUARD, USER_STACK_BASE, "stack guard");
	add_guard(builder, 0, USER_MIN, "null guard");
}

static int compare_regions(const void *left, const void *right)
{
	const struct event_region *a = left, *b = right;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* Are the upper 256 entries of both roots the same? Accessed bits may differ: the CPU sets them. */
static bool same_kernel_half(const struct guest_ram *ram, gpa_t a, gpa_t b)
{
	for (unsigned i = KERNEL_HALF_SLOT; i < PAGE_TABLE_ENTRIES; i++) {
		uint64_t left, right;

		if (!guest_ram_read_u64(ram, (a & CR3_ADDRESS) + i * sizeof(left), &left) ||
		    !guest_ram_read_u64(ram, (b & CR3_ADDRESS) + i * sizeof(right), &right))
			return false;
		if ((left & ~(PTE_A | PTE_D)) != (right & ~(PTE_A | PTE_D)))
			return false;
	}
	return true;
}

static void compare_kernel_halves(struct builder *builder)
{
	struct event_address_space *space = &builder->layout->space;
	const struct layout_request *request = builder->request;

	space->kernel_half_shared = true;
	for (size_t i = 0; i < request->processes->count; i++) {
		if (!sharer_is_other(&request->processes->items[i], request->cr3))
			continue;
		space->compared_with++;
		space->kernel_half_shared &=
			same_kernel_half(request->ram, request->cr3, request->processes->items[i].cr3);
	}
	for (unsigned i = KERNEL_HALF_SLOT; i < PAGE_TABLE_ENTRIES; i++) {
		uint64_t entry;

		if (guest_ram_read_u64(request->ram, (request->cr3 & CR3_ADDRESS) + i * sizeof(entry), &entry))
			space->kernel_tables += (entry & PTE_P) != 0;
	}
}

/* A region of an image is named after all of its sections. */
static void name_image_regions(struct builder *builder)
{
	for (size_t i = 0; i < builder->layout->count; i++) {
		struct event_region *region = &builder->layout->regions[i];

		if (strcmp(region->name, IMAGE) == 0)
			symbols_sections(builder->request->symbols, region->start, region->end, region->name,
					 sizeof(region->name));
	}
}

static void fix_pointers(struct layout *layout)
{
	const uint32_t *next = layout->pids;

	for (size_t i = 0; i < layout->count; i++) {
		layout->regions[i].shared_with = next;
		next += layout->regions[i].shared_with_count;
	}
}

bool layout_build(struct layout *layout, const struct layout_request *request)
{
	uint64_t pages = request->ram->size / PAGE_SIZE * PAGES_PER_FRAME + PAGES_SPARE;
	uint64_t tables = table_limit(request->ram);
	struct builder builder = {.layout = layout, .request = request, .pages_left = pages};
	struct event_address_space *space = &layout->space;
	struct walk_totals totals;

	*layout = (struct layout){0};
	space->when = request->when;
	space->pid = request->pid;
	space->parent = request->parent;
	space->cr3 = request->cr3;
	space->user_half = USER_HALF_END;
	space->kernel_half = 0 - KERNEL_HALF;
	space->hole = KERNEL_HALF - USER_HALF_END;
	snprintf(space->name, sizeof(space->name), "%s", request->name);
	sharers_find(&builder.sharers, request->ram, request->processes, request->cr3, pages, tables);
	walk_pages(request->ram, request->cr3, add_page, &builder, &tables, &totals);
	name_image_regions(&builder);
	fix_pointers(layout);
	add_guards(&builder);
	if (layout->count > 0)
		qsort(layout->regions, layout->count, sizeof(layout->regions[0]), compare_regions);
	compare_kernel_halves(&builder);
	space->table_pages = totals.user_tables + 1;
	space->problems = totals.problems;
	layout->cut_short |= totals.cut_short || builder.sharers.cut_short;
	space->cut_short = layout->cut_short;
	space->regions = layout->regions;
	space->region_count = layout->count;
	sharers_free(&builder.sharers);
	return !builder.failed;
}

void layout_free(struct layout *layout)
{
	free(layout->regions);
	free(layout->pids);
	*layout = (struct layout){0};
}
