/* SPDX-License-Identifier: MIT */
/*
 * test_tracer.c: registers and memory as they are at a trace site, and the events that the tracer makes of them. The
 * guest is played: page tables, stacks and registers by hand, the report as JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "guest_tables.h"
#include "report.h"
#include "run/tracer.h"
#include "suites.h"
#include "syscalls.h"
#include "trace.h"

#define USER_DATA UINT64_C(0x400000)
#define USER_CODE UINT64_C(0x401000)
#define USER_RSP  UINT64_C(0x7ffffffde000)
#define KERNEL    KERNEL_BASE
#define STACK     (KERNEL_STACKS + KERNEL_STACK_GUARD) /* two pages; the frames lie in the lower one */
#define TABLE     (KERNEL_BASE + 0x10000)
#define TSS       (CPU_AREA_PER_CPU + CPU_AREA_TSS)

enum { SYSCALL_SITE, PF_SITE, TIMER_SITE, INT_SITE, SYSRET_SITE, IRET_SITE, SITES };

static struct guest guest;
static struct report report;
static struct tracer *tracer;
static struct symbols symbols;
static struct site sites[SITES];
static struct cpu_state state;
static struct moment moment;
static struct vmm_process_table table;
static char *text;

static void setup(void)
{
	guest_open(&guest);
	guest_map(&guest, USER_DATA, GUEST_ALL);
	guest_map(&guest, USER_CODE, PTE_P | PTE_U);
	guest_map(&guest, KERNEL, PTE_P);
	guest_map(&guest, STACK, PTE_P | PTE_W);
	guest_map(&guest, TSS, PTE_P | PTE_W);
	for (unsigned i = 0; i < 5; i++)
		guest_map(&guest, TABLE + i * PAGE_SIZE, PTE_P | PTE_W);
	sites[SYSCALL_SITE] = (struct site){.kind = VMM_SITE_SYSCALL};
	sites[PF_SITE] = (struct site){.kind = VMM_SITE_ENTRY, .vector = VECTOR_PF};
	sites[TIMER_SITE] = (struct site){.kind = VMM_SITE_ENTRY, .vector = 0x20};
	sites[INT_SITE] = (struct site){.kind = VMM_SITE_ENTRY, .vector = 0x80, .dpl = 3};
	sites[SYSRET_SITE] = (struct site){.kind = VMM_SITE_SYSRET};
	sites[IRET_SITE] = (struct site){.kind = VMM_SITE_IRET};
	for (unsigned i = 0; i < SITES; i++)
		sites[i].shown = sites[i].address = KERNEL + i * 0x10;
	tracer = calloc(1, sizeof(*tracer));
	ck_assert_ptr_nonnull(tracer);
	symbols = (struct symbols){.loaded = true};
	tracer->ram = &guest.ram;
	tracer->symbols = &symbols;
	tracer->program = "played";
	tracer->sites = (struct site_table){.items = sites, .count = SITES, .linux_abi = true};
	tracer->traced = tracer->armed = TRACE_ALL;
	tracer->rings[0] = 3;
	state = (struct cpu_state){.cr3 = guest.root, .tss_base = TSS};
	moment = (struct moment){.ns = 1000};
	memset(&table, 0, sizeof(table));
	report_open(&report, "json", &show_all);
	tracer->stream = report.stream;
}

static void teardown(void)
{
	crossings_close(&tracer->crossings);
	free(tracer);
	free(text);
	text = NULL;
	guest_close(&guest);
}

/* The report so far; nothing can be observed after it. */
static const char *reported(void)
{
	text = report_close(&report);
	return text;
}

static void check_has(const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no %s in\n%.2000s", part, text);
}

static void check_lacks(const char *part)
{
	ck_assert_msg(strstr(text, part) == NULL, "%s in\n%.2000s", part, text);
}

static void observe(unsigned site)
{
	struct completion completion;

	moment.ns += 1000;
	tracer_observe(tracer, &sites[site], &state, &moment, &completion);
	ck_assert(!completion.needed);
}

