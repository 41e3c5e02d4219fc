/* SPDX-License-Identifier: BSD-2-Clause */
/* Start of a payload: command line and memory map of the PVH start info, ACPI's registers. */
#include "payload.h"

struct start_info {
    uint32_t magic, version, flags, nr_modules;
    uint64_t modules, cmdline, rsdp, memmap;
    uint32_t memmap_entries, reserved;
};

struct memmap_entry {
    uint64_t addr, size;
    uint32_t type, reserved;
};
enum { MEMMAP_RAM = 1 };

static const struct start_info *info;
uint64_t entry_tsc;

static bool starts_with(const char *s, const char *prefix)
{
    while (*prefix)
        if (*s++ != *prefix++)
            return false;
    return true;
}

const char *argument(const char *name, const char *otherwise)
{
    static char value[64];
    const char *s = (const char *)(uintptr_t)info->cmdline;
    size_t length = 0, n = 0;

    while (name[length])
        length++;
    while (s && *s) {
        if (starts_with(s, name) && s[length] == '=') {
            for (s += length + 1; *s && *s != ' ' && n < sizeof value - 1; s++)
                value[n++] = *s;
            value[n] = 0;
            return value;
        }
        while (*s && *s != ' ')
            s++;
        while (*s == ' ')
            s++;
    }
    return otherwise;
}

uint64_t argument_number(const char *name, uint64_t otherwise)
{
    const char *s = argument(name, NULL);
    uint64_t value = 0;
    unsigned base = 10;

    if (!s)
        return otherwise;
    if (s[0] == '0' && s[1] == 'x') {
        base = 16;
        s += 2;
    }
    for (; *s; s++)
        value = value * base + (unsigned)(*s <= '9' ? *s - '0' : (*s | 0x20) - 'a' + 10);
    return value;
}

unsigned ram_ranges(struct range *ranges, unsigned max)
{
    const struct memmap_entry *map = (const void *)(uintptr_t)info->memmap;
    unsigned n = 0;

    for (unsigned i = 0; i < info->memmap_entries; i++)
        if (map[i].type == MEMMAP_RAM && n < max)
            ranges[n++] = (struct range){map[i].addr, map[i].addr + map[i].size};
    return n;
}

uint64_t ram_top(void)
{
    struct range ranges[16];
    unsigned n = ram_ranges(ranges, 16);
    uint64_t top = 0;

    for (unsigned i = 0; i < n; i++)
        if (ranges[i].end > top)
            top = ranges[i].end;
    return top;
}

/* ACPI tables are packed: read them by offset. */
static uint64_t field(uint64_t table, unsigned offset, unsigned bytes)
{
    uint64_t value = 0;

    __builtin_memcpy(&value, (const void *)(uintptr_t)(table + offset), bytes);
    return value;
}

enum { FADT_RESET_REG = 116, FADT_RESET_VALUE = 128, FADT_SLEEP_CONTROL = 244 };
enum { SLEEP_ENABLE = 1 << 5, SLEEP_TYPE_S5 = 5 << 2 };

static struct acpi_register gas(uint64_t fadt, unsigned offset, uint8_t value)
{
    return (struct acpi_register){field(fadt, offset, 1) == 1, field(fadt, offset + 4, 8), value};
}

/* Where the start info says, else where a BIOS leaves it. */
static uint64_t find_rsdp(void)
{
    if (info->rsdp)
        return info->rsdp;
    for (uint64_t a = 0xe0000; a < 0x100000; a += 16)
        if (starts_with((const char *)(uintptr_t)a, "RSD PTR "))
            return a;
    return 0;
}

void acpi_find(struct acpi_register *sleep, struct acpi_register *reset)
{
    uint64_t rsdp = find_rsdp();

    *sleep = *reset = (struct acpi_register){0};
    if (!rsdp)
        return;
    uint64_t revision = field(rsdp, 15, 1);
    uint64_t root = revision ? field(rsdp, 24, 8) : field(rsdp, 16, 4);
    unsigned entry = revision ? 8 : 4;
    uint64_t length = field(root, 4, 4);

    for (unsigned offset = 36; offset + entry <= length; offset += entry) {
        uint64_t table = field(root, offset, entry);
        if (!starts_with((const char *)(uintptr_t)table, "FACP"))
            continue;
        *reset = gas(table, FADT_RESET_REG, (uint8_t)field(table, FADT_RESET_VALUE, 1));
        if (field(table, 4, 4) >= 256)
            *sleep = gas(table, FADT_SLEEP_CONTROL, SLEEP_TYPE_S5 | SLEEP_ENABLE);
    }
}

static void write_register(struct acpi_register reg)
{
    if (!reg.address)
        return;
    if (reg.is_io)
        out8((uint16_t)reg.address, reg.value);
    else
        *(volatile uint8_t *)(uintptr_t)reg.address = reg.value;
}

_Noreturn void halt(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

_Noreturn void triple_fault(void)
{
    static const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) nothing = {0, 0};

    __asm__ volatile("lidt %0; int3" : : "m"(nothing));
    halt();
}

_Noreturn void power_off(void)
{
    struct acpi_register sleep, reset;

    acpi_find(&sleep, &reset);
    if (!sleep.address)
        print("payload: no way to switch off\n");
    write_register(sleep);
    halt();
}

_Noreturn void reboot(void)
{
    struct acpi_register sleep, reset;

    acpi_find(&sleep, &reset);
    write_register(reset);
    triple_fault();
}

_Noreturn void payload_start(const struct start_info *start, uint64_t tsc);
_Noreturn void payload_start(const struct start_info *start, uint64_t tsc)
{
    info = start;
    entry_tsc = tsc;
    console_init();
    traps_init();
    payload_main();
    power_off();
}
