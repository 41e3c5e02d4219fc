/* SPDX-License-Identifier: BSD-2-Clause */
/* ACPI's root pointer: ACPI 6.4, section 5.2.5. */
#include <string.h>
#include "boot.h"
#include "memory.h"

#define RSDP_V1_SIZE 20
#define RSDP_LENGTH  20 /* offset of the length, from revision 2 on */
#define RSDP_REV     15
#define EBDA_POINTER 0x40e

static unsigned rsdp_size(const uint8_t *rsdp)
{
    uint32_t length;

    if (rsdp[RSDP_REV] < 2)
        return RSDP_V1_SIZE;
    memcpy(&length, rsdp + RSDP_LENGTH, sizeof(length));
    return length > RSDP_MAX ? RSDP_MAX : length;
}

static bool is_rsdp(const uint8_t *p)
{
    uint8_t sum = 0;

    if (p[0] != 'R' || memcmp(p, "RSD PTR ", 8) != 0)
        return false;
    for (unsigned i = 0; i < RSDP_V1_SIZE; i++)
        sum += p[i];
    return sum == 0;
}

const char *boot_set_rsdp(struct boot *boot, const void *rsdp, uint64_t size)
{
    if (size < RSDP_V1_SIZE || size > RSDP_MAX || !is_rsdp(rsdp))
        return NULL; /* the kernel does without, or says what it misses */
    boot->rsdp_size = (unsigned)size;
    memcpy(boot->rsdp, rsdp, size);
    return NULL;
}

static bool scan(struct boot *boot, uint64_t low, uint64_t high)
{
    for (uint64_t at = low; at < high; at += 16) {
        const uint8_t *p = phys(at);
        if (!is_rsdp(p))
            continue;
        boot_set_rsdp(boot, p, rsdp_size(p));
        return true;
    }
    return false;
}

void boot_scan_rsdp(struct boot *boot)
{
    uint16_t segment;
    uint64_t ebda;

    memcpy(&segment, phys(EBDA_POINTER), sizeof(segment));
    ebda = (uint64_t)segment << 4;
    if (ebda >= 0x80000 && ebda < 0xa0000 && scan(boot, ebda, ebda + 1024))
        return;
    scan(boot, 0xe0000, 0x100000);
}
