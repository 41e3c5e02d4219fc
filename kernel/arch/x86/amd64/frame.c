/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame of a new thread; and a look at the numbers in arch/offsets.h. */
#include "arch/entry.h"
#include "arch/layout.h"
#include "core/cpu.h"

_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "offsets.h");
_Static_assert(offsetof(struct cpu, frame_top) == CPU_FRAME_TOP, "offsets.h");
_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "offsets.h");
_Static_assert(offsetof(struct cpu, scratch) == CPU_SCRATCH, "offsets.h");
_Static_assert(FRAME_SYSCALL == F_SYSCALL, "offsets.h");
_Static_assert(sizeof(struct arch_frame) == F_SIZE, "offsets.h");

#define CHECK(member, number)                                                                      \
    _Static_assert(offsetof(struct arch_frame, member) == (number), "offsets.h")
CHECK(r15, F_R15);
CHECK(bx, F_RBX);
CHECK(ax, F_RAX);
CHECK(di, F_RDI);
CHECK(vector, F_VECTOR);
CHECK(ip, F_RIP);
CHECK(flags, F_RFLAGS);
CHECK(sp, F_RSP);
CHECK(ss, F_SS);

#define FLAGS_FIXED 0x002
#define FLAGS_IF    0x200

void arch_frame_init(struct arch_frame *f)
{
    *f = (struct arch_frame){.cs = SEL_UCODE, .ss = SEL_UDATA, .flags = FLAGS_FIXED | FLAGS_IF};
}
