/* SPDX-License-Identifier: MIT */
/* version.h: the one place that says which version this is. */
#ifndef VMM_VERSION_H
#define VMM_VERSION_H

#define VMM_VERSION "0.1.0"

#endif
