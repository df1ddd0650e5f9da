# SPDX-License-Identifier: MIT
# bench.mk: what `make bench` measures, and with what.

BENCH_FLAGS := $(HOST_STANDARD) -O2 $(HOST_WARNINGS) -D_GNU_SOURCE
BENCH_TOOLS := $(B)/bench/compare-times $(B)/bench/memory $(B)/bench/minimal-kvm-static $(B)/bench/sha256-static
BENCH_GUESTS := $(B)/bench/exit.elf $(B)/bench/bare.elf $(B)/bench/loop.elf $(B)/bench/touch.elf $(B)/bench/calls.elf
BENCH_COUNTER := $(B)/bench/count-instructions

bench: $(BENCH_TOOLS) $(BENCH_GUESTS) $(BENCH_COUNTER)

$(B)/bench/compare-times: tests/bench/compare_times.c
$(B)/bench/memory: tests/bench/memory.c
$(B)/bench/minimal-kvm-static: tests/bench/minimal_kvm.c
$(B)/bench/sha256-static: tests/bench/sha256.c

$(BENCH_TOOLS): tests/bench/bench.mk
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(BENCH_FLAGS) $(STATIC) -o $@ $(filter %.c,$^)

# Boots a guest with vmm's own parts, so it has all of them but main.
$(BENCH_COUNTER): $(B)/obj/tests/bench/count_instructions.o $(B)/obj/tests/bench/listing.o \
		$(filter-out $(B)/obj/vmm/main.o,$(VMM_OBJECTS))
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(STATIC) $(HOST_LDFLAGS) -o $@ $^ $(if $(STATIC),$(STATIC_LIBS),$(HOST_LDLIBS))

# The event stream and the renderers alone. yajl, where it is installed, is what JSON is compared with.
YAJL := $(shell pkg-config --exists yajl 2>/dev/null && [ -e tests/bench/render_yajl.c ] && echo yes)
BENCH_RENDER := $(B)/bench/render
RENDER_PARTS := render recording $(if $(YAJL),render_yajl)

bench: $(BENCH_RENDER)

$(B)/obj/tests/bench/render.o: HOST_CPPFLAGS += $(if $(YAJL),-DWITH_YAJL)

$(BENCH_RENDER): $(RENDER_PARTS:%=$(B)/obj/tests/bench/%.o) $(filter $(B)/obj/vmm/report/%,$(VMM_OBJECTS))
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $^ $(if $(YAJL),-lyajl)

$(B)/bench/bare.elf: tests/bench/bare.S shared/abi.h
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_COMMON) $(GUEST_LINK) -MF $(B)/bench/bare.d -Wl,-Ttext=0xffffffff80000000 -o $@ $<

# Without start.S: it is to do nothing at all.
$(B)/bench/exit.elf: $(B)/guest/lib/program.ld $(B)/bench/exit.o $(B)/guest/lib/syscalls.c.o
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_LINK) -Wl,-T,$< -o $@ $(filter %.o,$^)

$(B)/bench/loop.elf $(B)/bench/touch.elf $(B)/bench/calls.elf: $(B)/bench/%.elf: $(B)/guest/lib/program.ld \
		$(B)/bench/%.o $(GUEST_LIB_OBJECTS)
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_LINK) -Wl,-T,$< -o $@ $(filter %.o,$^)

$(B)/bench/calls.elf: $(B)/bench/bench_calls.o

$(B)/bench/%.o: tests/bench/%.S guest/guest.mk
	@mkdir -p $(@D)
	@echo "  AS      $@"
	$(GUEST_CC) $(GUEST_USER_FLAGS) -c -o $@ $<

$(B)/bench/%.o: tests/bench/%.c guest/guest.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(GUEST_CC) $(GUEST_USER_FLAGS) -c -o $@ $<

-include $(wildcard $(B)/bench/*.d) $(B)/obj/tests/bench/count_instructions.d $(B)/obj/tests/bench/listing.d \
	$(RENDER_PARTS:%=$(B)/obj/tests/bench/%.d)
