# SPDX-License-Identifier: BSD-2-Clause
# The Debian packages that the goals need: the only list of them.
#
# build/packages/GROUP is the stamp of a group: a rule names it as an order-only
# prerequisite, and what is missing gets installed before the rule runs.

PACKAGES_build  := gcc binutils libc6-dev python3 libyaml-dev omniidl
PACKAGES_guests := lz4 xz-utils zstd busybox-static
PACKAGES_run    := qemu-system-x86
PACKAGES_test   := qemu-system-x86 acpica-tools gcc-multilib libcmocka-dev python3-pytest python3-pexpect python3-yaml python3-jsonschema
PACKAGES_iso    := grub-common grub-pc-bin grub-efi-amd64-bin xorriso mtools
PACKAGES_efi    := ovmf
PACKAGES_graph  := graphviz
PACKAGES_bochs  := bochs
PACKAGES_check  := clang-format clang cppcheck similarity-tester

build/packages/%: mk/packages.mk mk/install-packages
	@mkdir -p $(@D)
	@mk/install-packages $(PACKAGES_$*)
	@touch $@

# The compiler comes first: make installs it, then reads the makefiles again.
ifneq ($(filter-out help clean loc-%,$(or $(MAKECMDGOALS),all)),)
include build/packages/build
endif
