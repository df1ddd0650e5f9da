# SPDX-License-Identifier: MIT
# perfetto.mk: streams made by hand, for the tests of --format perfetto

PERFETTO_SCENES := $(B)/tests/perfetto/scenes
TEST_PROGRAMS += $(PERFETTO_SCENES) $(BENCH_RENDER)

$(PERFETTO_SCENES): $(B)/obj/tests/perfetto/scenes.o $(filter $(B)/obj/vmm/report/%,$(VMM_OBJECTS))
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $^

-include $(B)/obj/tests/perfetto/scenes.d
