/* SPDX-License-Identifier: MIT */
/*
 * test_decode.c: system calls as text: what memory and registers hold, and what strace would print. (tests/decode holds
 * the decoders against strace itself; this needs no strace, and also shows what a native program cannot do.)
 */
#include <stdio.h>
#include <string.h>

#include "decode/decode.h"
#include "suites.h"

#define MEMORY      0x1000 /* address of the first byte that can be read */
#define MEMORY_SIZE 0x1000

static uint8_t memory_bytes[MEMORY_SIZE];
static size_t readable; /* bytes from MEMORY on */
static struct decoded decoded;
static char text[DECODE_BYTES];

static size_t read_memory(void *context, uint64_t address, void *to, size_t count)
{
	uint64_t offset = address - MEMORY;

	ck_assert_ptr_eq(context, memory_bytes);
	if (address < MEMORY || offset >= readable)
		return 0;
	count = count < readable - offset ? count : readable - offset;
	memcpy(to, memory_bytes + offset, count);
	return count;
}

static const struct decode_memory memory = {memory_bytes, read_memory};

static void setup(void)
{
	memset(memory_bytes, 0, sizeof(memory_bytes));
	readable = MEMORY_SIZE;
}

/* Puts bytes at MEMORY + offset; returns their address. */
static uint64_t poke(size_t offset, const void *bytes, size_t count)
{
	memcpy(memory_bytes + offset, bytes, count);
	return MEMORY + offset;
}

#define POKE(offset, type, ...) poke(offset, &(type)__VA_ARGS__, sizeof(type))
#define POKE_TEXT(offset, text) poke(offset, text, sizeof(text))

static struct decode_call make_call(const char *name, const uint64_t args[6])
{
	struct decode_call call = {.row = call_row_named(name), .arg_count = 6};

	ck_assert_msg(call.row != NULL, "%s has no row", name);
	memcpy(call.args, args, sizeof(call.args));
	return call;
}

/* What does not fit is cut off. */
static void append(const char *more)
{
	size_t used = strlen(text);

	snprintf(text + used, sizeof(text) - used, "%s", more);
}

static const char *joined(const char *name)
{
	text[0] = '\0';
	append(name);
	append("(");
	for (unsigned i = 0; i < decoded.count; i++) {
		append(i > 0 ? ", " : "");
		append(decoded.args[i]);
	}
	append(")");
	append(decoded.result[0] != '\0' ? " = " : "");
	append(decoded.result);
	return text;
}

#define ARGS(...) ((const uint64_t[6]){__VA_ARGS__})

static const char *entry(const char *name, const uint64_t args[6])
{
	struct decode_call call = make_call(name, args);

	decode_entry(&call, &memory, &decoded);
	return joined(name);
}

/* The whole call, without anything in memory changing in between */
static const char *whole(const char *name, int64_t result, const uint64_t args[6])
{
	struct decode_call call = make_call(name, args);

	decode_entry(&call, &memory, &decoded);
	decode_return(&call, &memory, result, &decoded);
	return joined(name);
}

START_TEST(numbers)
{
	ck_assert_str_eq(entry("close", ARGS(UINT64_MAX)), "close(-1)");
	ck_assert_str_eq(whole("close", 0, ARGS(3)), "close(3) = 0");
	ck_assert_str_eq(whole("close", -9, ARGS(0xffffffff00000003)), "close(3) = -1 EBADF (Bad file descriptor)");
	ck_assert_str_eq(whole("close", -4000, ARGS(3)), "close(3) = -1 (errno 4000)");
	ck_assert_str_eq(whole("getpid", 7, ARGS(1, 2, 3)), "getpid() = 7");
	ck_assert_str_eq(whole("lseek", 5, ARGS(3, -1UL, 1)), "lseek(3, -1, SEEK_CUR) = 5");
	ck_assert_str_eq(whole("lseek", -22, ARGS(3, 0, 9)),
			 "lseek(3, 0, 0x9 /* SEEK_??? */) = -1 EINVAL (Invalid argument)");
	ck_assert_str_eq(whole("umask", 022, ARGS(0)), "umask(000) = 022");
	ck_assert_str_eq(whole("kill", 0, ARGS(1, 9)), "kill(1, SIGKILL) = 0");
	ck_assert_str_eq(whole("kill", 0, ARGS(-1UL, 34)), "kill(-1, SIGRT_2) = 0");
	ck_assert_str_eq(whole("brk", 0x5000, ARGS(0)), "brk(NULL) = 0x5000");
	ck_assert_str_eq(entry("exit_group", ARGS(3)), "exit_group(3) = ?");
}
END_TEST

