# SPDX-License-Identifier: BSD-2-Clause
# The image that boots on real machines, and in Bochs.

build/marzipan.iso: $(ALL) $(SYSTEM) | build/packages/iso
	build/marzipan iso -o $@ $(SYSTEM)
