# SPDX-License-Identifier: BSD-2-Clause
# The interfaces: C headers for both widths, texts of errors, the reference.

IDL_COMPILER := $(wildcard idl/compiler/*.py idl/compiler/mzidl/*.py) idl/build.mk

# $(call idl_set,FOLDER,FILES): all that the compiler makes of FILES, in FOLDER.  The files of a set
# share errors.h, so a program has the headers of one set in its include path.
# Another make may look for the same files: they appear by being renamed.
define idl_set
$(1)/stamp: $(2) idl/marzipan.idl $(IDL_COMPILER) $(lastword $(MAKEFILE_LIST)) | build/packages/build
	$$(call say,IDL,$(1))
	@mkdir -p $(1)
	@printf '#include "%s"\n' $(2) >$(1)/all.idl.$$$$$$$$ && mv $(1)/all.idl.$$$$$$$$ $(1)/all.idl
	$$(Q)PYTHONDONTWRITEBYTECODE=1 omniidl -I. -p idl/compiler -b marzipan -Wbout=$(1) $(1)/all.idl
	@touch $$@
$(1)/marzipan/%.h: $(1)/stamp ;
$(1)/errors.c $(1)/headers.c: $(1)/stamp ;
endef

# $(call idl_users,NAME,SOURCES,FOLDER): the objects of a program or library include headers of a set.
idl_users = $(call obj_of,$(1),$(2)): | $(3)/stamp

IDL_FILES := $(sort $(wildcard idl/*.idl))

$(eval $(call idl_set,build/idl,$(IDL_FILES)))

# Texts of errors; and all headers with all their functions, which nothing links.
IDL_HEADERS := $(call obj_of,idl-headers,build/idl/headers.c)
$(eval $(call library,idl,$(B)/libidl.a,build/idl/errors.c,$(USER_CFLAGS) -Ibuild/idl))
$(eval $(call compile_rules,idl-headers,$(USER_CFLAGS) -Ibuild/idl -fkeep-inline-functions))

ALL += $(B)/libidl.a $(IDL_HEADERS)