START_TEST(flags)
{
	ck_assert_str_eq(whole("mmap", 0x7000, ARGS(0, 4096, 3, 0x22, -1UL, 0)),
			 "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7000");
	ck_assert_str_eq(entry("mmap", ARGS(0, 4096, 1, 0x20, -1UL, 0)),
			 "mmap(NULL, 4096, PROT_READ, MAP_FILE|MAP_ANONYMOUS, -1, 0)");
	ck_assert_str_eq(entry("mprotect", ARGS(0x1000, 4096, 0)), "mprotect(0x1000, 4096, PROT_NONE)");
	ck_assert_str_eq(entry("mprotect", ARGS(0x1000, 4096, 0x101)), "mprotect(0x1000, 4096, PROT_READ|0x100)");
	ck_assert_str_eq(entry("mprotect", ARGS(0x1000, 4096, 0x100)), "mprotect(0x1000, 4096, 0x100 /* PROT_??? */)");
	ck_assert_str_eq(entry("dup3", ARGS(1, 2, 02000000)), "dup3(1, 2, O_CLOEXEC)");
	ck_assert_str_eq(entry("unlinkat", ARGS(-100UL, 0, 0x200)), "unlinkat(AT_FDCWD, NULL, AT_REMOVEDIR)");
}
END_TEST

START_TEST(strings)
{
	uint64_t path = POKE_TEXT(0, "/a/path/that/is/longer/than/thirty-two/characters");
	uint64_t bytes = POKE_TEXT(0x100, "0123456789012345678901234567890123456789");
	uint64_t odd = POKE_TEXT(0x200, "\t\n\"\\\0\1\0019\0017\377\33[2J");

	ck_assert_str_eq(entry("chdir", ARGS(path)), "chdir(\"/a/path/that/is/longer/than/thirty-two/characters\")");
	ck_assert_str_eq(entry("write", ARGS(1, bytes, 32)), "write(1, \"01234567890123456789012345678901\", 32)");
	ck_assert_str_eq(entry("write", ARGS(1, bytes, 33)), "write(1, \"01234567890123456789012345678901\"..., 33)");
	ck_assert_str_eq(entry("write", ARGS(1, bytes, 0)), "write(1, \"\", 0)");
	ck_assert_str_eq(entry("write", ARGS(1, 0, 5)), "write(1, NULL, 5)");
	ck_assert_str_eq(entry("write", ARGS(1, odd, 15)),
			 "write(1, \"\\t\\n\\\"\\\\\\0\\1\\19\\0017\\377\\33[2J\", 15)");
}
END_TEST

/* Output arguments are addresses until the call has returned well. */
START_TEST(outputs)
{
	uint64_t args[6] = {3, MEMORY, 100};
	struct decode_call call = make_call("read", args);

	decode_entry(&call, &memory, &decoded);
	ck_assert_str_eq(joined("read"), "read(3, 0x1000, 100)");
	POKE_TEXT(0, "hello\n");
	decode_return(&call, &memory, 6, &decoded);
	ck_assert_str_eq(joined("read"), "read(3, \"hello\\n\", 100) = 6");
	ck_assert_ptr_null(decoded.output[0]);
	ck_assert_str_eq(decoded.output[1], "\"hello\\n\"");
	ck_assert_ptr_null(decoded.output[2]);
	ck_assert_str_eq(whole("read", -14, args), "read(3, 0x1000, 100) = -1 EFAULT (Bad address)");
	ck_assert_str_eq(whole("read", 0, args), "read(3, \"\", 100) = 0");
	POKE(0, int[2], {3, 4});
	ck_assert_str_eq(whole("pipe2", 0, ARGS(MEMORY, 04000)), "pipe2([3, 4], O_NONBLOCK) = 0");
	POKE(0, int64_t, {8});
	ck_assert_str_eq(whole("sendfile", 5, ARGS(1, 3, MEMORY, 10)), "sendfile(1, 3, [3] => [8], 10) = 5");
}
END_TEST

