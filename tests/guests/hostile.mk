# SPDX-License-Identifier: MIT
# Guests that misbehave: each hostile-*.S is a complete guest of its own; tests/bad/run.sh says how each must end.

HOSTILE_GUESTS := $(patsubst tests/guests/%.S,$(B)/tests/%.elf,$(sort $(wildcard tests/guests/hostile-*.S)))
TEST_GUESTS += $(HOSTILE_GUESTS)

$(HOSTILE_GUESTS): $(B)/tests/%.elf: tests/guests/%.S tests/guests/complete.ld tests/guests/hostile.h $(wildcard shared/*.h)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GUEST_CC) -g -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie -Ishared -Itests/guests -nostdlib -static -no-pie \
		-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--build-id=none -Wl,-T,tests/guests/complete.ld -o $@ $<
