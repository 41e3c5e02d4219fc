# SPDX-License-Identifier: BSD-2-Clause
# Native programs that run under the monitor and try its services and limits.

PROGRAMS := refusals mischief confined directory numbers sharing allocation devices boss noise
$(foreach p,refusals directory numbers sharing devices boss,$(eval $(p)_MORE := check))
boss_MORE += boss_refusals boss_lives boss_deaths boss_cycles
noise_MORE := noise_words noise_others

$(foreach p,$(PROGRAMS),$(eval $(call native_program,$(p),$(B)/programs/$(p),$(patsubst %,tests/programs/%.c,$(p) $($(p)_MORE)),build/idl)))

# It takes the place of a nested monitor.
USURPER := tests/programs/usurper.c tests/programs/check.c build/idl/errors.c
$(eval $(call idl_users,usurper,$(USURPER),build/idl))
$(eval $(call rt_program,usurper,$(B)/programs/usurper,0x1000000,$(USURPER),$(NATIVE_CFLAGS),$(B)/libnative.a))

# It takes the place of the operator's shell.
FRAGILE := tests/programs/fragile.c $(filter-out shell/main.c,$(wildcard shell/*.c)) build/idl/errors.c
$(eval $(call idl_users,fragile,$(FRAGILE),build/idl))
$(eval $(call rt_program,fragile,$(B)/programs/fragile,0x400000,$(FRAGILE),$(NATIVE_CFLAGS) -Ishell -Ilib/uart/include,$(B)/libnative.a $(B)/libuart.a))

ALL += $(addprefix $(B)/programs/,$(PROGRAMS) usurper fragile)
