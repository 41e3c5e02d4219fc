# SPDX-License-Identifier: BSD-2-Clause
# Native programs that run under the monitor and try its services and limits.

PROGRAMS := refusals mischief confined directory numbers

$(foreach p,$(PROGRAMS),$(eval $(call native_program,$(p),$(B)/programs/$(p),tests/programs/$(p).c,build/idl)))

# It takes the place of a nested monitor.
$(eval $(call idl_users,usurper,tests/programs/usurper.c build/idl/errors.c,build/idl))
$(eval $(call rt_program,usurper,$(B)/programs/usurper,0x1000000,tests/programs/usurper.c build/idl/errors.c,$(NATIVE_CFLAGS),$(B)/libnative.a))

ALL += $(addprefix $(B)/programs/,$(PROGRAMS) usurper)