static void enter_syscall(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	state.rax = number;
	state.rdi = first;
	state.rsi = second;
	state.rdx = third;
	state.rcx = USER_CODE + 2;
	state.rsp = USER_RSP;
	observe(SYSCALL_SITE);
}

static void leave_syscall(int64_t result)
{
	state.rax = (uint64_t)result;
	observe(SYSRET_SITE);
}

/* What the CPU pushes, or is about to pop: out of, or into, ring 3 or 0 */
static void put_frame(uint64_t offset, unsigned ring, bool error)
{
	struct x86_interrupt_frame frame = {
		.rip = ring == 3 ? USER_CODE : KERNEL,
		.cs = ring == 3 ? SELECTOR_USER_CODE : SELECTOR_KERNEL_CODE,
		.rsp = ring == 3 ? USER_RSP : STACK + 0x800,
	};
	uint64_t code = 4;

	guest_poke(&guest, STACK + offset, &frame, sizeof(frame));
	if (error)
		guest_poke(&guest, STACK + offset - 8, &code, sizeof(code));
	state.rsp = STACK + offset - (error ? 8 : 0);
}

static void put_table(void)
{
	table.generation++;
	for (size_t i = 0; i < sizeof(table); i += 16)
		guest_poke(&guest, TABLE + i, (const char *)&table + i, 16);
	tracer->sites.process_table = tracer->processes.table = TABLE;
}

static void put_thread(unsigned index, uint32_t pid, uint32_t tid, gva_t stack)
{
	table.entries[index] = (struct vmm_process){
		.pid = pid, .tid = tid, .state = VMM_PROCESS_LIVE, .cr3 = guest.root, .kernel_stack = stack};
	table.count = table.count > index ? table.count : index + 1;
	put_table();
}

static void run_on_stack(gva_t top)
{
	guest_poke(&guest, TSS + offsetof(struct x86_tss, rsp), &top, sizeof(top));
}

/* A system call is decoded from memory; the buffer, as it is at the return. */
START_TEST(decoded_call)
{
	enter_syscall(SYS_read, 3, USER_DATA, 100);
	guest_poke(&guest, USER_DATA, "hello", 5);
	leave_syscall(5);
	reported();
	check_has(
		"\"name\":\"read\",\"args\":[\"0x3\",\"0x400000\",\"0x64\"],\"decoded\":[\"3\",\"0x400000\",\"100\"]");
	check_has(
		"\"result\":5,\"decoded\":[\"3\",\"\\\"hello\\\"\",\"100\"],\"result_text\":\"5\",\"output\":{\"1\":\"\\\"hello\\\"\"},\"entry\":0");
}
END_TEST

/* Memory of the kernel is not shown, though ring 0 could read it. */
START_TEST(kernel_memory_is_not_read)
{
	guest_poke(&guest, KERNEL + 0x800, "secret", 7);
	enter_syscall(SYS_write, 1, KERNEL + 0x800, 6);
	leave_syscall(-14);
	reported();
	check_lacks("secret");
	check_has("\"decoded\":[\"1\",\"0xffffffff80000800\",\"6\"]");
	check_has("\"result\":-14,\"error\":\"EFAULT\"");
}
END_TEST

START_TEST(nested_fault_is_counted)
{
	enter_syscall(SYS_getpid, 0, 0, 0);
	put_frame(0x100, 0, true);
	observe(PF_SITE);
	put_frame(0x100, 0, false);
	observe(IRET_SITE);
	put_frame(0x100, 0, false);
	observe(TIMER_SITE);
	observe(IRET_SITE);
	leave_syscall(1);
	reported();
	check_has("\"name\":\"#PF\",\"error\":\"0x4\"");
	check_has("\"entry\":0,\"entry_cause\":\"syscall\",\"entry_name\":\"getpid\",\"ns_inside\":5000,"
		  "\"exits_inside\":0,\"faults_inside\":1,\"interrupts_inside\":1");
	ck_assert_uint_eq(tracer->missed, 0);
	ck_assert_uint_eq(tracer->crossings.unreturned, 0);
}
END_TEST

