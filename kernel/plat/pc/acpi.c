/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ACPI tables (ACPI 6.4, chapter 5): MADT for the interrupt controllers, FADT
 * for the timer.  They are read through the boot window and never looked at again.
 */
#include "plat/acpi.h"

#include "arch/boot.h"
#include "arch/features.h"
#include "arch/memory.h"
#include "core/kip.h"
#include "debug/panic.h"

enum { SLOT_LIST, SLOT_TABLE }; /* of the boot window */

struct rsdp {
    char signature[8];
    u8 checksum;
    char oem[6];
    u8 revision;
    u32 rsdt;
    u32 length;
    u64 xsdt;
} __attribute__((packed));

struct table {
    char signature[4];
    u32 length;
    u8 revision, checksum;
    char oem[6], oem_table[8];
    u32 oem_revision, creator, creator_revision;
} __attribute__((packed));

struct madt {
    struct table header;
    u32 lapic, flags;
    u8 entries[];
} __attribute__((packed));

/* MADT entries; each begins with type and length. */
enum {
    MADT_LAPIC = 0,
    MADT_IOAPIC = 1,
    MADT_OVERRIDE = 2,
    MADT_LAPIC_ADDRESS = 5,
    MADT_X2APIC = 9
};

#define MADT_LAPIC_ENABLED 1u

struct madt_lapic {
    u8 type, length, processor, id;
    u32 flags;
} __attribute__((packed));

struct madt_x2apic {
    u8 type, length;
    u16 reserved;
    u32 id, flags, processor;
} __attribute__((packed));

struct madt_ioapic {
    u8 type, length, id, reserved;
    u32 address, first_gsi;
} __attribute__((packed));

struct madt_override {
    u8 type, length, bus, irq;
    u32 gsi;
    u16 flags; /* bits 0-1 polarity, 2-3 trigger; 3 = low or level */
} __attribute__((packed));

struct madt_lapic_address {
    u8 type, length;
    u16 reserved;
    u64 address;
} __attribute__((packed));

#define FADT_SCI          46
#define FADT_PM_TIMER     76
#define FADT_PM_TIMER_LEN 91
#define FADT_FLAGS        112

struct acpi_info acpi = {
    .lapic = 0xfee00000,
    .ioapics = 1,
    .ioapic = {{.address = 0xfec00000, .first_gsi = 0}},
    .overrides = 1,
    .override = {{.irq = 0, .gsi = 2, .low = false, .level = false}},
};

/* A number of that many bytes; the firmware aligns nothing. */
static INIT u64 number_at(const void *p, unsigned size)
{
    u64 v = 0;

    memcpy(&v, p, size);
    return v;
}

static INIT bool checksum_ok(const void *p, size_t n)
{
    u8 sum = 0;

    for (size_t i = 0; i < n; i++)
        sum = (u8)(sum + ((const u8 *)p)[i]);
    return sum == 0;
}

static INIT const struct rsdp *rsdp_at(const void *p)
{
    const struct rsdp *r = p;

    return memcmp(r->signature, "RSD PTR ", 8) == 0 && checksum_ok(r, 20) ? r : NULL;
}

static INIT const struct rsdp *rsdp_scan(u64 from, u64 to)
{
    const char *base = map_window(SLOT_LIST, from);

    for (u64 off = 0; off < to - from; off += 16)
        if (rsdp_at(base + off))
            return rsdp_at(base + off);
    return NULL;
}

/* The boot loader's copy, else the places where a BIOS has it. */
static INIT const struct rsdp *rsdp_find(void)
{
    u64 low, high, ebda;
    const struct rsdp *r = NULL;

    if (boot_memory_find(MEM_BOOTLOADER | MEM_SUB_RSDP << 4, 0, &low, &high))
        r = rsdp_at(map_window(SLOT_LIST, low));
    if (!r) {
        ebda = number_at(map_window(SLOT_LIST, 0x40e), 2) << 4;
        if (ebda >= 0x400 && ebda < 0xa0000)
            r = rsdp_scan(ebda, ebda + 0x400);
    }
    return r ? r : rsdp_scan(0xe0000, 0x100000);
}

static INIT void add_processor(u32 id, u32 flags)
{
    if (flags & MADT_LAPIC_ENABLED && acpi.processors < ACPI_PROCESSORS)
        acpi.processor[acpi.processors++] = id;
}

static INIT void read_madt(const struct madt *m)
{
    const u8 *p = m->entries, *end = (const u8 *)m + m->header.length;

    acpi.found = true;
    acpi.lapic = m->lapic;
    acpi.ioapics = acpi.overrides = 0;
    for (; p + 2 <= end && p[1] >= 2; p += p[1]) {
        if (p[0] == MADT_IOAPIC && acpi.ioapics < ACPI_IOAPICS) {
            const struct madt_ioapic *e = (const void *)p;
            acpi.ioapic[acpi.ioapics++] = (struct acpi_ioapic){e->address, e->first_gsi};
        } else if (p[0] == MADT_OVERRIDE && acpi.overrides < ACPI_OVERRIDES) {
            const struct madt_override *e = (const void *)p;
            acpi.override[acpi.overrides++] = (struct acpi_override){
                e->irq, e->gsi, (e->flags & 3) == 3, (e->flags >> 2 & 3) == 3};
        } else if (p[0] == MADT_LAPIC_ADDRESS) {
            acpi.lapic = ((const struct madt_lapic_address *)p)->address;
        } else if (p[0] == MADT_LAPIC) {
            const struct madt_lapic *e = (const void *)p;
            add_processor(e->id, e->flags);
        } else if (p[0] == MADT_X2APIC && cpu_features.x2apic) {
            const struct madt_x2apic *e = (const void *)p;
            add_processor(e->id, e->flags);
        }
    }
}

static INIT void read_fadt(const struct table *t)
{
    const u8 *p = (const u8 *)t;

    acpi.sci = (u16)number_at(p + FADT_SCI, 2);
    if (t->length > FADT_FLAGS + 4 && p[FADT_PM_TIMER_LEN] == 4) {
        acpi.pm_timer = (u16)number_at(p + FADT_PM_TIMER, 4);
    }
}

static INIT void read_table(u64 pa)
{
    const struct table *t = map_window(SLOT_TABLE, pa);

    if (memcmp(t->signature, "APIC", 4) == 0)
        read_madt((const struct madt *)t);
    else if (memcmp(t->signature, "FACP", 4) == 0)
        read_fadt(t);
}

INIT void acpi_init(void)
{
    const struct rsdp *r = rsdp_find();
    const struct table *list;
    unsigned size;

    if (!r) {
        kprintf("almond: no ACPI tables found; assuming a PC's defaults\n");
        return;
    }
    size = r->revision >= 2 && r->xsdt ? 8 : 4;
    list = map_window(SLOT_LIST, size == 8 ? r->xsdt : r->rsdt);
    for (u32 off = sizeof(*list); off + size <= list->length; off += size)
        read_table(number_at((const char *)list + off, size));
}
