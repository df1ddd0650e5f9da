/* SPDX-License-Identifier: MIT */
/*
 * machine.c: what a program asks about itself and the machine: uname, sysinfo, prlimit, getrusage, times, ids, prctl,
 * sysconf. Prints only what does not depend on the machine.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "say.h"

static void limits(void)
{
	struct rlimit limit;

	SAY("getrlimit", getrlimit(RLIMIT_STACK, &limit));
	printf("stack %ld KiB\n", (long)limit.rlim_cur / 1024);
	limit.rlim_cur = 4 << 20;
	SAY("setrlimit", setrlimit(RLIMIT_STACK, &limit));
	SAY("getrlimit", getrlimit(RLIMIT_STACK, &limit));
	printf("stack %ld KiB\n", (long)limit.rlim_cur / 1024);
	SAY("bad limit", getrlimit(99, &limit));
	SAY("RLIMIT_NOFILE", getrlimit(RLIMIT_NOFILE, &limit));
	printf("some files %d\n", limit.rlim_cur >= 64);
}

int main(void)
{
	struct utsname names;
	struct sysinfo info;
	struct rusage usage;
	struct tms ticks;
	cpu_set_t cpus;
	char name[17] = "";

	SAY("uname", uname(&names));
	printf("%s %s\n", names.sysname, names.machine);
	SAY("sysinfo", sysinfo(&info));
	printf("memory %d, processes %d\n", info.totalram > 0 && info.freeram <= info.totalram, info.procs > 0);
	limits();
	SAY("getrusage", getrusage(RUSAGE_SELF, &usage));
	printf("ticks %d\n", times(&ticks) != (clock_t)-1);
	SAY("getuid", getuid());
	SAY("geteuid", geteuid());
	SAY("getgid", getgid());
	SAY("getegid", getegid());
	printf("a pid %d, a thread of the same %d\n", getpid() > 0, gettid() == getpid());
	SAY("PR_SET_NAME", prctl(PR_SET_NAME, "another"));
	SAY("PR_GET_NAME", prctl(PR_GET_NAME, name));
	printf("%s\n", name);
	SAY("PR_SET_DUMPABLE", prctl(PR_SET_DUMPABLE, 1));
	SAY("bad prctl", prctl(123456, 0));
	printf("page %ld, ticks %ld\n", sysconf(_SC_PAGESIZE), sysconf(_SC_CLK_TCK));
	printf("affinity %d\n", sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 0);
	SAY("sched_yield", sched_yield());
	return 0;
}
