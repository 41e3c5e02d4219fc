# SPDX-License-Identifier: BSD-2-Clause
# The freestanding runtime of the servers.  A program links
#   $(B)/crt0.o its objects $(B)/librt.a $(B)/libl4.a
# with $(RT_LDFLAGS) and --defsym=BASE=<link address>.

# 64-bit numbers need help from the library where words have 32 bits.
RT_SOURCES_ia32 := ia32/divide.c

RT_LDFLAGS := $(USER_LDFLAGS) -T lib/rt/program.ld

$(eval $(call library,rt,$(B)/librt.a,$(addprefix lib/rt/,format.c heap.c stdio.c stdlib.c string.c \
    end.c text.c fifo.c ranges.c $(ARCH)/copy.c $(RT_SOURCES_$(ARCH))),$(USER_CFLAGS) -fno-tree-loop-distribute-patterns))

# $(call rt_program,NAME,OUTPUT,BASE,SOURCES,EXTRA CFLAGS,EXTRA LIBRARIES)
#   An L4 program that is linked at BASE.
define rt_program
$(call program,$(1),$(2),$(4),$(USER_CFLAGS) $(5),$(RT_LDFLAGS) --defsym=BASE=$(3) $(B)/crt0.o,$(6) \
    $(B)/librt.a $(B)/libl4.a)
$(2): $(B)/crt0.o lib/rt/program.ld
endef

$(B)/crt0.o: lib/rt/$(ARCH)/crt0.S
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(USER_CFLAGS) -c -o $@ $<

ALL += $(B)/librt.a $(B)/crt0.o