/* What ring 3 cannot read is an address; if it is there when the call returns, it is read then. */
START_TEST(unreadable)
{
	uint64_t end = MEMORY + MEMORY_SIZE;
	uint64_t args[6] = {-100UL, MEMORY + 0x800, 0};
	struct decode_call call = make_call("openat", args);

	memset(memory_bytes, 'x', sizeof(memory_bytes)); /* a string without an end */
	ck_assert_str_eq(entry("chdir", ARGS(end - 3)), "chdir(0x1ffd)");
	ck_assert_str_eq(entry("chdir", ARGS(0xdead)), "chdir(0xdead)");
	ck_assert_str_eq(entry("write", ARGS(1, end - 3, 4)), "write(1, 0x1ffd, 4)");
	ck_assert_str_eq(entry("write", ARGS(1, -1UL, -1UL)), "write(1, 0xffffffffffffffff, 18446744073709551615)");
	ck_assert_str_eq(whole("newfstatat", 0, ARGS(3, 0, end - 143, 0)), "newfstatat(3, NULL, 0x1f71, 0) = 0");
	readable = 0x800;
	decode_entry(&call, &memory, &decoded);
	ck_assert_str_eq(joined("openat"), "openat(AT_FDCWD, 0x1800, O_RDONLY)");
	readable = MEMORY_SIZE;
	POKE_TEXT(0x800, "/etc");
	decode_return(&call, &memory, 3, &decoded);
	ck_assert_str_eq(joined("openat"), "openat(AT_FDCWD, \"/etc\", O_RDONLY) = 3");
	ck_assert_str_eq(decoded.output[1], "\"/etc\"");
}
END_TEST

START_TEST(structures)
{
	struct {
		uint64_t a[3];
		uint32_t mode, more[3];
		uint64_t device, size, rest[11];
	} stat = {.mode = 0100644, .size = 123};
	_Static_assert(sizeof(stat) == 144, "struct stat");

	poke(0, &stat, sizeof(stat));
	ck_assert_str_eq(whole("fstat", 0, ARGS(3, MEMORY)), "fstat(3, {st_mode=S_IFREG|0644, st_size=123, ...}) = 0");
	stat.mode = 0020620;
	stat.device = 0x8803;
	poke(0, &stat, sizeof(stat));
	ck_assert_str_eq(whole("fstat", 0, ARGS(3, MEMORY)),
			 "fstat(3, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0x3), ...}) = 0");
	POKE(0, uint64_t[4], {0x401000, 0x14000000, 0x402000, 1UL << 1});
	ck_assert_str_eq(whole("rt_sigaction", 0, ARGS(2, MEMORY, 0, 8)),
			 "rt_sigaction(SIGINT, {sa_handler=0x401000, sa_mask=[INT], sa_flags=SA_RESTORER|SA_RESTART, "
			 "sa_restorer=0x402000}, NULL, 8) = 0");
	POKE(0, uint64_t, {~3UL});
	ck_assert_str_eq(whole("rt_sigprocmask", 0, ARGS(2, MEMORY, 0, 8)),
			 "rt_sigprocmask(SIG_SETMASK, ~[HUP INT], NULL, 8) = 0");
	POKE(0, uint64_t[2], {1, 500});
	ck_assert_str_eq(whole("nanosleep", 0, ARGS(MEMORY, MEMORY)), "nanosleep({tv_sec=1, tv_nsec=500}, 0x1000) = 0");
	POKE(0, uint64_t[2], {8192 * 1024, -1UL});
	ck_assert_str_eq(whole("prlimit64", 0, ARGS(0, 3, 0, MEMORY)),
			 "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0");
	POKE(0, uint16_t[4], {24, 80, 0, 0});
	ck_assert_str_eq(whole("ioctl", 0, ARGS(0, 0x5413, MEMORY)),
			 "ioctl(0, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0");
}
END_TEST

