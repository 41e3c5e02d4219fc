# SPDX-License-Identifier: BSD-2-Clause
# Almond, the kernel.  It is linked twice: the second time with a table of the
# symbols that the first link placed, for backtraces.

KERNEL_VIRT_amd64 := kernel/virt kernel/arch/x86/svm
KERNEL_VIRT_ia32  := kernel/virt kernel/arch/x86/nosvm

KERNEL_DIRS := kernel/core kernel/api kernel/debug kernel/plat/pc kernel/arch/x86 \
        kernel/arch/x86/$(ARCH) $(KERNEL_VIRT_$(ARCH)) $(if $(KDB),kernel/debug/kdb kernel/arch/x86/kdb)
KERNEL_SRC_ia32 := lib/rt/ia32/divide.c
KERNEL_SRC := $(filter-out $(if $(CHECK),,%/check.c),\
    $(sort $(wildcard $(foreach d,$(KERNEL_DIRS),$(d)/*.c $(d)/*.S)))) $(KERNEL_SRC_$(ARCH))
KERNEL_CHECK := $(if $(CHECK),-DKERNEL_CHECKS -fsanitize=undefined -fsanitize-undefined-trap-on-error) \
    $(if $(KDB),-DKERNEL_DEBUGGER)

KERNEL_FLAGS_amd64 := -m64 -mcmodel=kernel -mno-red-zone
KERNEL_FLAGS_ia32  := -m32 -march=i686 -mregparm=3 -mpreferred-stack-boundary=2
KERNEL_CFLAGS := $(FREESTANDING) $(KERNEL_FLAGS_$(ARCH)) -Ikernel/arch/x86/$(ARCH)/include \
        -mgeneral-regs-only -fno-omit-frame-pointer -nostdinc \
        -isystem $(shell $(CC) -print-file-name=include) \
        -Ikernel/include -Ikernel/arch/x86/include -Ilib/l4/include $(KERNEL_CHECK)

KERNEL_LDS := kernel/arch/x86/$(ARCH)/kernel.ld
KERNEL_LDFLAGS := -m $(LD_$(ARCH)) -nostdlib -static --gc-sections -z noexecstack -z max-page-size=4096 \
        --build-id=none -T $(KERNEL_LDS)

KERNEL_FIRST := $(B)/obj/kernel/almond.first
KERNEL_SYMBOLS := $(B)/obj/kernel/symbols

$(eval $(call program,kernel,$(KERNEL_FIRST),$(KERNEL_SRC),$(KERNEL_CFLAGS),$(KERNEL_LDFLAGS)))
$(KERNEL_FIRST): $(KERNEL_LDS)

$(KERNEL_SYMBOLS).S: $(KERNEL_FIRST) kernel/debug/symbols.py
	$(Q)$(NM) -n $< | $(PYTHON) kernel/debug/symbols.py >$@

$(KERNEL_SYMBOLS).o: $(KERNEL_SYMBOLS).S
	$(Q)$(CC) $(KERNEL_CFLAGS) -c -o $@ $<

$(B)/almond: $(KERNEL_FIRST) $(KERNEL_SYMBOLS).o
	$(call say,LD,$@)
	$(Q)$(LD) $(KERNEL_LDFLAGS) -o $@ $(call obj_of,kernel,$(KERNEL_SRC)) $(KERNEL_SYMBOLS).o

ALL += $(B)/almond
