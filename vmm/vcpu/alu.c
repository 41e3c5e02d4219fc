/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/alu.h"

#include "vcpu/decode.h"
#include "vcpu/vcpu.h"

#define ARITHMETIC_FLAGS (RFLAGS_CF | RFLAGS_PF | RFLAGS_AF | RFLAGS_ZF | RFLAGS_SF | RFLAGS_OF)

static uint64_t result_flags(uint64_t result, unsigned size)
{
    uint64_t flags = __builtin_parity((unsigned)(result & 0xff)) ? 0 : RFLAGS_PF;
    if (result == 0)
        flags |= RFLAGS_ZF;
    if (result >> (8 * size - 1) & 1)
        flags |= RFLAGS_SF;
    return flags;
}

static uint64_t add(uint64_t a, uint64_t b, uint64_t carry, unsigned size, uint64_t *flags)
{
    uint64_t result = (a + b + carry) & alu_mask(size), sign = UINT64_C(1) << (8 * size - 1);
    *flags = result_flags(result, size) | ((a ^ b ^ result) & RFLAGS_AF);
    if (result < a || (carry && result == a))
        *flags |= RFLAGS_CF;
    if (~(a ^ b) & (a ^ result) & sign)
        *flags |= RFLAGS_OF;
    return result;
}

static uint64_t subtract(uint64_t a, uint64_t b, uint64_t borrow, unsigned size, uint64_t *flags)
{
    uint64_t result = (a - b - borrow) & alu_mask(size), sign = UINT64_C(1) << (8 * size - 1);
    *flags = result_flags(result, size) | ((a ^ b ^ result) & RFLAGS_AF);
    if (a < b || (borrow && a == b))
        *flags |= RFLAGS_CF;
    if ((a ^ b) & (a ^ result) & sign)
        *flags |= RFLAGS_OF;
    return result;
}

static uint64_t bit_op(unsigned op, uint64_t a, uint64_t b, unsigned size, uint64_t *rflags)
{
    uint64_t bit = UINT64_C(1) << (b & (8 * size - 1));
    *rflags = (*rflags & ~RFLAGS_CF) | (a & bit ? RFLAGS_CF : 0);
    switch (op) {
    case OP_BTS:
        return a | bit;
    case OP_BTR:
        return a & ~bit;
    case OP_BTC:
        return a ^ bit;
    default:
        return a;
    }
}

uint64_t alu(unsigned op, uint64_t a, uint64_t b, unsigned size, uint64_t *rflags)
{
    uint64_t carry = *rflags & RFLAGS_CF, result, flags = 0, changed = ARITHMETIC_FLAGS;
    a &= alu_mask(size);
    b &= alu_mask(size);
    switch (op) {
    case OP_BT:
    case OP_BTS:
    case OP_BTR:
    case OP_BTC:
        return bit_op(op, a, b, size, rflags);
    case OP_NOT:
        return ~a & alu_mask(size);
    case OP_ADD:
        result = add(a, b, 0, size, &flags);
        break;
    case OP_ADC:
        result = add(a, b, carry, size, &flags);
        break;
    case OP_SUB:
    case OP_CMP:
        result = subtract(a, b, 0, size, &flags);
        break;
    case OP_SBB:
        result = subtract(a, b, carry, size, &flags);
        break;
    case OP_NEG:
        result = subtract(0, a, 0, size, &flags);
        break;
    case OP_INC:
        result = add(a, 1, 0, size, &flags);
        changed &= ~RFLAGS_CF;
        break;
    case OP_DEC:
        result = subtract(a, 1, 0, size, &flags);
        changed &= ~RFLAGS_CF;
        break;
    default:
        result = op == OP_OR ? a | b : op == OP_XOR ? a ^ b : a & b;
        flags = result_flags(result, size);
        break;
    }
    *rflags = (*rflags & ~changed) | (flags & changed);
    return result;
}
