# SPDX-License-Identifier: BSD-2-Clause
# Native programs that run under the monitor and try its services and limits.

PROGRAMS := refusals mischief confined
program_sources = tests/programs/$(1).c tests/programs/child.c

$(foreach p,$(PROGRAMS),$(eval $(call idl_users,$(p),$(call program_sources,$(p)),build/idl)))
$(foreach p,$(PROGRAMS),$(eval $(call rt_program,$(p),$(B)/programs/$(p),0x400000,\
    $(call program_sources,$(p)),-Ibuild/idl)))

ALL += $(addprefix $(B)/programs/,$(PROGRAMS))
