# SPDX-License-Identifier: MIT
# The whole build: vmm, the guest kernel inside it, the tour, the examples, the tests. Out of tree, in $(B).
#
#   make deps        install what building and testing needs (apt)
#   make             build/vmm, build/guest.elf and the examples
#   make run         run the tour
#   make check       every test; HOSTS="kvm amd-v vt-x" chooses the KVM hosts
#   make bench       measurements      make install PREFIX=/usr/local
#   make lint        compilers, static analysis, format, include directions

B ?= build
PREFIX ?= /usr/local
DESTDIR ?=
HOSTS ?= kvm amd-v vt-x
SANITIZE ?=

HOST_CC ?= $(CC)
GUEST_CC ?= $(CC)
OBJCOPY ?= objcopy

HOST_WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Werror
HOST_CFLAGS ?= -O2 -g
HOST_CPPFLAGS := -D_GNU_SOURCE -Ishared -Ivmm -MMD -MP
HOST_STANDARD := -std=gnu17 -fPIE
HOST_LDLIBS = -lelf -lyajl
ifneq ($(SANITIZE),)
HOST_CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# vmm starts in a third of the time when nothing has to be loaded dynamically, and is then one file that runs on any
# Linux. Where the static libraries are missing (or a sanitizer needs its own), it is linked as usual.
STATIC_LIBS := $(shell pkg-config --static --libs libelf 2>/dev/null || echo -lelf -lz) -lyajl_s
STATIC := $(if $(SANITIZE),,$(shell echo 'int main(void) { return 0; }' | \
	$(HOST_CC) -static-pie -x c -o /dev/null - $(STATIC_LIBS) 2>/dev/null && echo -static-pie))

# V=1 shows the commands
ifndef V
.SILENT:
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all deps run check check-unit check-guests check-programs bench install uninstall clean lint format doctor

include guest/guest.mk

# ---- the VMM ----------------------------------------------------------------------------------------------------

VMM_SOURCES := $(sort $(wildcard vmm/*.c vmm/*/*.c))
VMM_ASSEMBLY := $(sort $(wildcard vmm/*/*.S))
VMM_OBJECTS := $(VMM_SOURCES:%.c=$(B)/obj/%.o) $(VMM_ASSEMBLY:%.S=$(B)/obj/%.o)

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(HOST_CC) $(HOST_STANDARD) $(HOST_CFLAGS) $(HOST_WARNINGS) $(HOST_CPPFLAGS) -c -o $@ $<

$(B)/obj/%.o: %.S Makefile
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(HOST_CC) $(HOST_CFLAGS) $(HOST_CPPFLAGS) -DBUILTIN_KERNEL='"$(B)/kernel.elf"' -DHTML_PAGE='"$(B)/page.html"' \
		-DCALIBRATE_GUEST='"$(B)/calibrate.elf"' -c -o $@ $<

$(B)/obj/vmm/boot/builtin_kernel.o: $(B)/kernel.elf
$(B)/obj/vmm/calibrate/guest.o: $(B)/calibrate.elf

# The page of --format html: everything in one file. The order of the sources is that of their use.
PAGE := vmm/report/page
PAGE_SOURCES := $(addprefix $(PAGE)/,style.css timeline.css list.css detail.css space.css summary.css print.css \
	core.js dom.js format.js theme.js describe.js count.js report.js filter.js header.js toolbar.js \
	slices.js scale.js timeline-draw.js timeline-marks.js overview.js timeline-legend.js timeline.js \
	list.js registers.js walk.js detail.js end.js \
	space-rows.js space-facts.js space-draw.js space.js summary-table.js summary.js)

$(B)/page.html: $(PAGE)/bundle $(PAGE)/page.html $(PAGE)/first.js $(PAGE_SOURCES)
	@mkdir -p $(@D)
	@echo "  PAGE    $@"
	$(PAGE)/bundle $(PAGE)/page.html $(PAGE)/first.js $(PAGE_SOURCES) >$@

$(B)/obj/vmm/report/page.o: $(B)/page.html

$(B)/vmm: $(VMM_OBJECTS)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(if $(STATIC),$(STATIC)) $(HOST_LDFLAGS) -o $@ $^ $(if $(STATIC),$(STATIC_LIBS),$(HOST_LDLIBS))

# ---- examples: each folder makes its own guest --------------------------------------------------------------------

include $(wildcard examples/*/example.mk)

all: $(B)/vmm $(B)/guest.elf $(B)/tour.elf $(EXAMPLES)

run: all
	@tests/run-tour $(B)

deps:
	@tests/deps

doctor: all
	@$(B)/vmm --doctor

# ---- tests ----------------------------------------------------------------------------------------------------------

UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c))
UNIT_OBJECTS := $(UNIT_SOURCES:%.c=$(B)/obj/%.o)
CHECK_LIBS = $(shell pkg-config --libs check 2>/dev/null || echo -lcheck)

