# SPDX-License-Identifier: MIT
# programs.mk: each NAME.c here is a user program for the built-in kernel, and becomes $(B)/tests/NAME.elf.

GUEST_TEST_SOURCES := $(sort $(wildcard tests/guests/*.c))
GUEST_TEST_OBJECTS := $(GUEST_TEST_SOURCES:tests/guests/%.c=$(B)/tests/obj/%.o)
GUEST_TEST_PROGRAMS := $(GUEST_TEST_SOURCES:tests/guests/%.c=$(B)/tests/%.elf)
TEST_GUESTS += $(GUEST_TEST_PROGRAMS)

# For wild-jump, which tries what ring 3 could only guess
$(B)/tests/obj/kernel_symbols.h: $(B)/kernel.elf
	@mkdir -p $(@D)
	nm $< | sed -nE 's/^([0-9a-f]{16}) T (syscall_entry|int80_entry|page_fault_entry)$$/#define \2 0x\1/p' >$@

$(B)/tests/obj/wild-jump.o: $(B)/tests/obj/kernel_symbols.h

$(GUEST_TEST_OBJECTS): $(B)/tests/obj/%.o: tests/guests/%.c tests/guests/programs.mk guest/guest.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(GUEST_CC) $(GUEST_USER_FLAGS) -I$(B)/tests/obj -c -o $@ $<

$(GUEST_TEST_PROGRAMS): $(B)/tests/%.elf: $(B)/guest/lib/program.ld $(B)/tests/obj/%.o $(GUEST_LIB_OBJECTS)
	@echo "  LINK    $@"
	$(GUEST_CC) $(GUEST_LINK) -Wl,-T,$< -o $@ $(filter %.o,$^)

-include $(GUEST_TEST_OBJECTS:.o=.d)
