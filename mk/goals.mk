# SPDX-License-Identifier: BSD-2-Clause
# The goals that people type.

# The system that `make run`, `make iso` and `make bochs` boot.
SYSTEM ?= examples/two-vms/system.yaml

# The levels of tests, in this order (a variable, since commas separate the arguments of $(or)).
LEVELS := unit,tool,x2,system

# Of the system call fuzzer; without it the long runs take random ones.
export SEED

.PHONY: all ia32 checked run test test-long bench check iso bochs clean help loc-kernel loc-monitor loc-vmm

all: ## build everything
all: $(ALL)

ia32: ## build the 32-bit system in build/ia32, like make ARCH=ia32
	@$(MAKE) --no-print-directory ARCH=ia32 all

checked: ## the kernels of both widths that look at themselves, in build/*-check
checked:
	@$(MAKE) --no-print-directory ARCH=amd64 CHECK=1 build/amd64-check/almond
	@$(MAKE) --no-print-directory ARCH=ia32 CHECK=1 build/ia32-check/almond

run: ## boot the system of SYSTEM=examples/two-vms/system.yaml in QEMU; leave with Ctrl-] x y
run: all | build/packages/run
	$(if $(filter build/amd64,$(B)),,$(error this boots the normal 64-bit system: docs/debugging.md and docs/architecture.md say how to boot others))
	build/marzipan run -o build/run $(SYSTEM)

test: ## all tests but the long ones: host, kernel API, whole systems (TESTS=unit,tool,x2,system; K=pattern; SEED=n of the fuzzer)
test: all ia32 checked tests | build/packages/test build/packages/iso build/packages/efi build/packages/graph
	tests/run.py --levels $(or $(TESTS),$(LEVELS)) $(if $(K),-k '$(K)')

test-long: ## the same and the long ones: much memory, many restarts, Bochs
test-long: all ia32 checked tests | build/packages/test build/packages/iso build/packages/efi build/packages/graph build/packages/bochs
	tests/run.py --long --levels $(or $(TESTS),$(LEVELS)) $(if $(K),-k '$(K)')

bench: ## measure against the targets of docs/performance.md; writes build/bench.json
bench: all ia32 bench-guests | build/packages/run
	bench/run.py

check: ## format, static analysis, headers, duplicates, sizes, licences
check: all build/unit-idl/stamp | build/packages/check
	mk/check.py

iso: ## a GRUB image for BIOS and UEFI: build/marzipan.iso
iso: build/marzipan.iso

bochs: ## boot that image in Bochs, whose SVM has what QEMU's lacks
bochs: build/marzipan.iso | build/packages/bochs
	mk/bochs.py build/marzipan.iso

clean: ## remove what was built (but not the package cache)
	rm -rf build

# The kernel for AMD64 without its debuggers: kernel/debug/kdb with its part in arch/x86, check.c.
loc-kernel: ## lines of code of the AMD64 kernel, without blanks, comments and debugger
	@mk/loc.py --without ia32,nosvm,kdb,check.c kernel

loc-monitor: ## the same of the resource monitor
	@mk/loc.py monitor

loc-vmm: ## the same of the VMM
	@mk/loc.py vmm

help: ## show this list
	@awk -F ': ## ' '/^[a-z0-9-]+: ## / { printf "  %-12s %s\n", $$1, $$2 }' mk/goals.mk
	@echo "  V=1 shows the commands; ARCH=ia32 builds for 32 bits, KDB=1 a kernel with a debugger (docs/debugging.md)."
