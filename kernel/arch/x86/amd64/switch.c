/* SPDX-License-Identifier: BSD-2-Clause */
/* From thread to thread. */
#include "arch/boot.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/layout.h"
#include "arch/lazy_fpu.h"
#include "arch/memory.h"
#include "arch/msr.h"
#include "arch/tss.h"
#include "core/arch.h"
#include "core/cpu.h"

_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "entry.h");
_Static_assert(offsetof(struct cpu, frame_top) == CPU_FRAME_TOP, "entry.h");
_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "entry.h");
_Static_assert(offsetof(struct cpu, scratch) == CPU_SCRATCH, "entry.h");
_Static_assert(FRAME_SYSCALL == F_SYSCALL, "entry.h");
_Static_assert(sizeof(struct arch_frame) == F_SIZE, "entry.h");

#define CHECK(member, number)                                                                      \
    _Static_assert(offsetof(struct arch_frame, member) == (number), "entry.h")
CHECK(r15, F_R15);
CHECK(rbx, F_RBX);
CHECK(rax, F_RAX);
CHECK(rdi, F_RDI);
CHECK(vector, F_VECTOR);
CHECK(rip, F_RIP);
CHECK(rflags, F_RFLAGS);
CHECK(rsp, F_RSP);
CHECK(ss, F_SS);

#define FLAGS_FIXED 0x002
#define FLAGS_IF    0x200

void arch_frame_init(struct arch_frame *f)
{
    *f = (struct arch_frame){.cs = SEL_UCODE, .ss = SEL_UDATA, .rflags = FLAGS_FIXED | FLAGS_IF};
}

void arch_switch(struct thread *next)
{
    struct cpu *cpu = this_cpu();
    struct tss *tss = this_tss();
    word_t frame_top = (word_t)(&next->frame + 1);

    cpu->loaded = next;
    cpu->frame_top = frame_top;
    tss->rsp[0] = frame_top;
    if (next->space != cpu->loaded_space) {
        cpu->loaded_space = next->space;
        write_cr3(next->space ? virt_to_phys(next->space->pt_root).v
                              : image_to_phys(arch_kernel_pml4).v);
        io_switch(next->space);
    }
    utcb_slots[cpu->number].utcb = next->utcb_addr;
    /* Whatever the last thread loaded into GS. */
    wrmsr(MSR_KERNEL_GS_BASE, USER_UTCB_PTR + cpu->number * sizeof(struct utcb_slot));
    fpu_switch(next->fpu && next->fpu == cpu->live_fpu);
}
