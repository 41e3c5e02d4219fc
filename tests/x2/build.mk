# SPDX-License-Identifier: BSD-2-Clause
# A root task that checks the kernel's interface.

$(eval $(call rt_program,x2test,$(B)/x2test,0x01000000,$(sort $(wildcard tests/x2/*.c))))

ALL += $(B)/x2test
