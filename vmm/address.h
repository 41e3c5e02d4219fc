/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest-physical and guest-linear addresses are different types, so that one
 * cannot be taken for the other, nor for an address of the VMM's own space.
 */
#ifndef VMM_ADDRESS_H
#define VMM_ADDRESS_H

#include <stdint.h>

typedef struct {
    uint64_t raw;
} gpa_t;

typedef struct {
    uint64_t raw;
} gva_t;

static inline gpa_t gpa(uint64_t raw)
{
    return (gpa_t){raw};
}

static inline gva_t gva(uint64_t raw)
{
    return (gva_t){raw};
}

#define KIB(n) (UINT64_C(n) << 10)
#define MIB(n) (UINT64_C(n) << 20)
#define GIB(n) (UINT64_C(n) << 30)

#define PAGE_SIZE  KIB(4)
#define CHUNK_SIZE MIB(2) /* unit in which guest memory is filled and mapped */

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#endif
