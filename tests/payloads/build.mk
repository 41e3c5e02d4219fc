# SPDX-License-Identifier: BSD-2-Clause
# Payloads: tiny PVH guests for tests and benchmarks.  Each tests/payloads/NAME.c
# becomes build/payloads/NAME.

PAYLOAD_NAMES  := $(basename $(notdir $(wildcard tests/payloads/*.c)))
PAYLOADS       := $(addprefix build/payloads/,$(PAYLOAD_NAMES))
PAYLOAD_CFLAGS := $(FREESTANDING) -m64 -mgeneral-regs-only -mno-red-zone -Itests/payloads/lib -Ilib/rt/include
PAYLOAD_LIB    := $(addprefix tests/payloads/lib/,start.S console.c machine.c string.c traps.c)

$(eval $(call library,payload,$(B)/libpayload.a,$(PAYLOAD_LIB),$(PAYLOAD_CFLAGS)))

define payload_rules
$(call compile_rules,$(1),$(PAYLOAD_CFLAGS))
build/payloads/$(1): $(B)/obj/$(1)/tests/payloads/$(1).o $(B)/libpayload.a tests/payloads/lib/link.ld
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(LD) -nostdlib -static --gc-sections -z noexecstack --build-id=none \
	    -T tests/payloads/lib/link.ld -o $$@ -u entry $$(filter %.o %.a,$$^)
endef

$(foreach name,$(PAYLOAD_NAMES),$(eval $(call payload_rules,$(name))))

.PHONY: payloads
tests payloads: $(PAYLOADS)
