# SPDX-License-Identifier: MIT
# The guests of the tests: each .S file here is a complete guest of its own.

TEST_GUEST_SOURCES := $(sort $(wildcard tests/guests/*.S))
TEST_GUESTS += $(TEST_GUEST_SOURCES:tests/guests/%.S=$(B)/tests/%.elf)

$(B)/tests/%.elf: tests/guests/%.S tests/guests/complete.ld tests/guests/guest.h $(wildcard shared/*.h)
	@mkdir -p $(@D)
	$(GUEST_CC) -g -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie -Ishared -Itests/guests -nostdlib -static -no-pie \
		-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--build-id=none -Wl,-T,tests/guests/complete.ld -o $@ $<
