/* SPDX-License-Identifier: BSD-2-Clause */
/* Integer arithmetic with its flags, for emulated instructions. */
#ifndef VMM_VCPU_ALU_H
#define VMM_VCPU_ALU_H

#include <stdint.h>

/* op: OP_ADD ... OP_CMP, OP_TEST, OP_BT ... OP_BTC (b: the bit), OP_INC ... OP_NEG.
 * Size in bytes.  Returns the result, also for those that only set flags. */
uint64_t alu(unsigned op, uint64_t a, uint64_t b, unsigned size, uint64_t *rflags);

static inline uint64_t alu_mask(unsigned size)
{
    return size == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * size) - 1;
}

static inline uint64_t alu_sign_extend(uint64_t value, unsigned size)
{
    unsigned unused = 64 - 8 * size;
    return (uint64_t)((int64_t)(value << unused) >> unused);
}

#endif
