/* SPDX-License-Identifier: MIT */
/* render_yajl.h: the JSON Lines renderer once more, by a library, to compare. */
#ifndef TESTS_BENCH_RENDER_YAJL_H
#define TESTS_BENCH_RENDER_YAJL_H

#include "report/stream.h"

extern const struct renderer yajl_renderer;

#endif
