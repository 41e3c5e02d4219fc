# SPDX-License-Identifier: BSD-2-Clause
# A root task that makes calls through generated stubs, with the helpers of tests/x2.  Its
# interfaces are those of the host tests, too.

IDLTEST_SOURCES := $(addprefix tests/x2/,main.c threads.c settle.c memory.c agent.c $(ARCH)/machine.c) \
    $(addprefix tests/idl/,server.c servers.c calls.c items.c failures.c) build/idltest/errors.c

$(eval $(call idl_set,build/idltest,tests/idl/every.idl))
$(eval $(call idl_users,idltest,$(IDLTEST_SOURCES),build/idltest))
$(eval $(call rt_program,idltest,$(B)/idltest,0x01000000,$(IDLTEST_SOURCES),-fno-toplevel-reorder -Itests/x2 -Itests/x2/$(ARCH) \
    -Itests/idl -Ibuild/idltest))

ALL += $(B)/idltest
