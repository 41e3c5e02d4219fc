/* SPDX-License-Identifier: BSD-2-Clause */
/* From thread to thread, and between processors. */
#include "arch/switch.h"

#include "arch/guest.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/lazy_fpu.h"
#include "core/arch.h"
#include "plat/apic.h"

void arch_switch(struct thread *next)
{
    struct cpu *cpu = this_cpu();
    word_t table = next->space ? next->table : arch_kernel_table();

    if (unlikely(cpu->guest_state))
        guest_leave(cpu);
    else if (unlikely(cpu->work & WORK_SEGMENTS) && cpu->loaded && cpu->loaded->flags & TF_SEGMENTS)
        local_save(&cpu->loaded->local);
    cpu->loaded = next;
    switch_frame(cpu, (word_t)(&next->frame + 1));
    if (table != cpu->table) {
        cpu->table = table;
        write_cr3(table);
    }
    if (unlikely(cpu->work & WORK_PORTS || cpu->ports))
        io_switch(cpu, next->space);
    switch_slot(cpu)->utcb = next->utcb_addr;
    switch_segments(cpu);
    if (unlikely(cpu->work & WORK_SEGMENTS || next->flags & TF_SEGMENTS))
        local_load(cpu, next->flags & TF_SEGMENTS ? &next->local : NULL);
    fpu_switch(cpu, next->fpu && next->fpu == cpu->live_fpu);
}

void arch_flush(void)
{
    struct cpu *cpu = this_cpu();

    write_cr3(read_cr3());
    io_flush(cpu);
}

void arch_pause(void)
{
    cpu_relax();
}

void arch_ipi(unsigned n)
{
    lapic_send(cpus[n]->arch.lapic_id, VEC_IPI);
}
