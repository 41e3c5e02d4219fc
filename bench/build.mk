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
