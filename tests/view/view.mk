# SPDX-License-Identifier: MIT
# view.mk: the program that damages recorded traces and reads them (tests/view/fuzz.c).

TEST_PROGRAMS += $(B)/tests/fuzz-trace

$(B)/tests/fuzz-trace: $(B)/obj/tests/view/fuzz.o $(filter-out $(B)/obj/vmm/main.o,$(VMM_OBJECTS))
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $^ $(HOST_LDLIBS)

-include $(B)/obj/tests/view/fuzz.d