/* `int 0x80` has i386's numbers and 32-bit registers. */
START_TEST(int80)
{
	put_frame(0x100, 3, false);
	guest_poke(&guest, USER_CODE, "\xcd\x80", 2);
	*(uint64_t *)(guest.ram.bytes + (*guest_entry(&guest, STACK, 3) & PTE_ADDRESS) + 0x100) = USER_CODE + 2;
	state.rax = I386_SYS_write;
	state.rbx = UINT64_C(0xffffffff00000001);
	state.rcx = USER_DATA;
	state.rdx = 2;
	guest_poke(&guest, USER_DATA, "hi", 2);
	observe(INT_SITE);
	reported();
	check_has("\"cause\":\"int\"");
	check_has("\"vector\":128,\"number\":4,\"name\":\"write\",\"args\":[\"0x1\",\"0x400000\",\"0x2\"],"
		  "\"decoded\":[\"1\",\"\\\"hi\\\"\",\"2\"]");
}
END_TEST

/* Only the calls that were asked for, with their returns; the others are paired all the same. */
START_TEST(filtered)
{
	tracer->filter.mode = FILTER_ONLY;
	ck_assert(call_filter_add(&tracer->filter, "write", 5));
	tracer->traced = 0;
	tracer->armed = tracer_needs(0, &tracer->filter);
	ck_assert_uint_eq(tracer->armed, TRACE_SYSCALL | TRACE_INT | TRACE_RETURN);
	enter_syscall(SYS_getpid, 0, 0, 0);
	leave_syscall(1);
	ck_assert_uint_eq(tracer->crossings.count, 0);
	enter_syscall(SYS_write, 1, USER_DATA, 1);
	leave_syscall(1);
	reported();
	check_lacks("getpid");
	check_has("\"entry\":0,\"entry_cause\":\"syscall\",\"entry_name\":\"write\"");
}
END_TEST

START_TEST(filtered_with_causes)
{
	tracer->filter.mode = FILTER_ONLY;
	ck_assert(call_filter_add(&tracer->filter, "%file", 5));
	tracer->traced = TRACE_EXCEPTION;
	tracer->armed = tracer_needs(tracer->traced, &tracer->filter);
	enter_syscall(SYS_getpid, 0, 0, 0);
	put_frame(0x100, 0, true);
	observe(PF_SITE);
	put_frame(0x100, 0, false);
	observe(IRET_SITE);
	leave_syscall(1);
	reported();
	check_has("\"name\":\"#PF\"");
	check_has("\"depth\":1"); /* it was inside a call, which is not shown */
	check_lacks("\"iret\"");
	check_lacks("getpid");
}
END_TEST

START_TEST(all_but)
{
	tracer->filter.mode = FILTER_EXCEPT;
	ck_assert(call_filter_add(&tracer->filter, "getpid", 6));
	enter_syscall(SYS_getpid, 0, 0, 0);
	leave_syscall(1);
	enter_syscall(SYS_getppid, 0, 0, 0);
	leave_syscall(1);
	reported();
	check_lacks("\"getpid\"");
	check_has("\"entry\":0,\"entry_cause\":\"syscall\",\"entry_name\":\"getppid\"");
	ck_assert_uint_eq(tracer->missed, 0); /* what is not shown was seen */
}
END_TEST

