/* SPDX-License-Identifier: MIT */
/*
 * exec.c: execve runs this file again, as another program in the same process: it gets arguments, environment,
 * auxiliary vector and clean registers, keeps its pid and descriptors but those that close on exec, and its handlers
 * are gone. A script runs its interpreter. What cannot be executed leaves the process as it was. Transitions: not
 * compared; the output says who ran.
 */
#include "test.h"

#define O_CREAT   0101
#define O_CLOEXEC 02000000
#define SIGUSR1   10
#define SIGUSR2   12
#define AT_PHDR   3
#define AT_PAGESZ 6
#define AT_ENTRY  9
#define AT_RANDOM 25
#define AT_EXECFN 31
#define SELF      "/proc/self/exe"

static char *const environment[] = {(char *)(uintptr_t) "A=1", (char *)(uintptr_t) "B=", NULL};
static volatile char data = 'd';

static bool same(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b)
		a++, b++;
	return *a == *b;
}

static long execve(const char *path, const char *const *arguments, char *const *variables)
{
	return raw(SYS_execve, (long)path, (long)arguments, (long)variables);
}

static uint64_t auxiliary(char **envp, uint64_t type)
{
	const uint64_t *vector;

	while (*envp != NULL)
		envp++;
	for (vector = (const uint64_t *)(envp + 1); vector[0] != 0; vector += 2)
		if (vector[0] == type)
			return vector[1];
	return 0;
}

static long make(const char *path, const char *text, size_t bytes, int mode)
{
	long file = raw(SYS_open, (long)path, O_CREAT, mode);

	EXPECT(file > 2 && write((int)file, text, bytes) == (long)bytes && raw(SYS_close, file, 0, 0) == 0);
	return file;
}

/* The new program. */
static int second(int argc, char **argv, char **envp)
{
	uint64_t action[4] = {9, 9, 9, 9};

	EXPECT(argc == 4 && same(argv[2], "") && same(argv[3], "last") && argv[4] == NULL);
	EXPECT(same(envp[0], "A=1") && same(envp[1], "B=") && envp[2] == NULL);
	EXPECT(same((const char *)auxiliary(envp, AT_EXECFN), SELF) && auxiliary(envp, AT_PAGESZ) == PAGE_SIZE);
	EXPECT(auxiliary(envp, AT_RANDOM) != 0 && auxiliary(envp, AT_ENTRY) >= 0x400000);
	EXPECT(data == 'd');
	EXPECT(raw(SYS_rt_sigaction, SIGUSR1, 0, (long)action) == -EINVAL); /* the size is missing */
	EXPECT(syscall6(SYS_rt_sigaction, SIGUSR1, 0, (long)action, 8, 0, 0) == 0 && action[0] == 0);
	EXPECT(syscall6(SYS_rt_sigaction, SIGUSR2, 0, (long)action, 8, 0, 0) == 0 && action[0] == 1);
	EXPECT(raw(SYS_fcntl, 5, 1, 0) == 0 && raw(SYS_fcntl, 6, 1, 0) == -EBADF);
	printf("second program, process %d\n", (int)getpid());
	return 42;
}

static void run_second(void)
{
	const char *const arguments[] = {"name", "second", "", "last", NULL};
	uint64_t handler[4] = {0x400000, 0x04000000, 0x400000, 0}, ignore[4] = {1, 0x04000000, 0x400000, 0};

	data = 'x';
	EXPECT(raw(SYS_dup2, 1, 5, 0) == 5 && raw(SYS_dup3, 1, 6, O_CLOEXEC) == 6);
	EXPECT(syscall6(SYS_rt_sigaction, SIGUSR1, (long)handler, 0, 8, 0, 0) == 0);
	EXPECT(syscall6(SYS_rt_sigaction, SIGUSR2, (long)ignore, 0, 8, 0, 0) == 0);
	execve(SELF, arguments, environment);
}

/* The interpreter of a script is the script's path's first word; it gets its own argument and the script's path. */
static int interpreter(int argc, char **argv)
{
	EXPECT(argc == 4 && same(argv[0], SELF) && same(argv[1], "as interpreter") && same(argv[2], "/tmp/script") &&
	       same(argv[3], "argument"));
	return 43;
}

static void run_script(void)
{
	const char *const arguments[] = {"dropped", "argument", NULL};

	execve("/tmp/script", arguments, environment);
}

