/* SPDX-License-Identifier: MIT */
/*
 * arguments.c: a program finds on its stack what the System V ABI and Linux promise: argc, argv, envp and the auxiliary
 * vector, rsp a multiple of 16; the strings are where the pointers say; and main's result is the exit status.
 * Transitions: getuid and getegid, one write for each argument, exit_group.
 */
#include "test.h"

enum {
	AT_NULL,
	AT_PHENT = 4,
	AT_PAGESZ = 6,
	AT_BASE,
	AT_FLAGS,
	AT_ENTRY,
	AT_UID = 11,
	AT_EUID,
	AT_GID,
	AT_EGID,
	AT_PLATFORM,
	AT_HWCAP,
	AT_CLKTCK,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_EXECFN = 31
};

void _start(void);

static uint64_t auxiliary(char **envp, uint64_t type)
{
	const uint64_t *pair;

	while (*envp != NULL)
		envp++;
	for (pair = (const uint64_t *)(envp + 1); pair[0] != AT_NULL; pair += 2)
		if (pair[0] == type)
			return pair[1];
	return UINT64_MAX;
}

int main(int argc, char **argv, char **envp)
{
	EXPECT(((uintptr_t)argv - sizeof(uint64_t)) % 16 == 0 && argv[argc] == NULL && envp == argv + argc + 1);
	EXPECT(argc == 5 && strcmp(argv[1], "one") == 0 && strcmp(argv[2], "2") == 0 &&
	       strcmp(argv[3], "--three") == 0);
	EXPECT(strcmp(argv[4], "-e") == 0); /* the VMM leaves what follows the image alone */
	EXPECT(strcmp(argv[0] + strlen(argv[0]) - 13, "arguments.elf") == 0);
	EXPECT(auxiliary(envp, AT_PAGESZ) == PAGE_SIZE && auxiliary(envp, AT_ENTRY) == (uint64_t)_start);
	EXPECT(auxiliary(envp, AT_PHENT) == 56);
	EXPECT(auxiliary(envp, AT_CLKTCK) == 100 && auxiliary(envp, AT_SECURE) == 0 && auxiliary(envp, AT_BASE) == 0);
	EXPECT(auxiliary(envp, AT_UID) == (uint64_t)raw(SYS_getuid, 0, 0, 0) && auxiliary(envp, AT_FLAGS) == 0);
	EXPECT(auxiliary(envp, AT_EGID) == (uint64_t)raw(SYS_getegid, 0, 0, 0));
	EXPECT(strcmp((const char *)auxiliary(envp, AT_PLATFORM), "x86_64") == 0);
	EXPECT(strcmp((const char *)auxiliary(envp, AT_EXECFN) + strlen((const char *)auxiliary(envp, AT_EXECFN)) - 13,
		      "arguments.elf") == 0);
	EXPECT(auxiliary(envp, AT_RANDOM) != UINT64_MAX && auxiliary(envp, AT_RANDOM) > (uint64_t)envp);
	for (int argument = 1; argument < argc; argument++)
		printf("%d: %s\n", argument, argv[argument]);
	return argc;
}