/* Two threads in one address space: the stack in the TSS says which. Their calls do not end each other. */
START_TEST(threads)
{
	put_thread(0, 1, 0, STACK + 0x1000);
	put_thread(1, 1, 2, STACK + 0x2000);
	run_on_stack(STACK + 0x1000);
	enter_syscall(SYS_getpid, 0, 0, 0);
	run_on_stack(STACK + 0x2000);
	tracer->rings[0] = 3; /* the kernel has switched */
	enter_syscall(SYS_gettid, 0, 0, 0);
	leave_syscall(2);
	run_on_stack(STACK + 0x1000);
	tracer->rings[0] = 0;
	leave_syscall(1);
	table.entries[1].state = VMM_PROCESS_FREE;
	put_table();
	enter_syscall(SYS_getpid, 0, 0, 0);
	reported();
	check_has("\"pid\":1,\"tid\":2,\"parent\":0,\"event\":\"thread-start\"");
	check_has("\"pid\":1,\"tid\":2,\"from\":3,\"to\":0,\"cause\":\"syscall\"");
	check_has("\"entry_name\":\"gettid\",\"ns_inside\":1000");
	check_has("\"entry_name\":\"getpid\",\"ns_inside\":3000");
	check_has("\"event\":\"thread-exit\"");
	check_lacks("\"event\":\"reaped\"");
}
END_TEST

/* A stack that nobody owns, or a TSS that cannot be read: the process by its CR3. */
START_TEST(unknown_thread)
{
	put_thread(0, 1, 0, STACK + 0x1000);
	put_thread(1, 1, 2, STACK + 0x2000);
	run_on_stack(0x1234);
	enter_syscall(SYS_getpid, 0, 0, 0);
	state.tss_base = UINT64_C(0x123456789000);
	leave_syscall(1);
	reported();
	check_has("\"pid\":1,\"tid\":1,\"from\":3");
	check_has("\"pid\":1,\"tid\":1,\"from\":0");
}
END_TEST

/* Each CPU has its own ring: what the other does in between is no gap. */
START_TEST(continuity_by_cpu)
{
	tracer->rings[0] = 0;
	tracer->rings[1] = 3;
	enter_syscall(SYS_getpid, 0, 0, 0);
	ck_assert_uint_eq(tracer->missed, 1); /* CPU 0 was in ring 0 */
	moment.cpu = 1;
	enter_syscall(SYS_getpid, 0, 0, 0);
	ck_assert_uint_eq(tracer->missed, 1);
	moment.cpu = 0;
	leave_syscall(1);
	moment.cpu = 1;
	leave_syscall(1);
	ck_assert_uint_eq(tracer->missed, 1);
	leave_syscall(1);
	ck_assert_uint_eq(tracer->missed, 2);
	reported();
	check_has("\"cpu\":1");
}
END_TEST

/* One after the other out of an interrupt, in the order in which they got into it. */
static void idle_interrupts(uint64_t second_tss)
{
	for (int leave = 0; leave < 2; leave++)
		for (unsigned cpu = 0; cpu < 2; cpu++) {
			moment.cpu = cpu;
			state.tss_base = cpu == 0 ? TSS : second_tss;
			tracer->rings[cpu] = 0;
			put_frame(0x100 + 0x200 * cpu, 0, false);
			observe(leave ? IRET_SITE : TIMER_SITE);
		}
}

/* Two CPUs in a kernel's idle loop, where no thread is known, are two. */
START_TEST(idle_cpus)
{
	put_table();
	idle_interrupts(TSS + CPU_AREA_SIZE);
	ck_assert_uint_eq(tracer->crossings.unreturned, 0);
	ck_assert_uint_eq(tracer->crossings.count, 0);
	idle_interrupts(TSS); /* as one: the first return would give up what came after */
	ck_assert_uint_eq(tracer->crossings.unreturned, 1);
}
END_TEST

/* Threads are told apart whatever their numbers. */
START_TEST(large_numbers)
{
	put_thread(0, 5000, 0, STACK + 0x1000);
	put_thread(1, 5000, 9096, STACK + 0x2000);
	run_on_stack(STACK + 0x1000);
	enter_syscall(SYS_getpid, 0, 0, 0);
	run_on_stack(STACK + 0x2000);
	tracer->rings[0] = 3;
	enter_syscall(SYS_gettid, 0, 0, 0);
	run_on_stack(STACK + 0x1000);
	leave_syscall(5000);
	ck_assert_uint_eq(tracer->crossings.count, 1);
	ck_assert_uint_eq(tracer->crossings.unreturned, 0);
}
END_TEST

