# SPDX-License-Identifier: BSD-2-Clause
# Almond, the kernel.  It is linked twice: the second time with a table of the
# symbols that the first link placed, for backtraces.

KERNEL_ARCH_amd64 := kernel/arch/x86 kernel/arch/x86/amd64 kernel/arch/x86/svm

KERNEL_DIRS := kernel/core kernel/api kernel/virt kernel/debug kernel/plat/pc $(KERNEL_ARCH_$(ARCH))
KERNEL_SRC := $(sort $(wildcard $(foreach d,$(KERNEL_DIRS),$(d)/*.c $(d)/*.S)))

KERNEL_FLAGS_amd64 := -m64 -mcmodel=kernel -Ikernel/arch/x86/amd64/include
KERNEL_CFLAGS := $(FREESTANDING) $(KERNEL_FLAGS_$(ARCH)) -mno-red-zone -mgeneral-regs-only \
        -fno-omit-frame-pointer -nostdinc \
        -isystem $(shell $(CC) -print-file-name=include) \
        -Ikernel/include -Ikernel/arch/x86/include -Ilib/l4/include

KERNEL_LDS := kernel/arch/x86/$(ARCH)/kernel.ld
KERNEL_LDFLAGS := -nostdlib -static --gc-sections -z noexecstack -z max-page-size=4096 \
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
