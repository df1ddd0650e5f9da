# SPDX-License-Identifier: MIT
# tiny: a complete guest that uses nothing of ours but shared/trace.h and the documented machine.

EXAMPLES += $(B)/tiny.elf

$(B)/tiny.elf: examples/tiny/tiny.S examples/tiny/tiny.c examples/tiny/tiny.ld shared/trace.h
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GUEST_CC) -std=gnu17 -O2 -g -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie -mno-red-zone -mgeneral-regs-only \
		-mcmodel=kernel -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -Ishared -nostdlib -static \
		-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--build-id=none -Wl,-T,examples/tiny/tiny.ld \
		-o $@ examples/tiny/tiny.S examples/tiny/tiny.c
