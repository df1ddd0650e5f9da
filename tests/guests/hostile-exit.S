/* SPDX-License-Identifier: MIT */
/* Does nothing wrong: ends with status 7 at once. The guest for tests of the command line. */
#include "hostile.h"

start:
	finish	7
