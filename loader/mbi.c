/* SPDX-License-Identifier: BSD-2-Clause */
/* A multiboot 1 information for programs that look for one, whatever started us. */
#include <string.h>
#include "bootinfo.h"
#include "memory.h"
#include "multiboot.h"

uint64_t mbi_size(const struct boot *boot)
{
    uint64_t size = sizeof(struct mb1_info) + boot->module_count * sizeof(struct mb1_module) +
                    boot->map_count * sizeof(struct mb1_mmap);

    for (unsigned i = 0; i < boot->module_count; i++)
        size += strlen(boot->module[i].cmdline) + 1;
    return size;
}

static void write_modules(const struct boot *boot, uint32_t at, uint32_t *strings)
{
    for (unsigned i = 0; i < boot->module_count; i++) {
        const struct module *m = &boot->module[i];
        struct mb1_module out = {(uint32_t)m->start, (uint32_t)(m->start + m->size), *strings, 0};
        size_t n = strlen(m->cmdline) + 1;

        if (m->loaded) {
            out.start = (uint32_t)m->image.low;
            out.end = (uint32_t)m->image.high;
        }
        memcpy(phys(at), &out, sizeof(out));
        at += sizeof(out);
        memcpy(phys(*strings), m->cmdline, n);
        *strings += (uint32_t)n;
    }
}

static void write_map(const struct boot *boot, uint32_t at)
{
    for (unsigned i = 0; i < boot->map_count; i++) {
        const struct map_entry *e = &boot->map[i];
        struct mb1_mmap out = {sizeof(out) - 4, e->low, e->high - e->low, e->type};

        memcpy(phys(at), &out, sizeof(out));
        at += sizeof(out);
    }
}

void mbi_write(const struct boot *boot, uint64_t address)
{
    uint32_t at = (uint32_t)address, map_bytes = boot->map_count * sizeof(struct mb1_mmap);
    struct mb1_info info = {
        .flags = MB1_INFO_CMDLINE | MB1_INFO_MODULES | MB1_INFO_MMAP,
        .mods_count = boot->module_count,
        .mods_addr = at + sizeof(info),
        .mmap_length = map_bytes,
    };
    uint32_t strings;

    info.mmap_addr = info.mods_addr + boot->module_count * sizeof(struct mb1_module);
    strings = info.mmap_addr + map_bytes;
    info.cmdline = strings;
    for (unsigned i = 0; i < MODULE_ROOT && i < boot->module_count; i++)
        info.cmdline += (uint32_t)strlen(boot->module[i].cmdline) + 1;
    write_modules(boot, info.mods_addr, &strings);
    write_map(boot, info.mmap_addr);
    memcpy(phys(at), &info, sizeof(info));
}
