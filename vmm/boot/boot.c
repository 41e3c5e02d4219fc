/* SPDX-License-Identifier: BSD-2-Clause */
#include "boot/boot.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board/acpi.h"
#include "board/board.h"

bool boot_fail(struct boot *boot, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(boot->cause, sizeof(boot->cause), format, args);
    va_end(args);
    return false;
}

unsigned boot_memory_map(const struct ram *ram, struct boot_range map[BOOT_RANGES])
{
    unsigned n = 0;
    map[n++] = (struct boot_range){0, BOARD_LOW_END, BOOT_MAP_RAM};
    map[n++] = (struct boot_range){BOARD_LOW_END, BOARD_HIGH - BOARD_LOW_END, BOOT_MAP_RESERVED};
    map[n++] = (struct boot_range){BOARD_HIGH, ram->low - BOARD_HIGH, BOOT_MAP_RAM};
    map[n++] = (struct boot_range){BOARD_PCI_END, RAM_HIGH - BOARD_PCI_END, BOOT_MAP_RESERVED};
    if (ram->size > ram->low)
        map[n++] = (struct boot_range){RAM_HIGH, ram->size - ram->low, BOOT_MAP_RAM};
    return n;
}

bool boot_place_initrd(struct boot *boot, uint64_t limit)
{
    const struct boot_image *initrd = &boot->config->initrd;
    uint64_t top = (boot->ram->low < limit ? boot->ram->low : limit) & ~(PAGE_SIZE - 1);
    uint64_t size = (initrd->size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    if (initrd->size == 0)
        return true;
    if (size < initrd->size || size > top)
        return boot_fail(boot, "the initrd (%lu MiB) is larger than the memory",
                         initrd->size / MIB(1));
    uint64_t below = top < boot->kernel_start ? top : boot->kernel_start;
    if (top - size >= boot->kernel_end)
        boot->initrd = top - size;
    else if (below >= BOARD_HIGH && size <= below - BOARD_HIGH)
        boot->initrd = below - size;
    else
        return boot_fail(boot, "no room for the initrd (%lu MiB) beside the kernel",
                         initrd->size / MIB(1));
    if (!ram_add_source(boot->ram, gpa(boot->initrd), initrd->bytes, initrd->size))
        return boot_fail(boot, "no room for the initrd");
    return true;
}

/* Whether some word of the command line starts like this. */
static bool has_option(const char *cmdline, const char *option)
{
    size_t length = strlen(option);
    for (const char *at = cmdline; *at; at++) {
        if ((at == cmdline || at[-1] == ' ') && strncmp(at, option, length) == 0)
            return true;
    }
    return false;
}

static bool append(struct boot *boot, const char *option, const char *text)
{
    size_t used = strlen(boot->cmdline);
    if (has_option(boot->cmdline, option))
        return true;
    if (used + 1 + strlen(text) >= sizeof(boot->cmdline))
        return boot_fail(boot, "the command line is too long");
    snprintf(boot->cmdline + used, sizeof(boot->cmdline) - used, "%s%s", used ? " " : "", text);
    return true;
}

/* Debian's kernels pin about 9 MiB for the tree of trace events while they start, and
 * below this size run out of memory on it. */
#define SMALL_MEMORY     MIB(96)
#define WITHOUT_TRACE_FS "initcall_blacklist=tracer_init_tracefs"

/* The user's line, and what this board's guests need: it has one console, and a
 * clock whose frequency is known and that nothing else can check. */
static bool make_cmdline(struct boot *boot)
{
    const struct boot_config *config = boot->config;
    char khz[40];
    if (strlen(config->cmdline) >= sizeof(boot->cmdline))
        return boot_fail(boot, "the command line is too long");
    snprintf(boot->cmdline, sizeof(boot->cmdline), "%s", config->cmdline);
    snprintf(khz, sizeof(khz), "tsc_early_khz=%lu", config->tsc_khz);
    return append(boot, "console=", "console=ttyS0") && append(boot, "tsc=", "tsc=reliable") &&
           (config->tsc_khz == 0 || append(boot, "tsc_early_khz=", khz)) &&
           (boot->ram->size >= SMALL_MEMORY ||
            append(boot, "initcall_blacklist=", WITHOUT_TRACE_FS));
}

static bool make_acpi(struct boot *boot)
{
    const struct boot_config *config = boot->config;
    uint8_t *tables = ram_pointer(boot->ram, gpa(BOARD_ACPI), BOARD_ACPI_SIZE);
    boot->rsdp = BOARD_ACPI;
    if (!tables ||
        !acpi_build(tables, BOARD_ACPI_SIZE, BOARD_ACPI, config->cpus, config->watchdog_ms))
        return boot_fail(boot, "no room for the ACPI tables");
    return true;
}

/* The one piece of firmware: a processor that starts at the reset vector, or jumps there
 * in real mode, resets the machine.  Linux reboots like that on a hardware-reduced
 * board without EFI. */
static bool make_reset_vector(struct boot *boot)
{
    static const uint8_t code[] = {
        0xba,
        RESET_PORT & 0xff,
        RESET_PORT >> 8, /* mov $RESET_PORT, %dx  */
        0xb0,
        RESET_VALUE, /* mov $RESET_VALUE, %al */
        0xee,        /* out %al, %dx          */
        0xf4,
        0xeb,
        0xfd, /* 1: hlt; jmp 1b        */
    };
    void *vector = ram_pointer(boot->ram, gpa(BOARD_RESET_VECTOR), sizeof(code));
    if (!vector)
        return boot_fail(boot, "no room for the reset vector");
    memcpy(vector, code, sizeof(code));
    return true;
}

/* The order matters: sources must all be known before the first byte is written to
 * the RAM, and the preparation writes. */
bool boot_load(struct boot *boot, const struct boot_config *config, struct ram *ram,
               struct boot_entry *entry)
{
    *boot = (struct boot){.config = config, .ram = ram};
    *entry = (struct boot_entry){0};
    if (!make_cmdline(boot))
        return false;
    if (bzimage_recognize(&config->kernel))
        return bzimage_load(boot, entry) && make_acpi(boot) && make_reset_vector(boot);
    uint32_t pvh_entry;
    return elf_load(boot, &pvh_entry) && boot_place_initrd(boot, RAM_HOLE) && make_acpi(boot) &&
           make_reset_vector(boot) && pvh_prepare(boot, pvh_entry, entry);
}
