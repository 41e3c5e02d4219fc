# SPDX-License-Identifier: BSD-2-Clause
# A root task for the kernel debugger to look at (tests/system/test_kdb.py).

$(eval $(call rt_program,kdbtest,$(B)/kdbtest,0x01000000,tests/kdb/main.c))

ALL += $(B)/kdbtest
