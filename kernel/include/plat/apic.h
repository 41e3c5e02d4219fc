/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt controllers: the processor's local APIC, the IO-APICs, the dead 8259s. */
#ifndef PLAT_APIC_H
#define PLAT_APIC_H

#include "arch/offsets.h"
#include "types.h"

/* ---- local APIC ---- */
void lapic_init(u64 address);
void lapic_start(void); /* that of another processor */
u32 lapic_id(void);
void lapic_eoi(void);
/* Interrupt the processor with this local APIC. */
void lapic_send(u32 id, u8 vector);
void lapic_send_init(u32 id);
void lapic_send_startup(u32 id, u32 address);
void lapic_send_nmi_to_others(void);

/* The timer: TSC-deadline mode, or a one-shot countdown. */
void lapic_timer_deadline_mode(u8 vector);
void lapic_timer_one_shot_mode(u8 vector);
void lapic_timer_start(u32 ticks); /* 0: stop */
u32 lapic_timer_left(void);

/* ---- IO-APICs ---- */
#define IRQ_MAX (VEC_IRQ_END - VEC_IRQ) /* one vector each */

struct ioapic_route {
    u8 vector;
    bool low, level;
};

/* Take one into service: all its inputs masked.  Returns the GSI behind its last input. */
u32 ioapic_add(u64 address, u32 first_gsi);
bool ioapic_has(u32 gsi);
/* Route an input, masked, to the processor with this local APIC. */
void ioapic_route(u32 gsi, struct ioapic_route route, u32 lapic_id);
void ioapic_redirect(u32 gsi, u32 lapic_id);
void ioapic_mask(u32 gsi, bool mask);

/* ---- 8259 ---- */
/* Move them out of the exceptions' way and mask all. */
void pic_disable(u8 vector);

/* ---- all of them together (irq.c) ---- */
void irq_init(void);

#endif
