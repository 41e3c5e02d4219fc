# SPDX-License-Identifier: BSD-2-Clause
# The X.2 bindings: nearly all in headers, the library is the table of entries.

$(eval $(call library,l4,$(B)/libl4.a,lib/l4/init.c,$(USER_CFLAGS)))

ALL += $(B)/libl4.a
