# SPDX-License-Identifier: BSD-2-Clause
# The resource monitor, the root task.

MONITOR_SOURCES := $(sort $(wildcard monitor/*.c))

$(eval $(call idl_users,monitor,$(MONITOR_SOURCES),build/idl))
$(eval $(call rt_program,monitor,$(B)/monitor,0x1000000,$(MONITOR_SOURCES),-Imonitor -Ibuild/idl -Ilib/native/include -Ilib/uart/include,$(B)/libnative.a $(B)/libuart.a $(B)/libbooks.a $(B)/libmanifest.a $(B)/libboot.a $(B)/libidl.a))
ALL += $(B)/monitor
