# SPDX-License-Identifier: BSD-2-Clause
# A root task that measures the kernel, for both widths.

# Where struct l4_links (l4/links.h) has the entry of Ipc: the fifth word.
KBENCH_LINK_amd64 := -DLINK_IPC=32
KBENCH_LINK_ia32  := -DLINK_IPC=16

KBENCH_SOURCES := $(addprefix bench/kernel/,main.c threads.c spread.c ipc.c idl.c sum.c faults.c events.c \
    creation.c mappings.c vcpu.c latency.c scaling.c $(ARCH)/loop.S)

$(eval $(call idl_set,build/kbench,bench/kernel/sum.idl))
$(eval $(call idl_users,kbench,$(KBENCH_SOURCES),build/kbench))
$(eval $(call rt_program,kbench,$(B)/kbench,0x01000000,$(KBENCH_SOURCES),-Ibench/kernel -Ibuild/kbench $(KBENCH_LINK_$(ARCH))))

ALL += $(B)/kbench
