# SPDX-License-Identifier: BSD-2-Clause
# Readers of what boot loaders and firmware leave: programs, the list of modules, ACPI's tables.

$(eval $(call library,boot,$(B)/libboot.a,$(addprefix lib/boot/,elf.c bootinfo.c acpi.c),$(USER_CFLAGS)))
ALL += $(B)/libboot.a