static void run_nested_script(void)
{
	const char *const arguments[] = {"dropped", NULL};

	execve("/tmp/nested", arguments, environment);
}

static void run_by_descriptor(void)
{
	const char *const arguments[] = {"name", "plain", NULL};
	long file = raw(SYS_open, (long)SELF, 0, 0);

	syscall6(SYS_execveat, file, (long)"", (long)arguments, 0, 0x1000, 0);
}

static void run_by_vfork(void)
{
	static const char *const arguments[] = {"name", "plain", NULL};
	int status;
	long child = raw(SYS_vfork, 0, 0, 0);

	if (child == 0) {
		execve(SELF, arguments, NULL);
		exit(9);
	}
	EXPECT(child > 0 && wait4(child, &status, 0) == child && WEXITSTATUS(status) == 44);
}

static void refused(void)
{
	static char long_string[0x20001];
	const char *const arguments[] = {"name", NULL}, *const too_long[] = {long_string, NULL};

	for (size_t i = 0; i < sizeof(long_string) - 1; i++)
		long_string[i] = 'x';
	EXPECT(execve("/nowhere", arguments, environment) == -ENOENT);
	EXPECT(execve("", arguments, environment) == -ENOENT);
	EXPECT(execve("/tmp", arguments, environment) == -EACCES);
	EXPECT(execve("/tmp/no-right", arguments, environment) == -EACCES);
	EXPECT(execve("/tmp/text", arguments, environment) == -ENOEXEC);
	EXPECT(execve("/tmp/empty", arguments, environment) == -ENOEXEC);
	EXPECT(execve("/tmp/header", arguments, environment) == -ENOEXEC);
	EXPECT(execve("/tmp/circle", arguments, environment) == -ELOOP);
	EXPECT(execve("/tmp/lost", arguments, environment) == -ENOENT);
	EXPECT(execve(SELF, too_long, environment) == -E2BIG);
	EXPECT(execve((const char *)KERNEL_BASE, arguments, environment) == -EFAULT);
	EXPECT(execve(SELF, (const char *const *)KERNEL_BASE, environment) == -EFAULT);
	EXPECT(execve(SELF, (const char *const *)0x10000, environment) == -EFAULT);
	EXPECT(syscall6(SYS_execveat, 99, (long)"", (long)arguments, 0, 0x1000, 0) == -EBADF);
	EXPECT(syscall6(SYS_execveat, 1, (long)"", (long)arguments, 0, 0x1000, 0) == -EACCES);
	EXPECT(data == 'd');
}

int main(int argc, char **argv, char **envp)
{
	static const char script[] = "#! " SELF "  as interpreter \t\nnothing more\n", nested[] = "#!/tmp/inner\n",
			  inner[] = "#!" SELF " inner", circle[] = "#!/tmp/circle\n", lost[] = "#!/nowhere\n";

	if (argc > 1 && same(argv[1], "second"))
		return second(argc, argv, envp);
	if (argc > 1 && same(argv[1], "as interpreter"))
		return interpreter(argc, argv);
	if (argc > 1 && same(argv[1], "inner"))
		return argc == 4 && same(argv[2], "/tmp/inner") && same(argv[3], "/tmp/nested") ? 45 : 1;
	if (argc > 1 && same(argv[1], "plain"))
		return 44;
	make("/tmp/script", script, sizeof(script) - 1, 0755);
	make("/tmp/nested", nested, sizeof(nested) - 1, 0755);
	make("/tmp/inner", inner, sizeof(inner) - 1, 0755);
	make("/tmp/circle", circle, sizeof(circle) - 1, 0755);
	make("/tmp/lost", lost, sizeof(lost) - 1, 0755);
	make("/tmp/text", "text", 4, 0755);
	make("/tmp/empty", "", 0, 0755);
	make("/tmp/header", "\177ELF\2\1\1", 7, 0755);
	make("/tmp/no-right", script, sizeof(script) - 1, 0644);
	refused();
	EXPECT(status_of(run_second) == 42 << 8);
	EXPECT(status_of(run_script) == 43 << 8);
	EXPECT(status_of(run_nested_script) == 45 << 8);
	EXPECT(status_of(run_by_descriptor) == 44 << 8);
	run_by_vfork();
	printf("all ran\n");
	return 0;
}
