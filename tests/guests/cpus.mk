# SPDX-License-Identifier: MIT
# cpus.mk: guests for several CPUs and for the FPU's state: each cpus-*.S and fpu-*.S is a complete guest of its own.

COMPLETE_GUESTS := $(patsubst tests/guests/%.S,$(B)/tests/%.elf,$(sort $(wildcard tests/guests/cpus-*.S tests/guests/fpu-*.S)))
TEST_GUESTS += $(COMPLETE_GUESTS)

$(COMPLETE_GUESTS): $(B)/tests/%.elf: tests/guests/%.S tests/guests/complete.ld tests/guests/hostile.h $(wildcard shared/*.h)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GUEST_CC) -g -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie -Ishared -Itests/guests -nostdlib -static -no-pie \
		-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--build-id=none -Wl,-T,tests/guests/complete.ld -o $@ $<
