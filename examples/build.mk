# SPDX-License-Identifier: BSD-2-Clause
# The smallest L4 program; a server and its client.

$(eval $(call rt_program,hello,$(B)/examples/hello,0x1000000,examples/hello/hello.c,))

$(eval $(call idl_set,build/idl-service,$(IDL_FILES) examples/service/greeter.idl))
$(foreach p,server client,$(eval $(call native_program,$(p),$(B)/examples/$(p),examples/service/$(p).c,build/idl-service)))

ALL += $(B)/examples/hello $(B)/examples/server $(B)/examples/client
