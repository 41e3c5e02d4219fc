/* SPDX-License-Identifier: BSD-2-Clause */
#include "power.h"

#include <stddef.h>

#include <l4/ipc.h>

#include <books/memory.h>
#include <boot/acpi.h>
#include <marzipan/native.h>
#include <rt/ports.h>

#include "line.h"
#include "log.h"
#include "ram.h"
#include "supply.h"
#include "supply_root.h"
#include "trace.h"

#define ENABLE_TRIES 100000u

static uint16_t debug_exit;

void power_set_debug_exit(uint16_t port)
{
    debug_exit = port;
}

static const void *map_physical(uint64_t phys, size_t size)
{
    return supply_memory(phys, size) ? mem_at(phys) : NULL;
}

static void write_pm1(uint16_t port, uint16_t bits)
{
    if (port)
        out16(port, (uint16_t)((in16(port) & ~(ACPI_SLP_TYP_MASK | ACPI_SLP_EN)) | bits));
}

/* Take the machine from firmware to ACPI mode; in the former PM1 may be without effect. */
static void enable_acpi(const struct acpi_s5 *s5)
{
    if (!s5->smi_command || !s5->enable || in16(s5->pm1a) & ACPI_SCI_EN)
        return;
    out8(s5->smi_command, s5->enable);
    for (unsigned i = 0; i < ENABLE_TRIES && !(in16(s5->pm1a) & ACPI_SCI_EN); i++)
        ;
}

static void enter_s5(const struct acpi_s5 *s5)
{
    if (!s5->reduced) {
        enable_acpi(s5);
        write_pm1(s5->pm1a, s5->pm1a_value);
        write_pm1(s5->pm1b, s5->pm1b_value);
    } else if (!s5->memory) {
        out8((uint16_t)s5->sleep_control, s5->sleep_value);
    } else if (supply_memory(s5->sleep_control, 1)) {
        *(volatile uint8_t *)mem_at(s5->sleep_control) = s5->sleep_value;
    }
}

bool power_has_port(uint64_t first, uint64_t last)
{
    struct acpi_s5 s5;

    if (acpi_find_s5(map_physical, ram_acpi_rsdp(), &s5))
        return false;
    const uint64_t ports[] = {s5.pm1a,        s5.pm1a + 1ull, s5.pm1b,
                              s5.pm1b + 1ull, s5.smi_command, s5.memory ? 0 : s5.sleep_control};

    for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
        if (ports[i] > 1 && first <= ports[i] && ports[i] <= last)
            return true;
    }
    return false;
}

static _Noreturn void switch_off(unsigned code)
{
    struct acpi_s5 s5;
    const char *missing;

    if (debug_exit)
        out8(debug_exit, (uint8_t)code);
    missing = acpi_find_s5(map_physical, ram_acpi_rsdp(), &s5);
    if (!missing) {
        enter_s5(&s5);
        L4_Sleep(L4_TimePeriod(1000000));
        missing = "the machine did not react";
    }
    log_info("power off: not by ACPI, %s; you may switch off now", missing);
    line_drain();
    for (;;)
        L4_Sleep(L4_Never);
}

void power_off(unsigned code, const char *why)
{
    log_info("power off: %s (code %u)", why, code);
    if (trace_is_on())
        trace_dump();
    line_drain();
    if (supply_is_nested())
        native_exit(code ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, code, why);
    switch_off(code);
}
