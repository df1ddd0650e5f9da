/* SPDX-License-Identifier: MIT */
/*
 * memory-model.c: 250 random changes of 48 pages by mmap, munmap, mprotect, fork and plain writes, always
 * the same ones, beside a model of what each page must be then: mapped or not, its rights, private or shared, its
 * value. Rights are asked for by a system call that reads or writes there and gives -EFAULT or not. Transitions: not
 * compared; the output says that the model was right at every step.
 */
#include "test.h"

#define PAGES     48
#define STEPS     250
#define BASE      INT64_C(0x35791000000)
#define WORD      2048 /* not the first: the kernel may use those of free pages */
#define SIG_BLOCK 0

struct page {
	bool mapped, shared;
	int protection;
	uint64_t value; /* one of its words */
};

static struct page model[PAGES];
static volatile uint64_t *report; /* shared */
static uint64_t state = 88172645463325252;
static int step;

static uint64_t random(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static volatile uint64_t *word_of(unsigned page)
{
	return (volatile uint64_t *)(BASE + page * (int64_t)PAGE_SIZE + WORD);
}

static void *address_of(unsigned page)
{
	return (void *)((uintptr_t)word_of(page) - WORD);
}

static void check_true(bool as_it_must_be, unsigned page, const char *what)
{
	if (as_it_must_be)
		return;
	printf("step %d, page %u: %s\n", step, page, what);
	exit(1);
}

static bool has(const struct page *page, int right)
{
	return page->mapped && (page->protection & right);
}

/* The CPU has no right to write without one to read, nor one to execute. */
static bool readable(const struct page *page)
{
	return has(page, PROT_READ | PROT_WRITE | PROT_EXEC);
}

static void check(unsigned page)
{
	/* a call that reads one word and changes nothing (blocks no signal), and one that writes one word */
	long reads = syscall6(SYS_rt_sigprocmask, 99, (long)word_of(page), 0, 8, 0, 0);

	check_true(reads == (readable(&model[page]) ? -EINVAL : -EFAULT), page, "the right to read");
	if (readable(&model[page]))
		check_true(*word_of(page) == model[page].value, page, "the value");
	if (!has(&model[page], PROT_WRITE)) {
		check_true(syscall6(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)word_of(page), 8, 0, 0) == -EFAULT, page,
			   "the right to write");
	} else {
		*word_of(page) = model[page].value + 1;
		check_true(syscall6(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)word_of(page), 8, 0, 0) == 0, page,
			   "a call's write");
		check_true(*word_of(page) == 0, page, "what a call wrote");
		model[page].value = random(1000);
		*word_of(page) = model[page].value;
	}
}

static void check_all(void)
{
	for (unsigned page = 0; page < PAGES; page++)
		check(page);
}

static int random_protection(void)
{
	static const int protections[] = {PROT_NONE, PROT_READ, PROT_RW, PROT_RW, PROT_RW, PROT_READ | PROT_EXEC};

	return protections[random(sizeof(protections) / sizeof(protections[0]))];
}

static void do_map(unsigned first, unsigned count)
{
	bool shared = random(3) == 0;
	int protection = random_protection();

	check_true(mmap(address_of(first), count * PAGE_SIZE, protection,
			(shared ? MAP_SHARED : MAP_PRIVATE) | MAP_FIXED) == (long)address_of(first),
		   first, "mmap");
	for (unsigned page = first; page < first + count; page++)
		model[page] = (struct page){true, shared, protection, 0};
}

static void do_unmap(unsigned first, unsigned count)
{
	check_true(munmap(address_of(first), count * PAGE_SIZE) == 0, first, "munmap");
	for (unsigned page = first; page < first + count; page++)
		model[page] = (struct page){.mapped = false};
}

static void do_protect(unsigned first, unsigned count)
{
	int protection = random_protection();
	unsigned end = first;

	while (end < first + count && model[end].mapped)
		model[end++].protection = protection;
	check_true(mprotect(address_of(first), count * PAGE_SIZE, protection) == (end == first + count ? 0 : -ENOMEM),
		   first, "mprotect");
}

/* The child sees what its parent has, and changes what it may, rights too; the parent sees that only where a page is
   shared. What the child leaves there is in `report`. */
static void do_fork(unsigned first)
{
	int status = -1;
	long child;

	for (unsigned page = 0; page <= PAGES; page++)
		report[page] = 0;
	child = fork_and_wait();
	if (child == 0) {
		check_all();
		for (unsigned page = first % 4; page < PAGES; page += 4)
			do_protect(page, 1);
		check_all();
		do_unmap((unsigned)random(PAGES), 1);
		check_all();
		for (unsigned page = 0; page < PAGES; page++)
			if (has(&model[page], PROT_WRITE)) {
				*word_of(page) = 7000 + page;
				if (model[page].shared)
					report[page] = 7000 + page;
			}
		report[PAGES] = 1;
		exit(0);
	}
	check_true(wait4(child, &status, 0) == child && status == 0 && report[PAGES] == 1, 0, "the child's view");
	for (unsigned page = 0; page < PAGES; page++)
		if (report[page] != 0)
			model[page].value = report[page];
		else if (model[page].shared && has(&model[page], PROT_WRITE))
			*word_of(page) = model[page].value; /* the child's checks may have changed it */
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	report = (volatile uint64_t *)map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	for (step = 0; step < STEPS; step++) {
		unsigned first = (unsigned)random(PAGES), count = 1 + (unsigned)random(PAGES - first);

		if (random(3) != 0)
			count = 1 + count % 4 % (PAGES - first);
		switch (random(10)) {
		case 0:
		case 1:
		case 2:
			do_map(first, count);
			break;
		case 3:
		case 4:
			do_unmap(first, count);
			break;
		case 5:
		case 6:
			do_protect(first, count);
			break;
		case 7:
			do_fork(first);
			break;
		default:
			check(first);
		}
		check((unsigned)random(PAGES));
		if (step % 100 == 99)
			check_all();
	}
	printf("%d steps\n", STEPS);
	return 0;
}
