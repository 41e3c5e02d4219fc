# SPDX-License-Identifier: BSD-2-Clause
# A root task that runs small guests and tests what the kernel makes of them.

$(eval $(call rt_program,vcputest,$(B)/vcputest,0x01000000,$(addprefix tests/vcpu/,main.c vm.c guest.S \
    exits.c events.c life.c safety.c bench.c)))

ALL += $(B)/vcputest
