# SPDX-License-Identifier: BSD-2-Clause
# Host tests: each tests/unit/*/test_*.c becomes one program, built with the
# sources that its own first lines name, under the sanitizers, with cmocka:
#
#     // SOURCES: vmm/devices/uart.c lib/rt/ring.c
#     // CFLAGS: -Ivmm
#     // LIBS: -lyaml
#
# HOST_TEST=1 is defined in all of them.  The kernel's and the interfaces' are built a second
# time with words of 32 bits, as build/unit/kernel32/test_* and build/unit/idl32/test_*.

UNIT_SOURCES := $(wildcard tests/unit/*/test_*.c)
UNIT_TESTS   := $(patsubst tests/unit/%.c,build/unit/%,$(UNIT_SOURCES))
UNIT_CFLAGS  := -std=gnu11 -g -O1 -D_GNU_SOURCE -DHOST_TEST=1 $(WARN) -fno-omit-frame-pointer \
        -fsanitize=address,undefined -fno-sanitize-recover=undefined

# $(call unit_line,SOURCE,WORD): what follows "// WORD:" in SOURCE
unit_line = $(shell sed -n 's,^// *$(2): *,,p' $(1))

# $(call unit_build,FLAGS,SOURCES,LIBS): the program, and on which headers all of its sources depend
define unit_build
	@mkdir -p $$(@D)
	$$(Q)$(CC) $(1) -MM -MP -MT $$@ $(filter %.c,$(2)) >$$@.d
	$$(Q)$(CC) $(1) -o $$@ $(2) $(3)
endef

define unit_rules
build/unit/$(1): tests/unit/$(1).c $(call unit_line,tests/unit/$(1).c,SOURCES) \
        $(wildcard mk/*.mk) | build/packages/test build/idl/stamp
	$$(call say,UNIT,$$<)
$(call unit_build,$(UNIT_CFLAGS) $(call unit_line,tests/unit/$(1).c,CFLAGS),tests/unit/$(1).c \
    $(filter %.c %.S,$(call unit_line,tests/unit/$(1).c,SOURCES)),$(call unit_line,tests/unit/$(1).c,LIBS) -lcmocka)
endef

comma := ,

# Another address space layout, the numbers of IA32, and a cmocka of our own.
UNIT_32        := $(foreach d,kernel idl,$(patsubst tests/unit/$d/%.c,build/unit/$(d)32/%,$(wildcard tests/unit/$d/test_*.c)))
UNIT_32_CFLAGS := $(subst -fsanitize=address$(comma)undefined,-fsanitize=undefined,$(UNIT_CFLAGS)) \
        -m32 -Itests/unit/kernel/fake32

define unit_32_rules
build/unit/$(1)32/$(2): tests/unit/$(1)/$(2).c $(call unit_line,tests/unit/$(1)/$(2).c,SOURCES) \
        $(wildcard mk/*.mk) | build/packages/test
	$$(call say,UNIT,$$< with 32 bits)
$(call unit_build,$(UNIT_32_CFLAGS) $(subst amd64,ia32,$(call unit_line,tests/unit/$(1)/$(2).c,CFLAGS)),\
    tests/unit/$(1)/$(2).c $(filter %.c,$(call unit_line,tests/unit/$(1)/$(2).c,SOURCES)))
endef

$(foreach test,$(UNIT_32),$(eval $(call unit_32_rules,$(patsubst build/unit/%32/,%,$(dir $(test))),$(notdir $(test)))))

$(foreach test,$(UNIT_TESTS),$(eval $(call unit_rules,$(patsubst build/unit/%,%,$(test)))))

.PHONY: tests unit
tests unit: $(UNIT_TESTS) $(UNIT_32)
