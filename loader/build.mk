# SPDX-License-Identifier: BSD-2-Clause
# The multiboot program: 32 bits on every architecture, as multiboot wants it.

LOADER_BASE := 0x02000000

LOADER_CFLAGS := $(FREESTANDING) -m32 -march=i686 -mgeneral-regs-only -nostdinc \
        -isystem $(shell $(CC) -print-file-name=include) -Ilib/rt/include
LOADER_LDFLAGS := -m elf_i386 -nostdlib -static --gc-sections -z noexecstack -z max-page-size=4096 \
        --build-id=none -T loader/loader.ld --defsym=BASE=$(LOADER_BASE)

LOADER_SOURCES := $(wildcard loader/*.c) loader/entry.S \
        $(addprefix lib/rt/,format.c stdio.c string.c ia32/copy.c ia32/divide.c)

$(eval $(call program,loader,$(B)/loader,$(LOADER_SOURCES),$(LOADER_CFLAGS) \
    -fno-tree-loop-distribute-patterns,$(LOADER_LDFLAGS)))
$(B)/loader: loader/loader.ld

ALL += $(B)/loader
