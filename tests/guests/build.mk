# SPDX-License-Identifier: BSD-2-Clause
# Programs that system tests run inside Debian VMs: build/guests/smp.cpio is the busybox
# initramfs with /smp, the one of tests/guests/smp.c.  (Linux takes archives one behind the other.)

build/guests/smp: tests/guests/smp.c | build/packages/build
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -D_GNU_SOURCE $(WARN) -pthread -static -o $@ $<
	$(Q)strip $@

build/guests/smp.cpio: build/guests/smp build/guests/busybox.cpio guests/mkcpio.py
	$(call say,GUEST,$@)
	$(Q)guests/mkcpio.py $@.program smp=$<
	$(Q)cat build/guests/busybox.cpio $@.program >$@

tests: build/guests/smp.cpio
