# SPDX-License-Identifier: BSD-2-Clause
# The operator's shell: a native program that each system has.

SHELL_SOURCES := $(sort $(wildcard shell/*.c))

$(eval $(call idl_users,shell,$(SHELL_SOURCES),build/idl))
$(eval $(call rt_program,shell,$(B)/shell,0x400000,$(SHELL_SOURCES),$(NATIVE_CFLAGS) -Ishell -Ilib/uart/include,$(B)/libnative.a $(B)/libuart.a $(B)/libidl.a))
ALL += $(B)/shell
