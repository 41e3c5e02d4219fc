/* SPDX-License-Identifier: BSD-2-Clause */
/* The way out of the kernel: whoever is next goes on. */
#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/sched.h"
#include "debug/check.h"
#include "virt/virt.h"

_Noreturn void kernel_exit(void)
{
    struct cpu *cpu = this_cpu();

    check_kernel();
    for (;;) {
        struct thread *t = cpu->current;

        if (unlikely(cpu->resched)) {
            t = sched_choose();
            if (t == cpu->idle) {
                arch_idle();
                cpu->resched = true;
                continue;
            }
        }
        if (unlikely(t != cpu->loaded))
            arch_switch(t);
        if (!t->in_guest)
            arch_return_to_user(t);
        vcpu_enter(t);
    }
}
