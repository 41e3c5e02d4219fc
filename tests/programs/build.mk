# SPDX-License-Identifier: BSD-2-Clause
# Native programs that run under the monitor and try its services and limits.

PROGRAMS := refusals mischief confined directory numbers

$(foreach p,$(PROGRAMS),$(eval $(call native_program,$(p),$(B)/programs/$(p),tests/programs/$(p).c,build/idl)))

ALL += $(addprefix $(B)/programs/,$(PROGRAMS))
