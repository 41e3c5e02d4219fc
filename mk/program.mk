# SPDX-License-Identifier: BSD-2-Clause
# $(call program,NAME,OUTPUT,SOURCES,CFLAGS,LDFLAGS,LIBRARIES)
#   Rules for a freestanding program: objects under $(B)/obj/NAME, linked by ld
#   into OUTPUT.  A change of the flags rebuilds it (through mk/).
# $(call library,NAME,OUTPUT,SOURCES,CFLAGS)
#   The same for a static library.
# $(call host_program,NAME,OUTPUT,SOURCES,CFLAGS,LDLIBS)
#   A program that runs on the build machine.

obj_of = $(patsubst %,$(B)/obj/$(1)/%.o,$(basename $(2)))

define compile_rules
$(B)/obj/$(1)/%.o: %.c $(wildcard mk/*.mk)
	$$(call say,CC,$$<)
	@mkdir -p $$(@D)
	$$(Q)$(CC) $(2) -MMD -MP -c -o $$@ $$<
$(B)/obj/$(1)/%.o: %.S $(wildcard mk/*.mk)
	$$(call say,AS,$$<)
	@mkdir -p $$(@D)
	$$(Q)$(CC) $(2) -D__ASSEMBLY__ -MMD -MP -c -o $$@ $$<
endef

define program
$(call compile_rules,$(1),$(4))
$(2): $(call obj_of,$(1),$(3)) $(6)
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(LD) $(5) -o $$@ $(call obj_of,$(1),$(3)) --start-group $(6) --end-group
endef

define library
$(call compile_rules,$(1),$(4))
$(2): $(call obj_of,$(1),$(3))
	$$(call say,AR,$$@)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)ar rcs $$@ $(call obj_of,$(1),$(3))
endef

define host_program
$(call compile_rules,$(1),$(4))
$(2): $(call obj_of,$(1),$(3))
	$$(call say,HOSTLD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(CC) $(4) -o $$@ $(call obj_of,$(1),$(3)) $(5)
endef

# A source that is gone is still in the dependency files of what was built from it:
# that must not stop make, which rebuilds without it.
%.c %.h: ;
