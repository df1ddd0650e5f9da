/* SPDX-License-Identifier: MIT */
/*
 * page-faults.c: every kind of access that the page tables refuse to ring 3 ends its process with SIGSEGV, and the
 * error code says what it was: bit 0 the page is there, bit 1 a write, bit 2 ring 3, bit 4 an instruction fetch.
 * Transitions: for each child, in the order of the table: clone, #PF with the error code that stands in the table, no
 * return from it; wait4 in the parent.
 */
#include "test.h"

static const unsigned char constant[] = {0xc3}; /* ret */
static unsigned char data[] = {0xc3};

static void touch(uint64_t address)
{
	(void)*(volatile char *)address;
}

static void change(uint64_t address)
{
	*(volatile char *)address = 1;
}

static void run(uint64_t address)
{
	((void (*)(void))address)();
}

static void read_null(void)
{
	touch(0);
}
static void read_unmapped(void)
{
	touch(0x10000000);
}
static void write_unmapped(void)
{
	change(0x10000000);
}
static void run_unmapped(void)
{
	run(0x10000000);
}
static void write_code(void)
{
	change((uint64_t)write_code);
}
static void write_constant(void)
{
	change((uint64_t)constant);
}
static void run_constant(void)
{
	run((uint64_t)constant);
}
static void run_data(void)
{
	run((uint64_t)data);
}
static void run_stack(void)
{
	run(USER_STACK_TOP - 8);
}
static void read_kernel(void)
{
	touch(KERNEL_BASE);
}
static void write_kernel(void)
{
	change(KERNEL_BASE);
}
static void run_kernel(void)
{
	run(KERNEL_BASE);
}
static void read_direct_map(void)
{
	touch(DIRECT_MAP);
}
static void write_direct_map(void)
{
	change(DIRECT_MAP);
}
static void write_boot_info(void)
{
	change(BOOT_INFO_ADDRESS);
}
static void write_idt(void)
{
	change(CPU_AREA_PER_CPU + CPU_AREA_IDT);
}
static void write_gdt(void)
{
	change(CPU_AREA_PER_CPU + CPU_AREA_GDT);
}
static void read_kernel_stack(void)
{
	touch(KERNEL_STACKS + KERNEL_STACK_SLOT - 8);
}
static void read_kernel_guard(void)
{
	touch(KERNEL_STACKS + 8);
}
static void read_kernel_nothing(void)
{
	touch(UINT64_C(0xffffa00000000000));
}
static void read_last_byte(void)
{
	touch(UINT64_MAX);
}
static void read_above_stack(void)
{
	touch(USER_STACK_TOP);
}

static void run_private(void)
{
	volatile char *page = map(PAGE_SIZE, PROT_RW, MAP_PRIVATE);

	page[0] = (char)0xc3;
	run((uint64_t)page);
}

static void read_none(void)
{
	touch((uint64_t)map(PAGE_SIZE, PROT_NONE, MAP_PRIVATE));
}

static void write_read_only(void)
{
	change((uint64_t)map(PAGE_SIZE, PROT_READ, MAP_PRIVATE));
}

static void (*const table[])(void) = {
	read_null,           /* 0x4 */
	read_unmapped,       /* 0x4 */
	write_unmapped,      /* 0x6 */
	run_unmapped,        /* 0x14 */
	write_code,          /* 0x7 */
	write_constant,      /* 0x7 */
	run_constant,        /* 0x15 */
	run_data,            /* 0x15 */
	run_stack,           /* 0x15 */
	read_kernel,         /* 0x5 */
	write_kernel,        /* 0x7 */
	run_kernel,          /* 0x15 */
	read_direct_map,     /* 0x5 */
	write_direct_map,    /* 0x7 */
	write_boot_info,     /* 0x7 */
	write_idt,           /* 0x7 */
	write_gdt,           /* 0x7 */
	read_kernel_stack,   /* 0x5 */
	read_kernel_guard,   /* 0x4 */
	read_kernel_nothing, /* 0x4 */
	read_last_byte,      /* 0x4 */
	read_above_stack,    /* 0x4 */
	run_private,         /* mmap; 0x6 of the write, which returns; 0x15 */
	read_none,           /* mmap; 0x4 */
	write_read_only,     /* mmap; 0x6 */
};

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		EXPECT(status_of(table[i]) == SIGSEGV);
	return 0;
}
