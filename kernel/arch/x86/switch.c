/* SPDX-License-Identifier: BSD-2-Clause */
/* From thread to thread. */
#include "arch/boot.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/lazy_fpu.h"
#include "arch/switch.h"
#include "core/arch.h"
#include "core/cpu.h"

void arch_switch(struct thread *next)
{
    struct cpu *cpu = this_cpu();
    word_t frame_top = (word_t)(&next->frame + 1);

    cpu->loaded = next;
    cpu->frame_top = frame_top;
    switch_frame(frame_top);
    if (next->space != cpu->loaded_space) {
        cpu->loaded_space = next->space;
        write_cr3(next->space ? virt_to_phys(next->space->pt_root).v
                              : image_to_phys(arch_kernel_root).v);
        io_switch(next->space);
    }
    utcb_slots[cpu->number].utcb = next->utcb_addr;
    switch_segments(cpu->number);
    fpu_switch(next->fpu && next->fpu == cpu->live_fpu);
}
