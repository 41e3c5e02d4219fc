# SPDX-License-Identifier: BSD-2-Clause
# The guest of the benchmarks: an initramfs whose /init measures.

build/bench/init: bench/guest/init.c | build/packages/build
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -D_GNU_SOURCE $(WARN) -static -o $@ $<
	$(Q)strip $@

build/guests/bench.cpio: build/bench/init guests/mkcpio.py
	$(call say,GUEST,$@)
	@mkdir -p $(@D)
	$(Q)guests/mkcpio.py $@ init=build/bench/init dev/console=char:5,1 proc=dir

.PHONY: bench-guests
bench-guests: build/guests/bench.cpio $(GUESTS) $(PAYLOADS)

# The reference: a Linux host whose /init runs the same guests under KVM.
GUEST_CMDLINE := console=ttyS0 quiet cryptomgr.notests nokaslr tsc=reliable tsc_early_khz=1000000
KVM_SOURCES   := $(wildcard bench/kvm/*.c)
KVM_MODULES   := $(DEBIAN_KERNEL)/modules/kernel

build/bench/kvm-init: $(KVM_SOURCES) bench/kvm/vm.h bench/build.mk | build/packages/build
	$(call say,CC,bench/kvm)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -D_GNU_SOURCE -DGUEST_CMDLINE='"$(GUEST_CMDLINE)"' $(WARN) \
	    -static -o $@ $(KVM_SOURCES)
	$(Q)strip $@

build/guests/kvm.cpio: build/bench/kvm-init guests/mkcpio.py $(GUESTS) build/guests/bench.cpio \
        build/payloads/exitcost
	$(call say,GUEST,$@)
	$(Q)guests/mkcpio.py $@ init=build/bench/kvm-init dev/console=char:5,1 \
	    irqbypass.ko=$(KVM_MODULES)/virt/lib/irqbypass.ko \
	    kvm.ko=$(KVM_MODULES)/arch/x86/kvm/kvm.ko kvm-amd.ko=$(KVM_MODULES)/arch/x86/kvm/kvm-amd.ko \
	    vmlinux=$(DEBIAN_KERNEL)/vmlinux bench.cpio=build/guests/bench.cpio \
	    exitcost=build/payloads/exitcost

bench-guests: build/guests/kvm.cpio

# In the loader's place: what the firmware takes until its first instruction.
build/bench/probe: bench/probe.S | build/packages/build
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -m32 -c -o $@.o $<
	$(Q)$(LD) -m elf_i386 -nostdlib -static -Ttext 0x2000000 -e entry --build-id=none -o $@ $@.o

bench-guests: build/bench/probe

# A native program that measures the monitor.
$(eval $(call native_program,meter,$(B)/bench/meter,bench/monitor/meter.c,build/idl))

bench-guests: $(B)/bench/meter
