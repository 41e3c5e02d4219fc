/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt sources.  X.2's source number is ACPI's global system interrupt; the numbers behind
 * those are messages that devices write to the local APIC (MSI), each with its vector.
 *
 * A level-triggered input is masked from its interrupt until the handler asks for
 * more.  An IO-APIC forgets edges that come while an input is masked, so an
 * edge-triggered one stays open: the next edge is noted (and the input then
 * masked, against storms) and delivered when the handler asks for more.  Messages are edges
 * that nobody can mask.
 */
#include "api/api.h"
#include "arch/entry.h"
#include "core/arch.h"
#include "core/trace.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"

#define ISA_IRQS 16

/* AMD's manual (24593), 16.11: the message's address and data; fixed, edge-triggered. */
#define MESSAGE_ADDRESS  0xfee00000u
#define MESSAGE_ID_SHIFT 12
#define MESSAGE_IDS      256

struct source {
    bool exists, level;
    bool message;
    bool busy;    /* the handler has not asked for more yet */
    bool pending; /* an edge came meanwhile                 */
    u8 cpu;       /* where it arrives                       */
};

static struct source sources[IRQ_MAX];
static unsigned inputs; /* sources of IO-APICs; the rest are messages */

static INIT struct ioapic_route default_route(u32 gsi)
{
    bool pci = gsi >= ISA_IRQS;

    return (struct ioapic_route){.vector = (u8)(VEC_IRQ + gsi), .low = pci, .level = pci};
}

static INIT void route_all(void)
{
    struct ioapic_route route;

    for (u32 gsi = 0; gsi < inputs; gsi++) {
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
        inputs = MAX(inputs, ioapic_add(acpi.ioapic[i].address, acpi.ioapic[i].first_gsi));
    inputs = MIN(inputs, IRQ_MAX);
    route_all();
    for (unsigned n = inputs; n < IRQ_MAX; n++)
        sources[n] = (struct source){.exists = true, .message = true};
}

unsigned arch_irq_count(void)
{
    return IRQ_MAX;
}

bool arch_irq_available(unsigned irq)
{
    return irq < IRQ_MAX && sources[irq].exists && irq != acpi.sci;
}

static void mask(unsigned irq, bool masked)
{
    if (!sources[irq].message)
        ioapic_mask(irq, masked);
}

void arch_irq_mask(unsigned irq)
{
    sources[irq].busy = sources[irq].pending = false;
    mask(irq, true);
}

void arch_irq_unmask(unsigned irq)
{
    struct source *s = &sources[irq];

    s->busy = false;
    mask(irq, false);
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
    if (!sources[irq].message) /* the device's driver has to ask for the message again */
        ioapic_redirect(irq, cpus[n]->arch.lapic_id);
}

bool arch_irq_message(unsigned irq, word_t *address, word_t *data)
{
    const struct source *s = &sources[irq];
    u32 id = cpus[s->cpu]->arch.lapic_id;

    if (!s->message || id >= MESSAGE_IDS)
        return false;
    *address = MESSAGE_ADDRESS | id << MESSAGE_ID_SHIFT;
    *data = VEC_IRQ + irq;
    return true;
}

static void source_interrupt(struct cpu *cpu, unsigned irq)
{
    struct source *s = &sources[irq];
    bool again = s->busy;

    if (s->level || again)
        mask(irq, true);
    lapic_eoi();
    s->pending = again && !s->level;
    s->busy = true;
    if (again)
        return;
    trace(L4_TRACE_INTERRUPT, cpu->current, irq, 0);
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