START_TEST(arrays)
{
	uint64_t first = POKE_TEXT(0x100, "ls"), second = POKE_TEXT(0x110, "-l");

	POKE(0, uint64_t[3], {first, second, 0});
	ck_assert_str_eq(entry("execve", ARGS(first, MEMORY, MEMORY)),
			 "execve(\"ls\", [\"ls\", \"-l\"], 0x1000 /* 2 vars */)");
	POKE(0, uint64_t[3], {first, 0xdead, 0});
	ck_assert_str_eq(entry("execve", ARGS(first, MEMORY, 0)), "execve(\"ls\", [\"ls\", 0xdead], NULL)");
	POKE(0, uint64_t[4], {first, 2, second, 1});
	ck_assert_str_eq(entry("writev", ARGS(1, MEMORY, 2)),
			 "writev(1, [{iov_base=\"ls\", iov_len=2}, {iov_base=\"-\", iov_len=1}], 2)");
	ck_assert_str_eq(whole("readv", 3, ARGS(1, MEMORY, 2)),
			 "readv(1, [{iov_base=\"ls\", iov_len=2}, {iov_base=\"-\", iov_len=1}], 2) = 3");
	POKE(0, uint64_t, {1UL << 32 | 1UL << 48}); /* descriptor 0, events, found */
	ck_assert_str_eq(whole("poll", 1, ARGS(MEMORY, 1, -1UL)),
			 "poll([{fd=0, events=POLLIN}], 1, -1) = 1 ([{fd=0, revents=POLLIN}])");
	ck_assert_str_eq(whole("poll", 0, ARGS(MEMORY, 1, 0)), "poll([{fd=0, events=POLLIN}], 1, 0) = 0 (Timeout)");
	POKE(0, uint64_t, {1UL << 3 | 1UL << 5});
	ck_assert_str_eq(whole("select", 2, ARGS(6, MEMORY, 0, 0, 0)),
			 "select(6, [3 5], NULL, NULL, NULL) = 2 (in [3 5])");
}
END_TEST

/* An array or a count that the guest has made up must not take long, nor be printed whole. */
START_TEST(hostile_counts)
{
	for (size_t i = 0; i < MEMORY_SIZE; i += 8)
		POKE(i, uint64_t, {MEMORY + 0x801});
	entry("execve", ARGS(MEMORY, MEMORY, MEMORY));
	ck_assert_ptr_nonnull(strstr(text, ", ...], "));
	ck_assert_str_eq(entry("writev", ARGS(1, MEMORY, -1UL)), "writev(1, 0x1000, 18446744073709551615)");
	entry("poll", ARGS(MEMORY, 1000, 0));
	ck_assert_ptr_nonnull(strstr(text, ", ...], 1000, 0"));
	entry("select", ARGS(INT32_MAX, MEMORY, MEMORY, MEMORY, MEMORY));
	whole("getdents64", INT32_MAX, ARGS(3, MEMORY, -1UL));
	ck_assert_uint_lt(strlen(text), DECODE_BYTES);
}
END_TEST

