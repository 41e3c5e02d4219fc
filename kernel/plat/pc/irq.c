/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt sources.  X.2's source number is ACPI's global system interrupt.
 *
 * A level-triggered input is masked from its interrupt until the handler asks for
 * more.  An IO-APIC forgets edges that come while an input is masked, so an
 * edge-triggered one stays open: the next edge is noted (and the input then
 * masked, against storms) and delivered when the handler asks for more.
 */
#include "api/api.h"
#include "arch/entry.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"

#define ISA_IRQS 16

struct source {
    bool exists, level;
    bool busy;    /* the handler has not asked for more yet */
    bool pending; /* an edge came meanwhile                 */
    u8 cpu;       /* where it arrives                       */
};

static struct source sources[IRQ_MAX];
static unsigned source_count;

static INIT struct ioapic_route default_route(u32 gsi)
{
    bool pci = gsi >= ISA_IRQS;

    return (struct ioapic_route){.vector = (u8)(VEC_IRQ + gsi), .low = pci, .level = pci};
}

static INIT void route_all(void)
{
    struct ioapic_route route;

    for (u32 gsi = 0; gsi < source_count; gsi++) {
        if (!ioapic_has(gsi))
            continue;
        route = default_route(gsi);
        for (unsigned i = 0; i < acpi.overrides; i++) {
            if (acpi.override[i].gsi != gsi)
                continue;
            route.low = acpi.override[i].low;
            route.level = acpi.override[i].level;
        }
        sources[gsi] = (struct source){.exists = true, .level = route.level};
        ioapic_route(gsi, route, lapic_id());
    }
}

INIT void irq_init(void)
{
    pic_disable(VEC_PIC);
    lapic_init(acpi.lapic);
    for (unsigned i = 0; i < acpi.ioapics; i++)
        source_count =
            MAX(source_count, ioapic_add(acpi.ioapic[i].address, acpi.ioapic[i].first_gsi));
    route_all();
}

unsigned arch_irq_count(void)
{
    return source_count;
}

bool arch_irq_available(unsigned irq)
{
    return irq < source_count && sources[irq].exists && irq != acpi.sci;
}

void arch_irq_mask(unsigned irq)
{
    sources[irq].busy = sources[irq].pending = false;
    ioapic_mask(irq, true);
}

void arch_irq_unmask(unsigned irq)
{
    struct source *s = &sources[irq];

    s->busy = false;
    ioapic_mask(irq, false);
    if (s->pending) {
        s->pending = false;
        lapic_send(cpus[s->cpu]->arch.lapic_id, (u8)(VEC_IRQ + irq));
    }
}

void arch_irq_route(unsigned irq, unsigned n)
{
    if (sources[irq].cpu == n)
        return;
    sources[irq].cpu = (u8)n;
    ioapic_redirect(irq, cpus[n]->arch.lapic_id);
}

static void source_interrupt(struct cpu *cpu, unsigned irq)
{
    struct source *s = &sources[irq];
    bool again = s->busy;

    if (s->level || again)
        ioapic_mask(irq, true);
    lapic_eoi();
    s->pending = again && !s->level;
    s->busy = true;
    if (again)
        return;
    cpu->irqs[irq / WORD_BITS] |= (word_t)1 << irq % WORD_BITS;
    cpu->todo |= TODO_INTERRUPT;
}

void irq_handle(unsigned vector)
{
    struct cpu *cpu = this_cpu();

    if (vector >= VEC_IRQ && vector < VEC_IRQ_END && sources[vector - VEC_IRQ].exists) {
        source_interrupt(cpu, vector - VEC_IRQ);
    } else if (vector == VEC_TIMER) {
        lapic_eoi();
        cpu->alarm = TIME_NEVER;
        cpu->todo |= TODO_TIMER;
    } else if (vector == VEC_IPI) {
        lapic_eoi();
        cpu->todo |= TODO_ATTEND;
    } else if (vector >= VEC_IRQ && vector != VEC_SPURIOUS) {
        lapic_eoi();
        kprintf("almond: unexpected interrupt %u\n", vector);
    }
}
