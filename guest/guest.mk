# SPDX-License-Identifier: MIT
# guest.mk: builds everything that runs inside the guest. Included by the Makefile; works alone as
#   make -f guest/guest.mk B=build
# Gives $(B)/kernel.elf, the user programs $(B)/tour.elf and $(B)/selftest.elf, and $(B)/guest.elf: kernel and tour in
# one complete guest.

B ?= build
GUEST_CC ?= $(CC)
OBJCOPY ?= objcopy

ifeq ($(.DEFAULT_GOAL),)
.DEFAULT_GOAL := guest
endif
.PHONY: guest
guest: $(B)/kernel.elf $(B)/tour.elf $(B)/guest.elf $(B)/selftest.elf

GUEST_WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wundef -Wvla
GUEST_COMMON := -std=gnu17 -O2 -g -ffreestanding -march=x86-64 -fno-pic -fno-pie -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fcf-protection=none -fno-common $(GUEST_WARNINGS) \
	-Iguest -Ishared -I. -MMD -MP
# Without SSE nothing in the kernel needs a stack aligned to 16 bytes: that saves two instructions a call. GCC and Clang
# have different words for it.
GUEST_STACK := $(shell $(GUEST_CC) -mgeneral-regs-only -mpreferred-stack-boundary=3 -E -x c /dev/null >/dev/null 2>&1 && \
	echo -mpreferred-stack-boundary=3 || echo -mstack-alignment=8)
GUEST_KERNEL_FLAGS := $(GUEST_COMMON) -fno-strict-aliasing -mcmodel=kernel -mno-red-zone -mgeneral-regs-only $(GUEST_STACK)
GUEST_USER_FLAGS := $(GUEST_COMMON)
GUEST_LINK := -nostdlib -static -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,-z,separate-code \
	-Wl,--build-id=none -Wl,--fatal-warnings

GUEST_KERNEL_SOURCES := $(wildcard guest/kernel/*.[cS] guest/linux/*.[cS])
GUEST_LIB_SOURCES := $(wildcard guest/lib/*.[cS])
GUEST_KERNEL_OBJECTS := $(GUEST_KERNEL_SOURCES:%=$(B)/%.o)
GUEST_LIB_OBJECTS := $(GUEST_LIB_SOURCES:%=$(B)/%.o)
GUEST_USER_OBJECTS := $(B)/guest/user/tour.c.o $(B)/guest/user/selftest.c.o $(B)/guest/user/calibrate.c.o

$(GUEST_KERNEL_OBJECTS): $(B)/%.o: % guest/guest.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(GUEST_CC) $(GUEST_KERNEL_FLAGS) -c -o $@ $<

$(GUEST_LIB_OBJECTS) $(GUEST_USER_OBJECTS): $(B)/%.o: % guest/guest.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(GUEST_CC) $(GUEST_USER_FLAGS) -c -o $@ $<

# Linker scripts take their addresses from shared/layout.h, by way of the preprocessor
GUEST_SCRIPTS := $(B)/guest/kernel/kernel.ld $(B)/guest/guest.ld $(B)/guest/lib/program.ld

$(GUEST_SCRIPTS): $(B)/%.ld: %.lds guest/guest.mk
	@mkdir -p $(@D)
	@echo "  GEN     $@"
	$(GUEST_CC) -E -P -x assembler-with-cpp -Iguest -Ishared -MMD -MP -MT $@ -MF $@.d -o $@ $<

$(B)/kernel.elf: $(B)/guest/kernel/kernel.ld $(GUEST_KERNEL_OBJECTS)
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_LINK) -Wl,-T,$< -o $@ $(filter %.o,$^)

$(B)/calibrate.elf: GUEST_LINK += -s # it becomes a part of vmm

$(B)/tour.elf $(B)/selftest.elf $(B)/calibrate.elf: $(B)/%.elf: $(B)/guest/lib/program.ld $(B)/guest/user/%.c.o $(GUEST_LIB_OBJECTS)
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_LINK) -Wl,-T,$< -o $@ $(filter %.o,$^)

# The tour as one object whose only global name is user_entry, which the kernel looks for (guest/kernel/boot.S)
$(B)/guest/tour-program.o: $(B)/guest/user/tour.c.o $(GUEST_LIB_OBJECTS)
	@echo "  LINK    $@"
	$(GUEST_CC) -nostdlib -r -o $@ $^
	@echo "  OBJCOPY $@"
	$(OBJCOPY) --redefine-sym _start=user_entry --keep-global-symbol=user_entry $@

$(B)/guest.elf: $(B)/guest/guest.ld $(B)/guest/tour-program.o $(GUEST_KERNEL_OBJECTS)
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_LINK) -Wl,-T,$< -o $@ $(filter %.o,$^)

-include $(patsubst %.o,%.d,$(GUEST_KERNEL_OBJECTS) $(GUEST_LIB_OBJECTS) $(GUEST_USER_OBJECTS))
-include $(GUEST_SCRIPTS:%=%.d)
