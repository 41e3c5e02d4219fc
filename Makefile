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
include $(wildcard $(addsuffix /build.mk,lib/rt lib/l4 lib/manifest kernel loader sigma0 \
          monitor vmm tools guests examples tests/x2 tests/vcpu tests/programs tests/payloads tests/unit tests/fuzz \
          tests/system bench docs))
include mk/goals.mk
include mk/iso.mk

-include $(shell find build -name '*.d' 2>/dev/null)
