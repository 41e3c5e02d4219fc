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

static bool test_bit(const uint64_t map[4], uint8_t bit)
{
    return map[bit / 64] >> (bit % 64) & 1;
}

void lapic_reset(struct lapic *lapic)
{
    lapic->tpr = lapic->ldr = lapic->esr = lapic->divide = lapic->initial = 0;
    lapic->dfr = UINT32_MAX;
    lapic->svr = 0xff;
    lapic->icr = 0;
    for (unsigned i = 0; i < LVT_COUNT; i++)
        lapic->lvt[i] = LVT_MASKED;
    for (unsigned i = 0; i < 4; i++)
        lapic->irr[i] = lapic->isr[i] = lapic->tmr[i] = 0;
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

void lapic_accept(struct lapic *lapic, uint8_t vector, bool level)
{
    if (!(lapic->base & BASE_ENABLE) || !(lapic->svr & LAPIC_SVR_ENABLE))
        return;
    if (vector < FIRST_VECTOR) {
        lapic->esr |= ESR_ILLEGAL_VECTOR;
        return;
    }
    set_bit(lapic->irr, vector, true);
    set_bit(lapic->tmr, vector, level);
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

bool lapic_matches(const struct lapic *lapic, uint32_t destination, bool logical)
{
    bool x2 = lapic_x2apic(lapic);
    if (!logical)
        return destination == lapic->id || destination == (x2 ? UINT32_MAX : 0xff);
    if (x2)
        return destination >> 16 == lapic->ldr >> 16 && (destination & lapic->ldr & 0xffff);
    uint32_t own = lapic->ldr >> 24;
    if (lapic->dfr >> 28 == 0xf)
        return own & destination;
    return own >> 4 == (destination >> 4 & 0xf) && (own & destination & 0xf);
}
