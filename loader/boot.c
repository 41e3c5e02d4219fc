/* SPDX-License-Identifier: BSD-2-Clause */
/* Gathering what the boot loader said. */
#include "boot.h"

#include <string.h>
#include "memory.h"
#include "multiboot.h"

#define TOO_MANY_STRINGS "the command lines are longer than 16 KiB"

/* A copy of s, NULL if there is no room for it. */
const char *boot_string(struct boot *boot, const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = boot->strings + boot->string_bytes;

    if (n > STRING_BYTES - boot->string_bytes)
        return NULL;
    boot->string_bytes += (unsigned)n;
    return memcpy(copy, s, n);
}

const char *boot_add_module(struct boot *boot, uint64_t start, uint64_t end, const char *cmdline)
{
    struct module *m = &boot->module[boot->module_count];

    if (boot->module_count == MODULES)
        return "there are more than 64 modules";
    m->start = start;
    m->size = end - start;
    m->cmdline = boot_string(boot, cmdline);
    if (!m->cmdline)
        return TOO_MANY_STRINGS;
    boot->module_count++;
    return NULL;
}

const char *boot_add_map(struct boot *boot, uint64_t low, uint64_t length, uint32_t type)
{
    if (length == 0)
        return NULL;
    if (boot->map_count == MAP_ENTRIES)
        return "the memory map has more than 160 entries";
    if (low + length < low) /* to the very end of the address space */
        length = UINT64_MAX - low;
    boot->map[boot->map_count++] = (struct map_entry){low, low + length, type};
    return NULL;
}

static const char *set_cmdline(struct boot *boot, const char *s)
{
    boot->cmdline = boot_string(boot, s);
    return boot->cmdline ? NULL : TOO_MANY_STRINGS;
}

const char *module_name(const struct module *m, int *length)
{
    const char *s = m->cmdline, *name;
    size_t n = strcspn(s, " \t");

    for (name = s + n; name > s && name[-1] != '/';)
        name--;
    *length = (int)(s + n - name);
    return name;
}

/* ---- version 1 ---- */

static const char *read_mb1_map(struct boot *boot, const struct mb1_info *info)
{
    const char *error = NULL;
    uint32_t end = info->mmap_addr + info->mmap_length;

    if (!(info->flags & MB1_INFO_MMAP)) {
        if (!(info->flags & MB1_INFO_MEMORY))
            return "the boot loader gives no memory map";
        error = boot_add_map(boot, 0, (uint64_t)info->mem_lower << 10, MAP_RAM);
        return error ? error : boot_add_map(boot, MiB, (uint64_t)info->mem_upper << 10, MAP_RAM);
    }
    for (uint32_t at = info->mmap_addr; at < end && !error;) {
        const struct mb1_mmap *m = phys(at);
        error = boot_add_map(boot, m->base, m->length, m->type);
        at += m->size + 4;
    }
    return error;
}

const char *boot_read_mb1(struct boot *boot, uint64_t address)
{
    const struct mb1_info *info = phys(address);
    const char *error = read_mb1_map(boot, info);
    uint32_t count = info->flags & MB1_INFO_MODULES ? info->mods_count : 0;
    const struct mb1_module *m = phys(info->mods_addr);

    if (!error)
        error = set_cmdline(boot, info->flags & MB1_INFO_CMDLINE ? phys(info->cmdline) : "");
    for (uint32_t i = 0; i < count && !error; i++)
        error = boot_add_module(boot, m[i].start, m[i].end, m[i].string ? phys(m[i].string) : "");
    boot_scan_rsdp(boot);
    return error;
}

/* ---- version 2 ---- */

static const char *read_mb2_map(struct boot *boot, const struct mb2_tag *tag)
{
    const char *error = NULL;

    if (tag->mmap.entry_size < sizeof(struct mb2_mmap))
        return "the memory map's entries are too small";
    for (uint32_t at = 16; at + tag->mmap.entry_size <= tag->size && !error;
         at += tag->mmap.entry_size) {
        const struct mb2_mmap *m = (const void *)((const char *)tag + at);
        error = boot_add_map(boot, m->base, m->length, m->type);
    }
    return error;
}

static const char *read_mb2_tag(struct boot *boot, const struct mb2_tag *tag)
{
    switch (tag->type) {
    case MB2_TAG_CMDLINE:
        return set_cmdline(boot, tag->text);
    case MB2_TAG_MODULE:
        return boot_add_module(boot, tag->module.start, tag->module.end, tag->module.string);
    case MB2_TAG_MMAP:
        return read_mb2_map(boot, tag);
    case MB2_TAG_RSDP_OLD:
        return boot->rsdp_size ? NULL : boot_set_rsdp(boot, tag->bytes, tag->size - 8);
    case MB2_TAG_RSDP_NEW:
        return boot_set_rsdp(boot, tag->bytes, tag->size - 8);
    default:
        return NULL;
    }
}

const char *boot_read_mb2(struct boot *boot, uint64_t address)
{
    const struct mb2_info *info = phys(address);
    uint64_t end = address + info->total_size;
    const char *error = set_cmdline(boot, "");

    for (uint64_t at = address + sizeof(*info); at < end && !error;) {
        const struct mb2_tag *tag = phys(at);
        if (tag->type == MB2_TAG_END || tag->size < 8)
            break;
        error = read_mb2_tag(boot, tag);
        at = align_up(at + tag->size, 8);
    }
    if (!error && boot->map_count == 0)
        return "the boot loader gives no memory map";
    if (!boot->rsdp_size)
        boot_scan_rsdp(boot);
    return error;
}
