# SPDX-License-Identifier: MIT
# The programs that tests/programs/run compares with Linux: each NAME.c statically with glibc (NAME), and with musl
# (NAME-musl) where musl-gcc is. What lacks its library is left out; the entries that need it are then skipped.

PROGRAM_FLAGS := -O2 -g -Wall -Wextra -Werror -D_GNU_SOURCE -std=gnu17
PROGRAM_DIR := $(B)/tests/programs
PROGRAM_SPECIAL := lua sqlite
PROGRAM_NAMES := $(filter-out $(PROGRAM_SPECIAL),$(basename $(notdir $(sort $(wildcard tests/programs/*.c)))))
MUSL_GCC := $(shell command -v musl-gcc)
LUA_HEADERS := $(wildcard /usr/include/lua5.4/lua.h)
LUA_FLAGS = -I/usr/include/lua5.4
SQLITE_HEADER := $(wildcard /usr/include/sqlite3.h)
GCC := $(shell command -v gcc)
GXX := $(shell command -v g++)

LINUX_PROGRAMS := $(if $(MUSL_GCC),$(PROGRAM_NAMES:%=$(PROGRAM_DIR)/%-musl)) $(if $(GXX),$(PROGRAM_DIR)/cpp) \
	$(if $(GCC),$(PROGRAM_NAMES:%=$(PROGRAM_DIR)/%) $(PROGRAM_DIR)/hello-pie \
	$(if $(LUA_HEADERS),$(PROGRAM_DIR)/lua) $(if $(SQLITE_HEADER),$(PROGRAM_DIR)/sqlite))

# Their libraries are the distribution's compiler's, whatever builds vmm
$(PROGRAM_DIR)/%: tests/programs/%.c tests/programs/say.h tests/programs/programs.mk
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GCC) $(PROGRAM_FLAGS) -static -o $@ $< -lm

$(PROGRAM_DIR)/%-musl: tests/programs/%.c tests/programs/say.h tests/programs/programs.mk
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(MUSL_GCC) $(PROGRAM_FLAGS) -static -o $@ $< -lm

$(PROGRAM_DIR)/hello-pie: tests/programs/hello.c
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GCC) $(PROGRAM_FLAGS) -static-pie -fPIE -o $@ $< -lm

# dlopen is in these libraries, and not used
$(PROGRAM_DIR)/lua: tests/programs/lua.c
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GCC) $(PROGRAM_FLAGS) $(LUA_FLAGS) -static -o $@ $< -llua5.4 -lm 2>$@.log || { cat $@.log; false; }

$(PROGRAM_DIR)/sqlite: tests/programs/sqlite.c
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GCC) $(PROGRAM_FLAGS) -static -o $@ $< -lsqlite3 -lm 2>$@.log || { cat $@.log; false; }

$(PROGRAM_DIR)/cpp: tests/programs/cpp.cc
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(GXX) -O2 -g -Wall -Wextra -Werror -std=c++17 -static -o $@ $<
