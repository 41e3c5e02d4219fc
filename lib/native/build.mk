# SPDX-License-Identifier: BSD-2-Clause
# What native programs under the monitor share.

NATIVE_CFLAGS := -Ilib/native/include -Ibuild/idl

NATIVE_SOURCES := lib/native/native.c lib/native/log.c
$(eval $(call idl_users,native,$(NATIVE_SOURCES),build/idl))
$(eval $(call library,native,$(B)/libnative.a,$(NATIVE_SOURCES),$(USER_CFLAGS) $(NATIVE_CFLAGS)))

# $(call native_program,NAME,OUTPUT,SOURCES,INTERFACES,EXTRA CFLAGS)
#   A program that the monitor starts; INTERFACES is a folder made by idl_set.
define native_program
$(call idl_users,$(1),$(3) $(4)/errors.c,$(4))
$(call rt_program,$(1),$(2),0x400000,$(3) $(4)/errors.c,-Ilib/native/include -I$(4) $(5),$(B)/libnative.a)
endef

ALL += $(B)/libnative.a
