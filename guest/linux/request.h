/* SPDX-License-Identifier: MIT */
/*
 * request.h: asking the VMM about files (VMM_HYPERCALL_FILE in abi.h).
 */
#ifndef LINUX_REQUEST_H
#define LINUX_REQUEST_H

#include <stdint.h>

#include "abi.h"

/* Carries out a request; brings in user memory that the VMM finds missing. The caller has checked that pointers of ring
   3 lie in the user half. */
int64_t file_request(struct vmm_file_request *request);

/* The same for reads and writes of `bytes` at `buffer`: goes on behind memory that had to be brought in. */
int64_t file_transfer(struct vmm_file_request *request);

void request_close(int32_t handle);

#endif
