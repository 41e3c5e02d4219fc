/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel interface page: its layout, and functions that read it. */
#ifndef L4_KIP_H
#define L4_KIP_H

#include <stdbool.h>
#include <stddef.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

#define L4_KIP_MAGIC 0x4be6344cul /* "L4", micro, "K" */

struct l4_kip_server {
    L4_Word_t sp, ip, low, high; /* high: exclusive */
};

typedef struct l4_kip {
    L4_Word_t magic, api_version, api_flags, kern_desc;
    L4_Word_t kdebug_init, kdebug_entry, kdebug_low, kdebug_high;
    struct l4_kip_server sigma0, sigma1, root_server;
    L4_Word_t reserved0, memory_info, kdebug_config[2];
    L4_Word_t legacy_memory[16];
    L4_Word_t reserved1, virtual_reg_info, utcb_info, kip_area_info;
    L4_Word_t reserved2[2], boot_info, proc_desc;
    L4_Word_t clock_info, thread_info, page_info, processor_info;
    L4_Word_t space_control, thread_control, processor_control, memory_control;
    L4_Word_t ipc, lipc, unmap, exchange_registers;
    L4_Word_t system_clock, thread_switch, schedule, reserved3[5];
    L4_Word_t arch_syscall[4];
} L4_KernelInterfacePage_t;

_Static_assert(offsetof(struct l4_kip, utcb_info) == 42 * sizeof(L4_Word_t), "KIP");
_Static_assert(offsetof(struct l4_kip, space_control) == 52 * sizeof(L4_Word_t), "KIP");
_Static_assert(offsetof(struct l4_kip, arch_syscall) == 68 * sizeof(L4_Word_t), "KIP");

struct l4_kern_desc {
    L4_Word_t kernel_id, gen_date, version;
    char supplier[sizeof(L4_Word_t)]; /* the first four, blank-padded */
    char strings[];                   /* version, features..., "" */
};

typedef struct {
    L4_Word_t raw[2];
} L4_MemoryDesc_t;

typedef struct {
    L4_Word_t external_khz, internal_khz, reserved[2];
} L4_ProcDesc_t;

/* Memory descriptor types; from 0xe on a subtype lies above: type | t << 4. */
#define L4_UndefinedMemoryType            0x0
#define L4_ConventionalMemoryType         0x1
#define L4_ReservedMemoryType             0x2
#define L4_DedicatedMemoryType            0x3
#define L4_SharedMemoryType               0x4
#define L4_BootLoaderSpecificMemoryType   0xe
#define L4_ArchitectureSpecificMemoryType 0xf

/* What Marzipan's loader, like kickstart, means by subtypes of 0xe. */
#define L4_BOOT_MEMORY_TABLES  0x1e /* bootinfo, multiboot information */
#define L4_BOOT_MEMORY_SERVERS 0x2e /* sigma0, root server */
#define L4_BOOT_MEMORY_MODULE  0x3e
#define L4_BOOT_MEMORY_RSDP    0x4e /* a page that starts with a copy of ACPI's RSDP */

/* Traps into the kernel, which always works. */
static inline void *L4_KernelInterface(L4_Word_t *version, L4_Word_t *flags, L4_Word_t *id)
{
    return (void *)l4_kernel_interface(version, flags, id);
}

static inline void *L4_GetKernelInterface(void)
{
    L4_Word_t version, flags, id;

    return L4_KernelInterface(&version, &flags, &id);
}

/* The page that l4_init() found. */
static inline const struct l4_kip *L4_Kip(void)
{
    return l4_links.kip;
}

static inline L4_Word_t L4_ApiVersion(void)
{
    return L4_Kip()->api_version;
}

static inline L4_Word_t L4_ApiFlags(void)
{
    return L4_Kip()->api_flags;
}

static inline const struct l4_kern_desc *L4_KernelDesc(const void *kip)
{
    return (const void *)((const char *)kip + ((const struct l4_kip *)kip)->kern_desc);
}

static inline L4_Word_t L4_KernelId(void)
{
    return L4_KernelDesc(L4_Kip())->kernel_id;
}

static inline void L4_KernelGenDate(const void *kip, L4_Word_t *year, L4_Word_t *month,
                                    L4_Word_t *day)
{
    L4_Word_t date = L4_KernelDesc(kip)->gen_date;

    *day = date & 0x1f;
    *month = date >> 5 & 0xf;
    *year = (date >> 9 & 0x7f) + 2000;
}

static inline L4_Word_t L4_KernelVersion(const void *kip)
{
    return L4_KernelDesc(kip)->version;
}

static inline L4_Word_t L4_KernelSupplier(const void *kip)
{
    return *(const L4_Word32_t *)L4_KernelDesc(kip)->supplier;
}

static inline const char *L4_KernelVersionString(const void *kip)
{
    return L4_KernelDesc(kip)->strings;
}

static inline const char *l4_next_string(const char *s)
{
    while (*s)
        s++;
    return s + 1;
}

/* The n-th feature string from 0, NULL behind the last. */
static inline const char *L4_Feature(const void *kip, L4_Word_t n)
{
    const char *s = l4_next_string(L4_KernelVersionString(kip));

    for (; *s && n > 0; n--)
        s = l4_next_string(s);
    return *s ? s : NULL;
}

