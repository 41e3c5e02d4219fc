# SPDX-License-Identifier: BSD-2-Clause
# Tools and flags.

# CHECK=1: a kernel that looks at itself (kernel/debug/check.c), beside the normal one.
# KDB=1: a kernel with the interactive debugger (kernel/debug/kdb).
B       := build/$(ARCH)$(if $(CHECK),-check)$(if $(KDB),-kdb)
CC     := gcc
LD     := ld
NM     := nm
PYTHON := /usr/bin/python3

# V=1 shows the commands.
Q := $(if $(V),,@)
say = @printf '  %-8s %s\n' "$(1)" "$(2)"

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wpointer-arith -Wundef -Wvla -Wwrite-strings -Wold-style-definition \
        -Wimplicit-fallthrough=3 -Wno-unused-parameter

# The linker's names for the widths.
LD_amd64 := elf_x86_64
LD_ia32  := elf_i386

# What every program that runs on Almond, and Almond itself, is compiled with.
FREESTANDING := -std=gnu11 -O2 -g -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
        -fno-strict-aliasing -fno-common -fno-asynchronous-unwind-tables \
        -ffunction-sections -fdata-sections -fcf-protection=none $(WARN)

# User programs leave the vector registers alone, so that a guest's FPU state can
# stay in the processor while its VMM runs.
USER_amd64 := -m64 -mgeneral-regs-only -mno-red-zone
USER_ia32  := -m32 -march=i686 -mgeneral-regs-only
USER_CFLAGS := $(FREESTANDING) $(USER_$(ARCH)) -nostdinc -isystem $(shell $(CC) -print-file-name=include) \
        -Ilib/rt/include -Ilib/l4/include -Iidl/include -Ilib/manifest/include -Ilib/boot/include -Ilib/books/include
USER_LDFLAGS := -m $(LD_$(ARCH)) -nostdlib -static --gc-sections -z noexecstack -z max-page-size=4096 --build-id=none

HOST_CFLAGS := -std=gnu11 -O2 -g -D_GNU_SOURCE $(WARN) -Ilib/manifest/include -Ilib/boot/include -Ilib/books/include -Iidl/include -Ilib/l4/include
