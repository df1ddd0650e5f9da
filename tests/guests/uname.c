/* SPDX-License-Identifier: MIT */
/*
 * uname.c: uname fills all six names; what Linux programs look at is what they expect there.
 * Transitions: uname, write, exit_group.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	struct {
		char system[65], node[65], release[65], version[65], machine[65], domain[65];
	} names;

	(void)argc, (void)argv, (void)envp;
	memset(&names, 'x', sizeof(names));
	EXPECT(raw(SYS_uname, (long)&names, 0, 0) == 0);
	EXPECT(strcmp(names.system, "Linux") == 0 && strcmp(names.machine, "x86_64") == 0);
	EXPECT(strlen(names.node) < 65 && strlen(names.version) < 65 && strlen(names.domain) < 65);
	EXPECT(names.release[0] >= '3' && names.release[0] <= '9');
	printf("%s %s\n", names.system, names.machine);
	return 0;
}
