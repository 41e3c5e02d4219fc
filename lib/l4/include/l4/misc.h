/* SPDX-License-Identifier: BSD-2-Clause */
/* MemoryControl and ProcessorControl, both privileged. */
#ifndef L4_MISC_H
#define L4_MISC_H

#include <l4/message.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

#define L4_DefaultMemory        0
#define L4_WriteBackMemory      1
#define L4_WriteThroughMemory   2
#define L4_UncacheableMemory    4
#define L4_WriteCombiningMemory 5
#define L4_WriteProtectedMemory 8

/* control: fpages in MR0... minus one; the low two bits of each select its attribute. */
static inline L4_Word_t L4_MemoryControl(L4_Word_t control, const L4_Word_t attributes[4])
{
    return l4_memory_control(control, attributes);
}

static inline L4_Word_t L4_Set_PageAttribute(L4_Fpage_t f, L4_Word_t attribute)
{
    L4_Word_t attributes[4] = {attribute, 0, 0, 0};

    L4_Set_Rights(&f, 0);
    L4_LoadMR(0, f.raw);
    return l4_memory_control(0, attributes);
}

static inline L4_Word_t L4_Set_PageAttributes(L4_Word_t n, const L4_Fpage_t *fpages,
                                              const L4_Word_t attributes[4])
{
    L4_LoadMRs(0, (int)n, &fpages->raw);
    return l4_memory_control(n - 1, attributes);
}

static inline L4_Word_t L4_ProcessorControl(L4_Word_t processor, L4_Word_t internal_khz,
                                            L4_Word_t external_khz, L4_Word_t voltage_mv)
{
    return l4_processor_control(processor, internal_khz, external_khz, voltage_mv);
}

/* SpaceControl words of IA32: in MiB; kernels may ignore them. */
#define L4_LargeSpace 0

static inline L4_Word_t L4_SmallSpace(L4_Word_t location, L4_Word_t size)
{
    return ((location >> 1) & ~((size >> 2) - 1)) | (size >> 2);
}

#endif
