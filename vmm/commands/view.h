/* SPDX-License-Identifier: MIT */
/*
 * view.h: `vmm view FILE`: a recorded trace in any other form, without KVM.
 */
#ifndef VMM_COMMANDS_VIEW_H
#define VMM_COMMANDS_VIEW_H

/* argv[0] is "view". Returns vmm's exit status: 0; 1 when the trace is cut off or contradicts itself; 125. */
int view_command(int argc, char **argv);

#endif
