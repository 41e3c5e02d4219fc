# SPDX-License-Identifier: BSD-2-Clause
# Marzipan: the build.  `make help` lists what there is to do.
#
# Each component names its sources in <component>/build.mk; the rules that turn
# them into programs are in mk/program.mk, the flags in mk/config.mk.

ARCH ?= amd64

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

include mk/config.mk
include mk/packages.mk
include mk/program.mk

# What both widths have, and what belongs to the hosts of hardware VMs.
COMPONENTS := lib/rt lib/l4 idl lib/manifest lib/boot lib/books lib/native lib/uart kernel loader sigma0 monitor shell tests/x2 tests/idl tests/fuzz tests/kdb tests/programs bench/kernel examples
COMPONENTS_amd64 := vmm tools guests tests/vcpu tests/payloads tests/guests tests/unit \
        tests/system bench docs
include $(wildcard $(addsuffix /build.mk,$(COMPONENTS) $(COMPONENTS_$(ARCH))))
include mk/goals.mk
include mk/iso.mk

-include $(shell find build -name '*.d' 2>/dev/null)
