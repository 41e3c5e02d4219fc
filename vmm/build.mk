# SPDX-License-Identifier: BSD-2-Clause
# The virtual machine monitor: one process for each VM.

VMM_SOURCES := $(sort $(wildcard vmm/*.c vmm/*/*.c))

$(eval $(call idl_users,vmm,$(VMM_SOURCES),build/idl))
$(eval $(call rt_program,vmm,$(B)/vmm,0x400000,$(VMM_SOURCES),-Ivmm -Ibuild/idl))
ALL += $(B)/vmm
