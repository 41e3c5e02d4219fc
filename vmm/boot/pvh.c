/* SPDX-License-Identifier: BSD-2-Clause */
/* The PVH start information: Xen's direct boot ABI for HVM guests, version 1. */
#include <string.h>

#include "boot/boot.h"
#include "board/board.h"

#define START_MAGIC   0x336ec578u
#define START_VERSION 1u

struct start_info {
    uint32_t magic, version, flags, modules;
    uint64_t module_list, cmdline, rsdp, memory_map;
    uint32_t memory_map_entries, reserved;
};
_Static_assert(sizeof(struct start_info) == 56, "hvm_start_info, version 1");

struct start_module {
    uint64_t address, size, cmdline, reserved;
};

struct start_memory {
    uint64_t address, size;
    uint32_t type, reserved;
};

/* What lies at BOARD_BOOT_DATA. */
struct start_page {
    struct start_info info;
    struct start_module initrd;
    struct start_memory memory[BOOT_RANGES];
    char cmdline[BOOT_CMDLINE_MAX];
};
_Static_assert(sizeof(struct start_page) <= 0x10000, "fits below BOARD_LOW_END");

static uint64_t address_of(size_t offset)
{
    return BOARD_BOOT_DATA + offset;
}

bool pvh_prepare(struct boot *boot, uint32_t pvh_entry, struct boot_entry *entry)
{
    struct start_page *page = ram_pointer(boot->ram, gpa(BOARD_BOOT_DATA), sizeof(*page));
    struct boot_range map[BOOT_RANGES];
    if (!page)
        return boot_fail(boot, "no room for the start information");
    page->info = (struct start_info){
        .magic = START_MAGIC,
        .version = START_VERSION,
        .cmdline = address_of(offsetof(struct start_page, cmdline)),
        .rsdp = boot->rsdp,
        .memory_map = address_of(offsetof(struct start_page, memory)),
        .memory_map_entries = boot_memory_map(boot->ram, map),
    };
    if (boot->config->initrd.size) {
        page->info.modules = 1;
        page->info.module_list = address_of(offsetof(struct start_page, initrd));
        page->initrd = (struct start_module){boot->initrd, boot->config->initrd.size, 0, 0};
    }
    for (unsigned i = 0; i < page->info.memory_map_entries; i++)
        page->memory[i] = (struct start_memory){map[i].address, map[i].size, map[i].type, 0};
    memcpy(page->cmdline, boot->cmdline, sizeof(page->cmdline));
    *entry = (struct boot_entry){.rip = pvh_entry, .rbx = BOARD_BOOT_DATA, .code = 8, .data = 16};
    return true;
}
