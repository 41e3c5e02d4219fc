/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/emulate.h"

#include <stdio.h>

#include "host.h"
#include "vcpu/access.h"
#include "vcpu/alu.h"
#include "vcpu/operand.h"

/* A repeated string instruction goes back to the guest after so many elements,
 * so that interrupts get in between; it continues with the registers as they are. */
#define STRING_BATCH 1024

static _Noreturn void give_up(struct vcpu *v)
{
    uint8_t bytes[INSN_MAX];
    char text[2 * INSN_MAX + 1] = "";
    unsigned count = guest_peek(v, bytes);
    for (unsigned i = 0; i < count; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    host_exit(MZ_EXIT_BAD_INSN, v->state->rip, "%s at rip 0x%lx", text, v->state->rip);
}

static bool sets_only_flags(unsigned op)
{
    return op == OP_CMP || op == OP_TEST || op == OP_BT;
}

/* A location that an instruction reads and writes: memory, or a register. */
static bool load(struct vcpu *v, const struct insn *i, gva_t at, bool for_write, uint64_t *value)
{
    if (i->rm == REG_NONE)
        return guest_read(v, at, i->size, for_write, value);
    *value = register_read(v, i, i->rm, i->size);
    return true;
}

static bool store(struct vcpu *v, const struct insn *i, gva_t at, uint64_t value)
{
    if (i->rm == REG_NONE)
        return guest_write(v, at, i->size, value);
    register_write(v, i, i->rm, i->size, value);
    return true;
}

/* op memory, source */
static bool modify(struct vcpu *v, const struct insn *i, gva_t at, uint64_t source)
{
    uint64_t old, flags = v->state->rflags;
    if (!load(v, i, at, !sets_only_flags(i->op), &old))
        return false;
    uint64_t result = alu(i->op, old, source, i->size, &flags);
    if (!sets_only_flags(i->op) && !store(v, i, at, result))
        return false;
    v->state->rflags = flags;
    return true;
}

/* The instructions that exchange with a register, and PUSH. */
static bool exchange(struct vcpu *v, const struct insn *i, gva_t at)
{
    uint64_t old, new = register_read(v, i, i->reg, i->size), flags = v->state->rflags;
    if (!load(v, i, at, true, &old))
        return false;
    if (i->op == OP_CMPXCHG) {
        uint64_t expected = v->state->gpr[L4_RAX] & alu_mask(i->size);
        alu(OP_CMP, expected, old, i->size, &flags);
        if (!store(v, i, at, old == expected ? new : old))
            return false;
        if (old != expected)
            register_write(v, i, L4_RAX, i->size, old);
    } else {
        uint64_t sum = i->op == OP_XADD ? alu(OP_ADD, old, new, i->size, &flags) : new;
        if (!store(v, i, at, sum))
            return false;
        register_write(v, i, i->reg, i->size, old);
    }
    v->state->rflags = flags;
    return true;
}

static bool push(struct vcpu *v, const struct insn *i, gva_t at)
{
    uint64_t value, top = v->state->gpr[L4_RSP] - i->size;
    if (!load(v, i, at, false, &value))
        return false;
    if (!guest_write(v, linear(v, i, L4_SEG_SS, top), i->size, value))
        return false;
    v->state->gpr[L4_RSP] = top;
    return true;
}

static bool to_register(struct vcpu *v, const struct insn *i, gva_t at)
{
    uint64_t value, flags = v->state->rflags;
    unsigned from = i->source_size;
    if (i->rm != REG_NONE)
        value = register_read(v, i, i->rm, from);
    else if (!guest_read(v, at, from, false, &value))
        return false;
    if (i->op == OP_MOVSX)
        value = alu_sign_extend(value, from);
    if (i->op <= OP_CMP)
        value = alu(i->op, register_read(v, i, i->reg, i->size), value, i->size, &flags);
    if (i->op != OP_CMP)
        register_write(v, i, i->reg, i->size, value);
    v->state->rflags = flags;
    return true;
}

static bool with_memory(struct vcpu *v, const struct insn *i)
{
    gva_t at = i->rm == REG_NONE ? operand_address(v, i) : gva(0);
    uint64_t value;
    switch (i->form) {
    case FORM_RM:
        return to_register(v, i, at);
    case FORM_AM:
        if (!guest_read(v, at, i->size, false, &value))
            return false;
        register_write(v, i, L4_RAX, i->size, value);
        return true;
    case FORM_MA:
        return guest_write(v, at, i->size, register_read(v, i, L4_RAX, i->size));
    default:
        break;
    }
    if (i->op == OP_PUSH)
        return push(v, i, at);
    if (i->op >= OP_XCHG && i->op <= OP_XADD)
        return exchange(v, i, at);
    value = i->form == FORM_MR ? register_read(v, i, i->reg, i->size) : i->immediate;
    if (i->op == OP_MOV)
        return store(v, i, at, value);
    return modify(v, i, at, value);
}

static gva_t source_address(const struct vcpu *v, const struct insn *i)
{
    unsigned segment = i->segment == SEG_DEFAULT ? L4_SEG_DS : i->segment;
    return linear(v, i, segment, v->state->gpr[L4_RSI]);
}

/* Step RSI or RDI by one element. */
static void step(struct vcpu *v, const struct insn *i, unsigned reg)
{
    uint64_t by = v->state->rflags & RFLAGS_DF ? -(uint64_t)i->size : i->size;
    register_write(v, i, (uint8_t)reg, i->address_size, v->state->gpr[reg] + by);
}

static uint64_t port_read(struct vcpu *v, uint16_t port, unsigned size)
{
    const struct io_device *d = io_bus_find(&v->board->ports, port);
    return d->read(d->device, port, size) & alu_mask(size);
}

static void port_write(struct vcpu *v, uint16_t port, unsigned size, uint64_t value)
{
    const struct io_device *d = io_bus_find(&v->board->ports, port);
    d->write(d->device, port, size, (uint32_t)(value & alu_mask(size)));
}

/* One element of a string instruction. */
static bool element(struct vcpu *v, const struct insn *i, uint16_t port)
{
    gva_t to = linear(v, i, L4_SEG_ES, v->state->gpr[L4_RDI]);
    uint64_t value = v->state->gpr[L4_RAX];
    bool reads = i->op == OP_MOVS || i->op == OP_LODS || i->op == OP_OUTS;
    bool writes = i->op == OP_MOVS || i->op == OP_STOS || i->op == OP_INS;

    if (reads && !guest_read(v, source_address(v, i), i->size, false, &value))
        return false;
    if (i->op == OP_INS)
        value = port_read(v, port, i->size);
    else if (i->op == OP_OUTS)
        port_write(v, port, i->size, value);
    else if (i->op == OP_LODS)
        register_write(v, i, L4_RAX, i->size, value);
    if (writes && !guest_write(v, to, i->size, value))
        return false;
    if (reads)
        step(v, i, L4_RSI);
    if (writes)
        step(v, i, L4_RDI);
    return true;
}

/* True if the instruction is complete. */
static bool string(struct vcpu *v, const struct insn *i, uint16_t port)
{
    uint64_t *rcx = &v->state->gpr[L4_RCX], mask = alu_mask(i->address_size);
    if (!i->rep && !i->repne)
        return element(v, i, port);
    for (unsigned n = 0; n < STRING_BATCH && (*rcx & mask) != 0; n++) {
        if (!element(v, i, port))
            return false;
        register_write(v, i, L4_RCX, i->address_size, *rcx - 1);
    }
    return (*rcx & mask) == 0;
}

static void finish(struct vcpu *v, const struct insn *i)
{
    v->state->rip += i->length;
    if (vcpu_bits(v) != 64)
        v->state->rip &= UINT32_MAX;
    v->state->intr_shadow = 0;
}

void emulate(struct vcpu *v)
{
    struct insn i;
    enum decode_result result = guest_decode(v, &i);
    if (result == DECODE_SHORT)
        return;
    if (result == DECODE_UNKNOWN || i.form == FORM_NONE)
        give_up(v);
    if (i.op == OP_INS || i.op == OP_OUTS) {
        if (string(v, &i, (uint16_t)v->state->gpr[L4_RDX]))
            finish(v, &i);
    } else if (i.form == FORM_STRING ? string(v, &i, 0) : with_memory(v, &i)) {
        finish(v, &i);
    }
}

void emulate_port_string(struct vcpu *v, uint16_t port)
{
    struct insn i;
    enum decode_result result = guest_decode(v, &i);
    if (result == DECODE_SHORT)
        return;
    if (result == DECODE_UNKNOWN || (i.op != OP_INS && i.op != OP_OUTS))
        give_up(v);
    if (i.size == 8)
        i.size = 4;
    if (string(v, &i, port))
        finish(v, &i);
}