/* Out of a fault, into ring 3: where it was, or into a handler with Linux's frame below its stack */
static void return_to(gva_t rip, uint64_t signal)
{
	struct x86_interrupt_frame frame = {.rip = rip, .cs = SELECTOR_USER_CODE, .rsp = USER_DATA + 0x100};

	put_frame(0x100, 3, true);
	observe(PF_SITE);
	guest_poke(&guest, STACK + 0x100, &frame, sizeof(frame));
	state.rsp = STACK + 0x100;
	state.rdi = signal;
	state.rdx = frame.rsp + 8;
	state.rsi = frame.rsp + 8 + 304;
	observe(IRET_SITE);
}

START_TEST(signal_handler)
{
	const int32_t info[4] = {11, 0, 1};
	const uint64_t address = 0x1234;

	guest_poke(&guest, USER_DATA + 0x100 + 312, info, sizeof(info));
	guest_poke(&guest, USER_DATA + 0x100 + 328, &address, sizeof(address));
	return_to(USER_CODE, 11); /* the same registers, but it goes on where it was */
	return_to(USER_CODE + 0x40, 11);
	return_to(USER_CODE + 0x40, 65);
	reported();
	check_has(
		"\"handler\":true,\"signal\":11,\"siginfo\":\"{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x1234}\"");
	ck_assert_ptr_null(strstr(strstr(text, "\"handler\"") + 1, "\"handler\""));
}
END_TEST

START_TEST(unreadable_frame)
{
	state.rsp = UINT64_C(0x123456789000);
	observe(TIMER_SITE);
	ck_assert_uint_eq(tracer->unreadable, 1);
	reported();
}
END_TEST

START_TEST(unimplemented)
{
	for (unsigned i = 0; i < 3; i++) {
		state.rdi = SYS_statx;
		state.rsi = USER_CODE + 2;
		state.rcx = 0;
		tracer_unimplemented(tracer, &state, &moment);
	}
	state.rcx = 1;
	tracer_unimplemented(tracer, &state, &moment);
	state.rcx = 0;
	for (uint64_t number = 1000; number < 2000; number++) {
		state.rdi = number;
		tracer_unimplemented(tracer, &state, &moment);
	}
	ck_assert_uint_eq(tracer->missing_calls.count, MISSING_CALLS_MAX);
	ck_assert_str_eq(tracer->missing_calls.items[0].name, "statx");
	ck_assert_uint_eq(tracer->missing_calls.items[0].count, 3);
	ck_assert_uint_eq(tracer->missing_calls.items[0].rip, USER_CODE);
	ck_assert(tracer->missing_calls.items[1].i386);
	reported();
	check_has("\"type\":\"note\"");
	check_has("system call statx (332) is not there: it returned -ENOSYS");
	check_has("system call without a name (1000) is not there");
}
END_TEST

Suite *tracer_suite(void)
{
	Suite *suite = suite_create("tracer");
	TCase *calls = tcase_create("calls"), *threading = tcase_create("threads"), *other = tcase_create("other");

	tcase_add_checked_fixture(calls, setup, teardown);
	tcase_add_checked_fixture(threading, setup, teardown);
	tcase_add_checked_fixture(other, setup, teardown);
	tcase_add_test(calls, decoded_call);
	tcase_add_test(calls, kernel_memory_is_not_read);
	tcase_add_test(calls, nested_fault_is_counted);
	tcase_add_test(calls, int80);
	tcase_add_test(calls, filtered);
	tcase_add_test(calls, filtered_with_causes);
	tcase_add_test(calls, all_but);
	tcase_add_test(threading, threads);
	tcase_add_test(threading, unknown_thread);
	tcase_add_test(threading, large_numbers);
	tcase_add_test(threading, idle_cpus);
	tcase_add_test(calls, signal_handler);
	tcase_add_test(other, continuity_by_cpu);
	tcase_add_test(other, unreadable_frame);
	tcase_add_test(other, unimplemented);
	suite_add_tcase(suite, calls);
	suite_add_tcase(suite, threading);
	suite_add_tcase(suite, other);
	return suite;
}
