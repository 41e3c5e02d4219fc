/* SPDX-License-Identifier: BSD-2-Clause */
/* Processors and interrupts. */
#include "core/arch.h"
#include "core/cpu.h"
#include "kdb.h"

static void print_todo(u32 todo)
{
    static const char *const names[] = {"reschedule", "release",   "attend",
                                        "timer",      "interrupt", "alarm"};

    kprintf("  todo:");
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
        if (todo & 1u << i)
            kprintf(" %s", names[i]);
    kprintf("%s\n", todo ? "" : " nothing");
}

static void print_alarm(const struct cpu *cpu)
{
    u64 now = arch_tsc();

    if (cpu->alarm == TIME_NEVER)
        kprintf("no alarm");
    else if (cpu->alarm <= now)
        kprintf("alarm is due");
    else
        kprintf("alarm in %llu us", kdb_us(cpu->alarm - now));
}

static void print_cpu(const struct cpu *cpu)
{
    bool idle = cpu->current == cpu->idle;

    kprintf("processor %u%s: local APIC %u, ", cpu->number, cpu == this_cpu_safe() ? " (here)" : "",
            cpu->arch.lapic_id);
    kprintf("%s %s, state of %s loaded\n", idle ? "idle," : "runs",
            idle ? "nobody runs" : kdb_thread_id(cpu->current),
            !cpu->loaded ? "nobody" : kdb_thread_id(cpu->loaded));
    kprintf("  page table %lx, claim %x, owns %x, ", cpu->table, cpu->claim, cpu->holding);
    print_alarm(cpu);
    kprintf("\n");
    print_todo(cpu->todo);
}

void kdb_cmd_cpus(const struct kdb_args *a)
{
    for (unsigned n = 0; n < cpu_count; n++)
        print_cpu(cpus[n]);
}

/* ---- interrupts ---- */

static const char *phase(const struct thread *t)
{
    switch (t->state) {
    case THREAD_STOPPED:
        return "waits for the next one";
    case THREAD_SENDING:
        return "has come, the handler has not taken it";
    case THREAD_RECEIVING:
        return "is with its handler";
    default:
        return kdb_state(t);
    }
}

void kdb_cmd_irqs(const struct kdb_args *a)
{
    unsigned n = 0, count = arch_irq_count();

    for (unsigned irq = 0; irq < count; irq++) {
        const struct thread *t = thread_find_number(irq);

        if (!t)
            continue;
        kprintf("irq %u: handler %s, processor %u, %s\n", irq, kdb_id(t->fault_addr), t->cpu,
                phase(t));
        n++;
    }
    kprintf("%u of %u interrupts have handlers\n", n, count);
}
