/* SPDX-License-Identifier: MIT */
/*
 * diff.h: `vmm diff A B`: two recorded traces side by side.
 */
#ifndef VMM_COMMANDS_DIFF_H
#define VMM_COMMANDS_DIFF_H

/* argv[0] is "diff". Returns vmm's exit status, as diff(1) does: 0 the same, 1 not; 125 trouble. */
int diff_command(int argc, char **argv);

#endif
