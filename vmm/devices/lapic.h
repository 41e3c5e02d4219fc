/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A local APIC: xAPIC by memory-mapped registers after reset, x2APIC by MSRs
 * once the guest has switched, TSC-deadline, one-shot and periodic timer.  The
 * timer counts TSC ticks, and all times here are the guest's TSC.
 *
 * It belongs to the thread of its vCPU.  Others call only what says so: they read
 * what decides where a message goes, and post vectors, which the owner gathers.
 */
#ifndef VMM_DEVICES_LAPIC_H
#define VMM_DEVICES_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "board/bus.h"

#define LAPIC_BASE UINT64_C(0xfee00000)
#define LAPIC_SIZE 0x1000u

#define MSR_APIC_BASE    0x1bu
#define MSR_TSC_DEADLINE 0x6e0u
#define MSR_X2APIC_FIRST 0x800u
#define MSR_X2APIC_LAST  0x8ffu

#define APIC_MODE_FIXED  0u
#define APIC_MODE_LOWEST 1u
#define APIC_MODE_NMI    4u
#define APIC_MODE_INIT   5u
#define APIC_MODE_START  6u

/* An interrupt message: what an IO-APIC, an MSI or another local APIC sends. */
struct apic_message {
    uint32_t destination;
    bool logical;
    bool level;
    uint8_t mode; /* APIC_MODE_* */
    uint8_t vector;
};

struct lapic;

/* What a local APIC needs from its surroundings. */
struct lapic_ops {
    uint64_t (*now)(void *context);
    void (*set_timer)(void *context, uint64_t when); /* 0: never                 */
    void (*changed)(void *context);                  /* ask lapic_pending again  */
    /* By whichever thread: what APIC_MODE_* says has come.  FIXED: something was posted. */
    void (*signal)(void *context, uint8_t mode, uint8_t vector);
    void (*end_of_level)(void *context, uint8_t vector); /* EOI of a level interrupt */
    void (*send)(void *context, struct lapic *from, uint64_t icr);
};

enum lapic_lvt { LVT_TIMER, LVT_THERMAL, LVT_PERF, LVT_LINT0, LVT_LINT1, LVT_ERROR, LVT_COUNT };

struct lapic {
    const struct lapic_ops *ops;
    void *context;
    uint32_t id;
    uint64_t base; /* MSR_APIC_BASE */
    uint32_t tpr, ldr, dfr, svr, esr;
    uint64_t icr;
    uint32_t lvt[LVT_COUNT];
    uint32_t divide, initial; /* timer registers                        */
    uint64_t deadline;        /* when the timer fires, 0: it is stopped */
    uint64_t irr[4], isr[4];
    uint64_t posted[4], tmr[4]; /* others write to these, too             */
};

void lapic_init(struct lapic *lapic, uint32_t id, bool boot, const struct lapic_ops *ops,
                void *context);

/* False means that the access deserves a #GP.  The MSRs are those named above. */
bool lapic_msr_read(struct lapic *lapic, uint32_t msr, uint64_t *value);
bool lapic_msr_write(struct lapic *lapic, uint32_t msr, uint64_t value);

/* The register page, at LAPIC_BASE, for the vCPU that owns this APIC. */
struct mmio_device lapic_page(struct lapic *lapic);

/* By whichever thread: is it meant, and let it have an interrupt. */
bool lapic_matches(const struct lapic *lapic, uint32_t destination, bool logical);
void lapic_post(struct lapic *lapic, uint8_t vector, bool level);

/* Take what was posted into the requests. */
void lapic_gather(struct lapic *lapic);

/* An interrupt of its own: the timer's. */
void lapic_accept(struct lapic *lapic, uint8_t vector);

/* The vector to take now, or -1; lapic_take() then puts it in service. */
int lapic_pending(const struct lapic *lapic);
void lapic_take(struct lapic *lapic, uint8_t vector);

/* End the interrupt in service with the highest priority. */
void lapic_eoi(struct lapic *lapic);

/* The time given to set_timer has come. */
void lapic_timer(struct lapic *lapic);

void lapic_set_tpr(struct lapic *lapic, uint32_t tpr);

/* All registers as after a reset, but for the id and the mode: what INIT does, too. */
void lapic_reset(struct lapic *lapic);

/* For lapic_registers.c: the processor priority; the logical id that x2APIC mode gives. */
uint32_t lapic_priority(const struct lapic *lapic);
uint32_t lapic_x2apic_ldr(const struct lapic *lapic);

#define LAPIC_SVR_ENABLE 0x100u

static inline bool lapic_x2apic(const struct lapic *lapic)
{
    return __atomic_load_n(&lapic->base, __ATOMIC_RELAXED) & (1u << 10);
}

#endif
