/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/lapic.h"

#include <stddef.h>

#include "devices/lapic_timer.h"

#define BASE_BSP    (UINT64_C(1) << 8)
#define BASE_ENABLE (UINT64_C(1) << 11)

#define ESR_ILLEGAL_VECTOR 0x40u

#define FIRST_VECTOR 16

static int highest(const uint64_t map[4])
{
    for (int i = 3; i >= 0; i--) {
        if (map[i])
            return 64 * i + 63 - __builtin_clzll(map[i]);
    }
    return -1;
}

static void set_bit(uint64_t map[4], uint8_t bit, bool value)
{
    uint64_t mask = UINT64_C(1) << (bit % 64);
    map[bit / 64] = value ? map[bit / 64] | mask : map[bit / 64] & ~mask;
}

/* Others may change other bits of the word at the same time. */
static void set_bit_shared(uint64_t map[4], uint8_t bit, bool value)
{
    uint64_t mask = UINT64_C(1) << (bit % 64), *word = &map[bit / 64];
    bool is = __atomic_load_n(word, __ATOMIC_RELAXED) & mask;
    if (value && !is)
        __atomic_fetch_or(word, mask, __ATOMIC_SEQ_CST);
    else if (!value && is)
        __atomic_fetch_and(word, ~mask, __ATOMIC_SEQ_CST);
}

static bool test_bit(const uint64_t map[4], uint8_t bit)
{
    return map[bit / 64] >> (bit % 64) & 1;
}

uint32_t lapic_x2apic_ldr(const struct lapic *lapic)
{
    return (lapic->id >> 4) << 16 | 1u << (lapic->id & 0xf);
}

void lapic_reset(struct lapic *lapic)
{
    lapic->tpr = lapic->esr = lapic->divide = lapic->initial = 0;
    lapic->ldr = lapic_x2apic(lapic) ? lapic_x2apic_ldr(lapic) : 0;
    lapic->dfr = UINT32_MAX;
    lapic->svr = 0xff;
    lapic->icr = 0;
    for (unsigned i = 0; i < LVT_COUNT; i++)
        lapic->lvt[i] = LVT_MASKED;
    for (unsigned i = 0; i < 4; i++)
        lapic->irr[i] = lapic->isr[i] = lapic->tmr[i] = lapic->posted[i] = 0;
    lapic_timer_stop(lapic);
}

void lapic_init(struct lapic *lapic, uint32_t id, bool boot, const struct lapic_ops *ops,
                void *context)
{
    *lapic = (struct lapic){.ops = ops, .context = context, .id = id};
    lapic->base = LAPIC_BASE | BASE_ENABLE | (boot ? BASE_BSP : 0);
    lapic_reset(lapic);
}

uint32_t lapic_priority(const struct lapic *lapic)
{
    int in_service = highest(lapic->isr);
    uint32_t service_class = in_service < 0 ? 0 : (uint32_t)in_service & 0xf0;
    return (lapic->tpr & 0xf0) >= service_class ? lapic->tpr : service_class;
}

int lapic_pending(const struct lapic *lapic)
{
    int vector = highest(lapic->irr);
    if (vector < 0 || !(lapic->svr & LAPIC_SVR_ENABLE))
        return -1;
    return ((uint32_t)vector & 0xf0) > (lapic_priority(lapic) & 0xf0) ? vector : -1;
}

void lapic_take(struct lapic *lapic, uint8_t vector)
{
    set_bit(lapic->irr, vector, false);
    set_bit(lapic->isr, vector, true);
}

/* Does it take this vector at all? */
static bool takes(struct lapic *lapic, uint8_t vector)
{
    uint64_t base = __atomic_load_n(&lapic->base, __ATOMIC_RELAXED);
    uint32_t svr = __atomic_load_n(&lapic->svr, __ATOMIC_RELAXED);
    if (!(base & BASE_ENABLE) || !(svr & LAPIC_SVR_ENABLE))
        return false;
    if (vector < FIRST_VECTOR)
        __atomic_fetch_or(&lapic->esr, ESR_ILLEGAL_VECTOR, __ATOMIC_RELAXED);
    return vector >= FIRST_VECTOR;
}

void lapic_post(struct lapic *lapic, uint8_t vector, bool level)
{
    if (!takes(lapic, vector))
        return;
    set_bit_shared(lapic->tmr, vector, level);
    set_bit_shared(lapic->posted, vector, true);
    lapic->ops->signal(lapic->context, APIC_MODE_FIXED, vector);
}

void lapic_gather(struct lapic *lapic)
{
    for (unsigned i = 0; i < 4; i++) {
        if (__atomic_load_n(&lapic->posted[i], __ATOMIC_RELAXED))
            lapic->irr[i] |= __atomic_exchange_n(&lapic->posted[i], 0, __ATOMIC_SEQ_CST);
    }
}

void lapic_accept(struct lapic *lapic, uint8_t vector)
{
    if (!takes(lapic, vector))
        return;
    set_bit(lapic->irr, vector, true);
    set_bit_shared(lapic->tmr, vector, false);
    lapic->ops->changed(lapic->context);
}

void lapic_eoi(struct lapic *lapic)
{
    int vector = highest(lapic->isr);
    if (vector < 0)
        return;
    set_bit(lapic->isr, (uint8_t)vector, false);
    if (test_bit(lapic->tmr, (uint8_t)vector))
        lapic->ops->end_of_level(lapic->context, (uint8_t)vector);
    lapic->ops->changed(lapic->context);
}

void lapic_set_tpr(struct lapic *lapic, uint32_t tpr)
{
    lapic->tpr = tpr & 0xff;
    lapic->ops->changed(lapic->context);
}

/* A sender with ids of 8 bits, as the IO-APIC or a processor in xAPIC mode, means all by ffh. */
bool lapic_matches(const struct lapic *lapic, uint32_t destination, bool logical)
{
    uint32_t ldr = __atomic_load_n(&lapic->ldr, __ATOMIC_RELAXED), own = ldr >> 24;
    uint32_t dfr = __atomic_load_n(&lapic->dfr, __ATOMIC_RELAXED);
    if (!logical)
        return destination == lapic->id || destination == UINT32_MAX || destination == 0xff;
    if (lapic_x2apic(lapic))
        return destination >> 16 == ldr >> 16 && (destination & ldr & 0xffff);
    if (dfr >> 28 == 0xf)
        return own & destination;
    return own >> 4 == (destination >> 4 & 0xf) && (own & destination & 0xf);
}
