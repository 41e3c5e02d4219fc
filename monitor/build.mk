# SPDX-License-Identifier: BSD-2-Clause
# The resource monitor, the root task.

MONITOR_SOURCES := $(sort $(wildcard monitor/*.c))

$(eval $(call rt_program,monitor,$(B)/monitor,0x1000000,$(MONITOR_SOURCES),-Imonitor,$(B)/libmanifest.a))
ALL += $(B)/monitor