START_TEST(depending)
{
	POKE(0, int, {5});
	ck_assert_str_eq(entry("clone", ARGS(17, 0, 0x10, 0x20, 0x30)), "clone(child_stack=NULL, flags=SIGCHLD)");
	ck_assert_str_eq(whole("clone", 5, ARGS(0x01200011 | 0x100000, 0, MEMORY, 0x20, 0)),
			 "clone(child_stack=NULL, flags=CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|"
			 "SIGCHLD, parent_tid=[5], child_tidptr=0x20) = 5");
	ck_assert_str_eq(entry("openat", ARGS(-100UL, 0, 0101, 0644)),
			 "openat(AT_FDCWD, NULL, O_WRONLY|O_CREAT, 0644)");
	ck_assert_str_eq(entry("futex", ARGS(0x10, 129, 1, 2, 3, 4)), "futex(0x10, FUTEX_WAKE_PRIVATE, 1)");
	ck_assert_str_eq(entry("futex", ARGS(0x10, 0, 1, 0, 3, 4)), "futex(0x10, FUTEX_WAIT, 1, NULL)");
	ck_assert_str_eq(whole("fcntl", 0x8002, ARGS(3, 3, 99)),
			 "fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)");
	ck_assert_str_eq(whole("fcntl", 0, ARGS(3, 2, 1)), "fcntl(3, F_SETFD, FD_CLOEXEC) = 0");
	POKE(0, int, {0x100});
	ck_assert_str_eq(whole("wait4", 7, ARGS(-1UL, MEMORY, 1, 0)),
			 "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], WNOHANG, NULL) = 7");
	ck_assert_str_eq(whole("wait4", 0, ARGS(-1UL, MEMORY, 1, 0)), "wait4(-1, 0x1000, WNOHANG, NULL) = 0");
	POKE(0, int, {0x8b});
	ck_assert_str_eq(whole("wait4", 7, ARGS(-1UL, MEMORY, 0, 0)),
			 "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], 0, NULL) = 7");
}
END_TEST

START_TEST(sockets)
{
	static const uint8_t inet[16] = {2, 0, 0, 80, 127, 0, 0, 1}, inet6[28] = {10, 0, 0, 80, [23] = 1, [24] = 3};

	POKE_TEXT(0, "\1\0/run/it");
	ck_assert_str_eq(
		whole("connect", -2, ARGS(3, MEMORY, 110)),
		"connect(3, {sa_family=AF_UNIX, sun_path=\"/run/it\"}, 110) = -1 ENOENT (No such file or directory)");
	ck_assert_str_eq(entry("connect", ARGS(3, MEMORY, 2)), "connect(3, {sa_family=AF_UNIX}, 2)");
	ck_assert_str_eq(entry("connect", ARGS(3, MEMORY, 1)), "connect(3, 0x1000, 1)");
	ck_assert_str_eq(entry("connect", ARGS(3, 1, 16)), "connect(3, 0x1, 16)");
	POKE_TEXT(2, "\0it");
	ck_assert_str_eq(entry("bind", ARGS(3, MEMORY, 5)), "bind(3, {sa_family=AF_UNIX, sun_path=@\"it\"}, 5)");
	poke(0, inet, sizeof(inet));
	ck_assert_str_eq(entry("bind", ARGS(3, MEMORY, 16)),
			 "bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, 16)");
	POKE(0x100, uint32_t, {16});
	ck_assert_str_eq(whole("getpeername", 0, ARGS(3, MEMORY, MEMORY + 0x100)),
			 "getpeername(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, "
			 "[16]) = 0");
	ck_assert_str_eq(entry("getpeername", ARGS(0, MEMORY, MEMORY + 0x100)), "getpeername(0, 0x1000, [16])");
	poke(0, inet6, sizeof(inet6));
	ck_assert_str_eq(entry("sendto", ARGS(3, 0, 0, 0x4000, MEMORY, 28)),
			 "sendto(3, NULL, 0, MSG_NOSIGNAL, {sa_family=AF_INET6, sin6_port=htons(80), "
			 "sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=3}, 28)");
	POKE(0, int, {5});
	ck_assert_str_eq(entry("setsockopt", ARGS(3, 1, 7, MEMORY, 4)), "setsockopt(3, SOL_SOCKET, SO_SNDBUF, [5], 4)");
	ck_assert_str_eq(entry("socket", ARGS(2, 1, 6)), "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)");
}
END_TEST

START_TEST(signal_details)
{
	POKE(0, int, {12});
	POKE(8, int, {-1});
	POKE(16, int, {7});
	POKE(24, uint64_t, {42});
	ck_assert_str_eq(
		entry("rt_sigqueueinfo", ARGS(7, 12, MEMORY)),
		"rt_sigqueueinfo(7, SIGUSR2, {si_signo=SIGUSR2, si_code=SI_QUEUE, si_pid=7, si_uid=0, si_int=42, "
		"si_ptr=0x2a})");
	POKE(0, int, {11});
	POKE(8, int, {1});
	ck_assert_str_eq(entry("rt_sigqueueinfo", ARGS(7, 11, MEMORY)),
			 "rt_sigqueueinfo(7, SIGSEGV, {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x7})");
}
END_TEST

