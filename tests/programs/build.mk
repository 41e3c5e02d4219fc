# SPDX-License-Identifier: BSD-2-Clause
# Native programs that run under the monitor and try its services and limits.

$(foreach p,refusals mischief confined,$(eval $(call rt_program,$(p),$(B)/programs/$(p),0x400000,\
    tests/programs/$(p).c tests/programs/child.c)))

ALL += $(addprefix $(B)/programs/,refusals mischief confined)
