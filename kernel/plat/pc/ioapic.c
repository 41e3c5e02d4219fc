/* SPDX-License-Identifier: BSD-2-Clause */
/* IO-APICs (Intel 82093AA): an index and a data register, two words for each input. */
#include "arch/memory.h"
#include "core/lock.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"

enum { INDEX = 0, DATA = 4 }; /* words */
enum { REG_VERSION = 1, REG_REDIRECTION = 0x10 };

#define ROUTE_LOW    (1u << 13)
#define ROUTE_LEVEL  (1u << 15)
#define ROUTE_MASKED (1u << 16)

struct ioapic {
    volatile u32 *registers;
    u32 first, end; /* GSIs */
};

static struct ioapic ioapics[ACPI_IOAPICS];
static unsigned count;
static u32 low_words[IRQ_MAX];  /* what the redirection entries hold, by GSI */
static struct lock ioapic_lock; /* index and data belong together           */

static u32 ioapic_read(const struct ioapic *a, u32 reg)
{
    a->registers[INDEX] = reg;
    return a->registers[DATA];
}

static void ioapic_write(const struct ioapic *a, u32 reg, u32 v)
{
    a->registers[INDEX] = reg;
    a->registers[DATA] = v;
}

static const struct ioapic *ioapic_of(u32 gsi)
{
    for (unsigned i = 0; i < count; i++)
        if (gsi >= ioapics[i].first && gsi < ioapics[i].end)
            return &ioapics[i];
    return NULL;
}

static void write_low(u32 gsi)
{
    const struct ioapic *a = ioapic_of(gsi);

    ioapic_write(a, REG_REDIRECTION + 2 * (gsi - a->first), low_words[gsi]);
}

INIT u32 ioapic_add(u64 address, u32 first_gsi)
{
    struct ioapic *a = &ioapics[count];

    if (first_gsi >= IRQ_MAX)
        return 0;
    a->registers = map_device(address);
    a->first = first_gsi;
    a->end = MIN(first_gsi + (ioapic_read(a, REG_VERSION) >> 16 & 0xff) + 1, (u32)IRQ_MAX);
    count++;
    for (u32 gsi = a->first; gsi < a->end; gsi++) {
        low_words[gsi] = ROUTE_MASKED;
        write_low(gsi);
    }
    return a->end;
}

bool ioapic_has(u32 gsi)
{
    return ioapic_of(gsi) != NULL;
}

void ioapic_redirect(u32 gsi, u32 lapic_id)
{
    const struct ioapic *a = ioapic_of(gsi);

    lock_take(&ioapic_lock);
    ioapic_write(a, REG_REDIRECTION + 2 * (gsi - a->first) + 1, lapic_id << 24);
    lock_give(&ioapic_lock);
}

void ioapic_route(u32 gsi, struct ioapic_route route, u32 lapic_id)
{
    low_words[gsi] =
        ROUTE_MASKED | (route.low ? ROUTE_LOW : 0) | (route.level ? ROUTE_LEVEL : 0) | route.vector;
    ioapic_redirect(gsi, lapic_id);
    write_low(gsi);
}

void ioapic_mask(u32 gsi, bool mask)
{
    u32 word = mask ? low_words[gsi] | ROUTE_MASKED : low_words[gsi] & ~ROUTE_MASKED;

    if (word == low_words[gsi])
        return;
    lock_take(&ioapic_lock);
    low_words[gsi] = word;
    write_low(gsi);
    lock_give(&ioapic_lock);
}