/* After execve, an address means something else: what could not be read before is not read then. */
START_TEST(execve_replaces_memory)
{
	uint64_t args[6] = {MEMORY, 0, 0};
	struct decode_call call = make_call("execve", args);

	readable = 0;
	decode_entry(&call, &memory, &decoded);
	readable = MEMORY_SIZE;
	decode_return(&call, &memory, 0, &decoded);
	ck_assert_str_eq(joined("execve"), "execve(0x1000, NULL, NULL) = 0");
	readable = 0;
	decode_entry(&call, &memory, &decoded);
	readable = MEMORY_SIZE;
	decode_return(&call, &memory, -2, &decoded);
	ck_assert_str_eq(joined("execve"), "execve(\"\", NULL, NULL) = -1 ENOENT (No such file or directory)");
}
END_TEST

/* 32-bit structures differ; text and plain buffers do not. */
START_TEST(i386)
{
	uint64_t args[6] = {1, POKE_TEXT(0, "hi"), 2};
	struct decode_call call = make_call("write", args);

	call.i386 = true;
	decode_entry(&call, &memory, &decoded);
	ck_assert_str_eq(joined("write"), "write(1, \"hi\", 2)");
	call = make_call("nanosleep", (uint64_t[6]){MEMORY, 0});
	call.i386 = true;
	decode_entry(&call, &memory, &decoded);
	ck_assert_str_eq(joined("nanosleep"), "nanosleep(0x1000, NULL)");
}
END_TEST

/* Every row with every argument at its extremes, over memory full of one byte: it ends, in printable ASCII. */
START_TEST(extremes)
{
	static const uint64_t values[] = {0, 1, 2, 0x1000, 0x1ffd, 0xffffffff, INT64_MIN, UINT64_MAX};
	static const int64_t results[] = {0, 1, 4096, INT64_MAX, -1, -4095, INT64_MIN};

	static const uint8_t patterns[] = {0, 1, 0x7f, 0xff};

	memset(memory_bytes, patterns[_i], sizeof(memory_bytes));
	for (uint64_t number = 0; number < 512; number++) {
		struct decode_call call = {.row = call_row_x86_64(number), .arg_count = 6, .stack = MEMORY};

		for (size_t i = 0; i < 8; i++) {
			for (unsigned arg = 0; arg < 6; arg++)
				call.args[arg] = values[(i + arg * (i / 8 + 1)) % 8];
			decode_entry(&call, &memory, &decoded);
			decode_return(&call, &memory, results[i % 7], &decoded);
			ck_assert_uint_le(decoded.count, 6);
			for (const char *at = joined("call"); *at != '\0'; at++)
				if (*at < ' ' || *at > '~')
					ck_abort_msg("call %lu: byte %d", (unsigned long)number, *at);
		}
	}
}
END_TEST

Suite *decode_suite(void)
{
	Suite *suite = suite_create("decode");
	TCase *calls = tcase_create("calls"), *robust = tcase_create("robust");

	tcase_add_checked_fixture(calls, setup, NULL);
	tcase_add_checked_fixture(robust, setup, NULL);
	tcase_add_test(calls, numbers);
	tcase_add_test(calls, flags);
	tcase_add_test(calls, strings);
	tcase_add_test(calls, outputs);
	tcase_add_test(calls, structures);
	tcase_add_test(calls, arrays);
	tcase_add_test(calls, depending);
	tcase_add_test(calls, sockets);
	tcase_add_test(calls, signal_details);
	tcase_add_test(calls, execve_replaces_memory);
	tcase_add_test(calls, i386);
	tcase_add_test(robust, unreadable);
	tcase_add_test(robust, hostile_counts);
	tcase_add_loop_test(robust, extremes, 0, 4);
	suite_add_tcase(suite, calls);
	suite_add_tcase(suite, robust);
	return suite;
}
