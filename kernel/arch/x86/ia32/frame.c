/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame of a new thread; and a look at the numbers in arch/offsets.h. */
#include "arch/entry.h"
#include "arch/layout.h"
#include "core/cpu.h"

_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "offsets.h");
_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "offsets.h");
_Static_assert(FRAME_SYSENTER == F_SYSENTER, "offsets.h");
_Static_assert(sizeof(struct arch_frame) == F_SIZE, "offsets.h");

#define CHECK(member, number)                                                                      \
    _Static_assert(offsetof(struct arch_frame, member) == (number), "offsets.h")
CHECK(di, F_DI);
CHECK(ds, F_DS);
CHECK(es, F_ES);
CHECK(ax, F_AX);
CHECK(vector, F_VECTOR);
CHECK(error, F_ERROR);
CHECK(ip, F_IP);
CHECK(cs, F_CS);
CHECK(flags, F_FLAGS);
CHECK(sp, F_SP);
CHECK(ss, F_SS);

#define FLAGS_FIXED 0x002
#define FLAGS_IF    0x200

void arch_frame_init(struct arch_frame *f)
{
    *f = (struct arch_frame){.cs = SEL_UCODE, .ss = SEL_UDATA, .flags = FLAGS_FIXED | FLAGS_IF};
}
