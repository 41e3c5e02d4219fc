# SPDX-License-Identifier: BSD-2-Clause
# The monitor's books: who has which memory, shares which region, publishes which service.  They
# know numbers and paths only, call nobody, and are tested on the host.

$(eval $(call idl_users,books,$(addprefix lib/books/,memory.c directory.c regions.c),build/idl))
$(eval $(call library,books,$(B)/libbooks.a,$(addprefix lib/books/,memory.c directory.c regions.c),$(USER_CFLAGS) -Ibuild/idl))
ALL += $(B)/libbooks.a
