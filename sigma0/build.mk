# SPDX-License-Identifier: BSD-2-Clause
# The first pager, linked where it runs.

SIGMA0_BASE := 0x00f00000

$(eval $(call rt_program,sigma0,$(B)/sigma0,$(SIGMA0_BASE),$(addprefix sigma0/,main.c memory.c ranges.c)))

ALL += $(B)/sigma0