static inline L4_Bool_t L4_HasFeature(const char *name)
{
    const char *s;

    for (L4_Word_t n = 0; (s = L4_Feature(L4_Kip(), n)); n++) {
        const char *p = name;
        while (*p && *p == *s)
            p++, s++;
        if (*p == *s)
            return true;
    }
    return false;
}

/* ---- numbers ---- */

static inline L4_Word_t L4_NumProcessors(const void *kip)
{
    return (((const struct l4_kip *)kip)->processor_info & 0xffff) + 1;
}

static inline L4_Word_t L4_NumMemoryDescriptors(const void *kip)
{
    return ((const struct l4_kip *)kip)->memory_info & ((1ul << L4_WORD_BITS / 2) - 1);
}

static inline L4_Word_t L4_PageSizeMask(const void *kip)
{
    return ((const struct l4_kip *)kip)->page_info & ~0x3fful;
}

static inline L4_Word_t L4_PageRights(const void *kip)
{
    return ((const struct l4_kip *)kip)->page_info & 7;
}

static inline L4_Word_t L4_ThreadIdBits(const void *kip)
{
    return ((const struct l4_kip *)kip)->thread_info & 0xff;
}

static inline L4_Word_t L4_ThreadIdSystemBase(const void *kip)
{
    return ((const struct l4_kip *)kip)->thread_info >> 8 & 0xfff;
}

static inline L4_Word_t L4_ThreadIdUserBase(const void *kip)
{
    return ((const struct l4_kip *)kip)->thread_info >> 20 & 0xfff;
}

static inline L4_Time_t L4_ReadPrecision(const void *kip)
{
    return (L4_Time_t){.raw = (L4_Word16_t)((const struct l4_kip *)kip)->clock_info};
}

static inline L4_Time_t L4_SchedulePrecision(const void *kip)
{
    return (L4_Time_t){.raw = (L4_Word16_t)(((const struct l4_kip *)kip)->clock_info >> 16)};
}

static inline L4_Word_t L4_UtcbAreaSizeLog2(const void *kip)
{
    return ((const struct l4_kip *)kip)->utcb_info >> 16 & 0x3f;
}

/* The smallest UTCB area. */
static inline L4_Word_t L4_UtcbAreaSize(const void *kip)
{
    return 1ul << L4_UtcbAreaSizeLog2(kip);
}

static inline L4_Word_t L4_UtcbAlignmentLog2(const void *kip)
{
    return ((const struct l4_kip *)kip)->utcb_info >> 10 & 0x3f;
}

static inline L4_Word_t L4_UtcbSize(const void *kip)
{
    return (((const struct l4_kip *)kip)->utcb_info & 0x3ff) << L4_UtcbAlignmentLog2(kip);
}

static inline L4_Word_t L4_KipAreaSizeLog2(const void *kip)
{
    return ((const struct l4_kip *)kip)->kip_area_info & 0x3f;
}

static inline L4_Word_t L4_KipAreaSize(const void *kip)
{
    return 1ul << L4_KipAreaSizeLog2(kip);
}

static inline L4_Word_t L4_BootInfo(const void *kip)
{
    return ((const struct l4_kip *)kip)->boot_info;
}

/* ---- descriptors ---- */

static inline const L4_MemoryDesc_t *L4_MemoryDesc(const void *kip, L4_Word_t n)
{
    L4_Word_t offset = ((const struct l4_kip *)kip)->memory_info >> L4_WORD_BITS / 2;

    if (n >= L4_NumMemoryDescriptors(kip))
        return NULL;
    return (const L4_MemoryDesc_t *)((const char *)kip + offset) + n;
}

static inline L4_Bool_t L4_IsMemoryDescVirtual(const L4_MemoryDesc_t *m)
{
    return m->raw[0] >> 9 & 1;
}

static inline L4_Word_t L4_MemoryDescType(const L4_MemoryDesc_t *m)
{
    return (m->raw[0] & 0xf) < 0xe ? m->raw[0] & 0xf : m->raw[0] & 0xff;
}

static inline L4_Word_t L4_MemoryDescLow(const L4_MemoryDesc_t *m)
{
    return m->raw[0] & ~0x3fful;
}

/* The last byte. */
static inline L4_Word_t L4_MemoryDescHigh(const L4_MemoryDesc_t *m)
{
    return m->raw[1] | 0x3ff;
}

static inline const L4_ProcDesc_t *L4_ProcDesc(const void *kip, L4_Word_t n)
{
    const struct l4_kip *k = kip;
    L4_Word_t size = 1ul << (k->processor_info >> (L4_WORD_BITS - 4));

    if (n >= L4_NumProcessors(kip))
        return NULL;
    return (const void *)((const char *)kip + k->proc_desc + n * size);
}

static inline L4_Word_t L4_ProcDescExternalFreq(const L4_ProcDesc_t *p)
{
    return p->external_khz;
}

static inline L4_Word_t L4_ProcDescInternalFreq(const L4_ProcDesc_t *p)
{
    return p->internal_khz;
}

#endif