$(B)/unit-tests: $(UNIT_OBJECTS) $(filter-out $(B)/obj/vmm/main.o,$(VMM_OBJECTS))
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $^ $(HOST_LDLIBS) $(CHECK_LIBS)

# Guests of the tests; each file there adds to TEST_GUESTS
-include $(wildcard tests/guests/*.mk)

# Programs of every sort, compared with Linux; adds LINUX_PROGRAMS
include tests/programs/programs.mk

TEST_PROGRAMS := $(B)/unit-tests $(B)/tests/vmm-dynamic $(B)/minimal-kvm $(TEST_GUESTS)

# Recorded traces, damaged
include tests/view/view.mk

.PHONY: build-tests
check: build-tests
	@tests/check $(B) "$(HOSTS)"

check-unit: $(B)/unit-tests
	@$(B)/unit-tests

check-guests: build-tests
	@for host in $(HOSTS); do tests/guests/run $(B) $$host || exit 1; done

check-programs: all $(LINUX_PROGRAMS)
	@tests/programs/run $(B)

# ---- measurements ----------------------------------------------------------------------------------------------------

$(B)/minimal-kvm: tests/bench/minimal_kvm.c
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_STANDARD) -O2 $(HOST_WARNINGS) -D_GNU_SOURCE -o $@ $<

include tests/bench/bench.mk

bench: all $(TEST_PROGRAMS)
	@tests/bench/run $(B)

# After bench.mk, whose recorded stream and counter they use
include tests/perfetto/perfetto.mk
include tests/ring/ring.mk

# With what the files above have added
build-tests: all $(TEST_PROGRAMS) $(LINUX_PROGRAMS)

# ---- the house -------------------------------------------------------------------------------------------------------

lint:
	@tests/lint $(B)

format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

install: $(B)/vmm
	install -D -m 755 $(B)/vmm $(DESTDIR)$(PREFIX)/bin/vmm
	install -D -m 644 docs/vmm.1 $(DESTDIR)$(PREFIX)/share/man/man1/vmm.1
	install -D -m 644 shared/trace.h $(DESTDIR)$(PREFIX)/include/vmm/trace.h
	install -D -m 644 shared/abi.h $(DESTDIR)$(PREFIX)/include/vmm/abi.h
	install -D -m 644 shared/layout.h $(DESTDIR)$(PREFIX)/include/vmm/layout.h
	install -D -m 644 shared/x86.h $(DESTDIR)$(PREFIX)/include/vmm/x86.h

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/vmm $(DESTDIR)$(PREFIX)/share/man/man1/vmm.1
	rm -rf $(DESTDIR)$(PREFIX)/include/vmm

# The same VMM, but a test can put itself between it and libc (LD_PRELOAD)
$(B)/tests/vmm-dynamic: $(VMM_OBJECTS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(HOST_CC) $(HOST_CFLAGS) $(HOST_LDFLAGS) -o $@ $^ $(HOST_LDLIBS)

clean:
	rm -rf $(B)

-include $(VMM_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d)
