# SPDX-License-Identifier: MIT
# ring.mk: what tests/ring/run needs. The program is the distribution's compiler's, as those of tests/programs.

RING_PARTS := $(B)/tests/ring/peak $(BENCH_COUNTER) $(B)/bench/calls.elf $(if $(GCC),$(B)/tests/ring/calls)

build-tests: $(RING_PARTS)

$(B)/tests/ring/calls: tests/ring/calls.c
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GCC) $(PROGRAM_FLAGS) -static -o $@ $<

$(B)/tests/ring/peak: tests/ring/peak.c
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_STANDARD) -O2 $(HOST_WARNINGS) -D_GNU_SOURCE $(STATIC) -o $@ $<
