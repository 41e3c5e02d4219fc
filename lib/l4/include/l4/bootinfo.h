/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The generic boot info that the loader leaves for the root task; KIP.BootInfo
 * is its physical address.  Words are those of the root task's ELF class.
 */
#ifndef L4_BOOTINFO_H
#define L4_BOOTINFO_H

#include <l4/types.h>

#define L4_BOOTINFO_MAGIC   0x14b0021dul
#define L4_BOOTINFO_VERSION 1

#define L4_BootInfo_Module     0x01
#define L4_BootInfo_SimpleExec 0x02
#define L4_BootInfo_EFITables  0x101
#define L4_BootInfo_Multiboot  0x102

typedef struct {
    L4_Word_t magic, version, size, first_entry, num_entries, reserved[3];
} L4_BootInfo_t;

/* A record's first words.  Offsets of strings count from the record; 0: none. */
typedef struct {
    L4_Word_t type, version, offset_next;
} L4_BootRec_t;

typedef struct {
    L4_Word_t type, version, offset_next;
    L4_Word_t start, size, cmdline_offset;
} L4_Boot_Module_t;

typedef struct {
    L4_Word_t type, version, offset_next;
    L4_Word_t text_pstart, text_vstart, text_size;
    L4_Word_t data_pstart, data_vstart, data_size;
    L4_Word_t bss_pstart, bss_vstart, bss_size;
    L4_Word_t initial_ip, flags, label, cmdline_offset;
} L4_Boot_SimpleExec_t;

typedef struct {
    L4_Word_t type, version, offset_next;
    L4_Word_t systab, memmap, memmap_size, memdesc_size, memdesc_version;
} L4_Boot_EFI_t;

typedef struct {
    L4_Word_t type, version, offset_next;
    L4_Word_t address;
} L4_Boot_MBI_t;

static inline L4_Bool_t L4_BootInfo_Valid(const void *b)
{
    const L4_BootInfo_t *info = b;

    return info->magic == L4_BOOTINFO_MAGIC && info->version == L4_BOOTINFO_VERSION;
}

static inline L4_Word_t L4_BootInfo_Size(const void *b)
{
    return ((const L4_BootInfo_t *)b)->size;
}

static inline L4_BootRec_t *L4_BootInfo_FirstEntry(const void *b)
{
    return (L4_BootRec_t *)((L4_Word_t)b + ((const L4_BootInfo_t *)b)->first_entry);
}

static inline L4_Word_t L4_BootInfo_Entries(const void *b)
{
    return ((const L4_BootInfo_t *)b)->num_entries;
}

static inline L4_Word_t L4_BootRec_Type(const L4_BootRec_t *r)
{
    return r->type;
}

static inline L4_BootRec_t *L4_BootRec_Next(const L4_BootRec_t *r)
{
    return (L4_BootRec_t *)((L4_Word_t)r + r->offset_next);
}

static inline char *l4_boot_string(const void *record, L4_Word_t offset)
{
    return offset ? (char *)((L4_Word_t)record + offset) : (char *)"";
}

static inline L4_Word_t L4_Module_Start(const void *r)
{
    return ((const L4_Boot_Module_t *)r)->start;
}

static inline L4_Word_t L4_Module_Size(const void *r)
{
    return ((const L4_Boot_Module_t *)r)->size;
}

static inline char *L4_Module_Cmdline(const void *r)
{
    return l4_boot_string(r, ((const L4_Boot_Module_t *)r)->cmdline_offset);
}

#define L4_SIMPLEEXEC_FIELD(name, field)                                                           \
    static inline L4_Word_t L4_SimpleExec_##name(const void *r)                                    \
    {                                                                                              \
        return ((const L4_Boot_SimpleExec_t *)r)->field;                                           \
    }

L4_SIMPLEEXEC_FIELD(TextVstart, text_vstart)
L4_SIMPLEEXEC_FIELD(TextPstart, text_pstart)
L4_SIMPLEEXEC_FIELD(TextSize, text_size)
L4_SIMPLEEXEC_FIELD(DataVstart, data_vstart)
L4_SIMPLEEXEC_FIELD(DataPstart, data_pstart)
L4_SIMPLEEXEC_FIELD(DataSize, data_size)
L4_SIMPLEEXEC_FIELD(BssVstart, bss_vstart)
L4_SIMPLEEXEC_FIELD(BssPstart, bss_pstart)
L4_SIMPLEEXEC_FIELD(BssSize, bss_size)
L4_SIMPLEEXEC_FIELD(InitialIP, initial_ip)
L4_SIMPLEEXEC_FIELD(Flags, flags)
L4_SIMPLEEXEC_FIELD(Label, label)

static inline char *L4_SimpleExec_Cmdline(const void *r)
{
    return l4_boot_string(r, ((const L4_Boot_SimpleExec_t *)r)->cmdline_offset);
}

static inline void L4_SimpleExec_Set_Flags(void *r, L4_Word_t flags)
{
    ((L4_Boot_SimpleExec_t *)r)->flags = flags;
}

static inline void L4_SimpleExec_Set_Label(void *r, L4_Word_t label)
{
    ((L4_Boot_SimpleExec_t *)r)->label = label;
}

static inline L4_Word_t L4_EFI_Systab(const void *r)
{
    return ((const L4_Boot_EFI_t *)r)->systab;
}

static inline L4_Word_t L4_EFI_Memmap(const void *r)
{
    return ((const L4_Boot_EFI_t *)r)->memmap;
}

static inline L4_Word_t L4_EFI_MemmapSize(const void *r)
{
    return ((const L4_Boot_EFI_t *)r)->memmap_size;
}

static inline L4_Word_t L4_EFI_MemdescSize(const void *r)
{
    return ((const L4_Boot_EFI_t *)r)->memdesc_size;
}

static inline L4_Word_t L4_EFI_MemdescVersion(const void *r)
{
    return ((const L4_Boot_EFI_t *)r)->memdesc_version;
}

static inline L4_Word_t L4_MBI_Address(const void *r)
{
    return ((const L4_Boot_MBI_t *)r)->address;
}

#endif
