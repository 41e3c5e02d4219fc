/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/operand.h"

#include "vcpu/alu.h"

/* AH, CH, DH, BH: byte registers 4-7 without a REX prefix. */
static bool high_byte(const struct insn *i, uint8_t reg, unsigned size)
{
    return size == 1 && !i->rex && reg >= 4 && reg < 8;
}

uint64_t register_read(const struct vcpu *v, const struct insn *i, uint8_t reg, unsigned size)
{
    if (high_byte(i, reg, size))
        return v->state->gpr[reg - 4] >> 8 & 0xff;
    return v->state->gpr[reg] & alu_mask(size);
}

void register_write(struct vcpu *v, const struct insn *i, uint8_t reg, unsigned size,
                    uint64_t value)
{
    uint64_t mask = alu_mask(size == 4 ? 8 : size);
    value &= alu_mask(size);
    if (high_byte(i, reg, size)) {
        reg -= 4;
        mask <<= 8;
        value <<= 8;
    }
    v->state->gpr[reg] = (v->state->gpr[reg] & ~mask) | value;
}

gva_t linear(const struct vcpu *v, const struct insn *i, unsigned segment, uint64_t offset)
{
    const struct l4_vcpu_state *st = v->state;
    offset &= alu_mask(i->address_size);
    if (vcpu_bits(v) != 64)
        return gva((st->seg[segment].base + offset) & UINT32_MAX);
    if (segment == L4_SEG_FS || segment == L4_SEG_GS)
        return gva(st->seg[segment].base + offset);
    return gva(offset);
}

/* BT and its like address bits beyond the operand by a register. */
static uint64_t bit_displacement(const struct vcpu *v, const struct insn *i)
{
    if (i->op < OP_BT || i->op > OP_BTC || i->form != FORM_MR)
        return 0;
    int64_t bit = (int64_t)alu_sign_extend(v->state->gpr[i->reg], i->size);
    unsigned bits = 8u * i->size;
    return (uint64_t)((bit - (int64_t)((uint64_t)bit & (bits - 1))) / 8);
}

gva_t operand_address(const struct vcpu *v, const struct insn *i)
{
    const struct l4_vcpu_state *st = v->state;
    uint64_t offset = (uint64_t)i->displacement + bit_displacement(v, i);
    unsigned segment = L4_SEG_DS;
    if (i->base == REG_RIP)
        offset += st->rip + i->length;
    else if (i->base != REG_NONE)
        offset += st->gpr[i->base];
    if (i->base == L4_RSP || i->base == L4_RBP)
        segment = L4_SEG_SS;
    if (i->index != REG_NONE)
        offset += st->gpr[i->index] << i->scale;
    return linear(v, i, i->segment == SEG_DEFAULT ? segment : i->segment, offset);
}
