/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/kvmclock.h"

#include <stddef.h>

#define NS_PER_SECOND UINT64_C(1000000000)

#define ENABLE     UINT64_C(1)
#define TSC_STABLE 1 /* flags: comparable between processors */

/* The two structures as the guest reads them; an odd version means "in change". */
struct system_time {
    uint32_t version, pad;
    uint64_t tsc, ns; /* the clock was `ns` when the TSC was `tsc` */
    uint32_t multiplier;
    int8_t shift;
    uint8_t flags, pad2[2];
};
_Static_assert(sizeof(struct system_time) == 32, "layout fixed by KVM's interface");

struct wall_clock {
    uint32_t version, seconds, ns;
};
_Static_assert(sizeof(struct wall_clock) == 12, "layout fixed by KVM's interface");

void kvmclock_init(struct kvmclock *clock, struct ram *ram, uint64_t tsc_khz, uint64_t start_ns)
{
    *clock = (struct kvmclock){.ram = ram, .tsc_khz = tsc_khz, .start_ns = start_ns};
}

/* ns = (shift < 0 ? ticks >> -shift : ticks << shift) * multiplier / 2^32 */
static void scale(uint64_t hz, uint32_t *multiplier, int8_t *shift)
{
    *shift = 0;
    while (hz > 2 * NS_PER_SECOND) {
        hz >>= 1;
        --*shift;
    }
    while (hz <= NS_PER_SECOND) {
        hz <<= 1;
        ++*shift;
    }
    *multiplier = (uint32_t)((NS_PER_SECOND << 32) / hz);
}

bool kvmclock_set_system_time(const struct kvmclock *clock, struct kvmclock_msrs *msrs,
                              uint64_t value)
{
    msrs->system_time = value;
    if (!(value & ENABLE))
        return true;
    struct system_time *t = ram_pointer(clock->ram, gpa(value & ~ENABLE), sizeof(*t));
    if (!t || value % 4 != ENABLE || clock->tsc_khz == 0)
        return false;
    uint32_t version = (t->version | 1) + 1;
    *t = (struct system_time){.version = version, .flags = TSC_STABLE};
    scale(clock->tsc_khz * 1000, &t->multiplier, &t->shift);
    return true;
}

bool kvmclock_set_wall_clock(const struct kvmclock *clock, struct kvmclock_msrs *msrs,
                             uint64_t value)
{
    msrs->wall_clock = value;
    struct wall_clock *w = ram_pointer(clock->ram, gpa(value), sizeof(*w));
    if (!w || value % 4 != 0)
        return false;
    *w = (struct wall_clock){.version = (w->version | 1) + 1,
                             .seconds = (uint32_t)(clock->start_ns / NS_PER_SECOND),
                             .ns = (uint32_t)(clock->start_ns % NS_PER_SECOND)};
    return true;
}
