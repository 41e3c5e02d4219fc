/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest-linear to guest-physical addresses, as the guest's own page tables say:
 * no paging, two levels, PAE, four and five levels.  Accessed and dirty bits are
 * set as the processor would.
 */
#ifndef VMM_VCPU_WALK_H
#define VMM_VCPU_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "board/ram.h"

#define CR0_PE UINT64_C(0x00000001)
#define CR0_WP UINT64_C(0x00010000)
#define CR0_PG UINT64_C(0x80000000)

#define CR4_PSE     UINT64_C(0x00000010)
#define CR4_PAE     UINT64_C(0x00000020)
#define CR4_LA57    UINT64_C(0x00001000)
#define CR4_OSXSAVE UINT64_C(0x00040000)
#define CR4_SMEP    UINT64_C(0x00100000)
#define CR4_SMAP    UINT64_C(0x00200000)

#define EFER_SCE   UINT64_C(0x0001)
#define EFER_LME   UINT64_C(0x0100)
#define EFER_LMA   UINT64_C(0x0400)
#define EFER_NX    UINT64_C(0x0800)
#define EFER_FFXSR UINT64_C(0x4000)

/* Kinds of access; the values are those of a page fault's error code. */
#define WALK_READ  0u
#define WALK_WRITE 0x02u
#define WALK_USER  0x04u
#define WALK_FETCH 0x10u

#define PF_PRESENT  0x01u
#define PF_RESERVED 0x08u

/* What of the vCPU's state decides about an access. */
struct walk {
    struct ram *ram;
    uint64_t cr0, cr3, cr4, efer;
    bool smap_off; /* EFLAGS.AC, or no supervisor protection */
};

/* False: the access faults, and *error is the page fault's error code. */
bool walk(const struct walk *w, gva_t address, unsigned access, gpa_t *result, uint32_t *error);

#endif
