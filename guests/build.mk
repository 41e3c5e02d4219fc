# SPDX-License-Identifier: BSD-2-Clause
# What runs inside VMs, from Debian's packages.

DEBIAN_KERNEL := build/guests/debian-cloud
GUESTS := $(DEBIAN_KERNEL)/vmlinux build/guests/busybox.cpio
ALL    += $(GUESTS)

$(DEBIAN_KERNEL)/bzImage: guests/fetch-kernel.py
	$(call say,GUEST,$@)
	$(Q)guests/fetch-kernel.py linux-image-cloud-amd64 $(@D)

$(DEBIAN_KERNEL)/vmlinux: $(DEBIAN_KERNEL)/bzImage guests/extract-vmlinux.py | build/packages/guests
	$(call say,GUEST,$@)
	$(Q)guests/extract-vmlinux.py $< $@

BUSYBOX_ETC := $(shell find guests/busybox/etc -type f)

# What is not built into Debian's kernel: the power button, the events of input devices, the watchdog.
BUSYBOX_MODULES := acpi/button input/evdev watchdog/watchdog watchdog/wdat_wdt

# An initramfs that is not compressed costs the guest fewer instructions than one that is.
build/guests/busybox.cpio: guests/mkcpio.py guests/build.mk $(BUSYBOX_ETC) $(DEBIAN_KERNEL)/bzImage | build/packages/guests
	$(call say,GUEST,$@)
	@mkdir -p $(@D)
	$(Q)guests/mkcpio.py $@ bin/busybox=/bin/busybox init='->bin/busybox' \
	    $$(/bin/busybox --list-full | sed -n 's,^[a-z]\+/.*,&=->/bin/busybox,p' | grep -v '^bin/busybox=') \
	    dev/console=char:5,1 dev/null=char:1,3 proc=dir sys=dir root=dir tmp=dir var/run=dir etc=guests/busybox/etc \
	    $(foreach m,$(BUSYBOX_MODULES),lib/modules/$$(cat $(DEBIAN_KERNEL)/version)/$(notdir $m).ko=$(DEBIAN_KERNEL)/modules/kernel/drivers/$m.ko)
