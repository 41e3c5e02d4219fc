# SPDX-License-Identifier: BSD-2-Clause
# The machine's serial ports: the monitor's console and the shell's control line.

$(eval $(call library,uart,$(B)/libuart.a,lib/uart/uart.c,$(USER_CFLAGS) -Ilib/uart/include))
ALL += $(B)/libuart.a
