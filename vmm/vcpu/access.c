/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/access.h"

#include <string.h>

#include "host.h"
#include "vcpu/walk.h"

static struct walk walk_of(const struct vcpu *v)
{
    const struct l4_vcpu_state *st = v->state;
    return (struct walk){&v->board->ram, st->cr0,  st->cr3,
                         st->cr4,        st->efer, st->rflags & RFLAGS_AC};
}

static unsigned user(const struct vcpu *v)
{
    return vcpu_cpl(v) == 3 ? WALK_USER : 0;
}

static bool translate(struct vcpu *v, gva_t address, unsigned access, gpa_t *result)
{
    struct walk w = walk_of(v);
    uint32_t error;
    if (walk(&w, address, access | user(v), result, &error))
        return true;
    v->state->cr2 = address.raw;
    vcpu_dirty(v, L4_VCPU_G_CTRL);
    vcpu_inject_error(v, VECTOR_PF, error);
    return false;
}

static bool is_apic(const struct vcpu *v, gpa_t address)
{
    return address.raw - v->apic_page.base < v->apic_page.size;
}

/* Registers: those of its own APIC, or a device's on the bus. */
static uint64_t register_at(struct vcpu *v, gpa_t address, unsigned size)
{
    const struct mmio_device *page = &v->apic_page;
    if (is_apic(v, address))
        return page->read(page->device, address.raw - page->base, size);
    return mmio_bus_read(&v->board->mmio, address, size);
}

static void set_register_at(struct vcpu *v, gpa_t address, unsigned size, uint64_t value)
{
    const struct mmio_device *page = &v->apic_page;
    if (is_apic(v, address))
        page->write(page->device, address.raw - page->base, size, value);
    else
        mmio_bus_write(&v->board->mmio, address, size, value);
}

static uint64_t physical_read(struct vcpu *v, gpa_t address, unsigned size)
{
    uint64_t value = 0;
    const void *memory = ram_pointer(&v->board->ram, address, size);
    if (memory)
        memcpy(&value, memory, size);
    else if (board_in_hole(address))
        value = register_at(v, address, size);
    else
        board_bad_access(v->board, address, v->state->rip);
    return value;
}

static void physical_write(struct vcpu *v, gpa_t address, unsigned size, uint64_t value)
{
    void *memory = ram_pointer(&v->board->ram, address, size);
    if (memory)
        memcpy(memory, &value, size);
    else if (board_in_hole(address))
        set_register_at(v, address, size, value);
    else
        board_bad_access(v->board, address, v->state->rip);
}

/* Bytes of an access that lie on its first page. */
static unsigned first_part(gva_t address, unsigned size)
{
    unsigned left = (unsigned)(PAGE_SIZE - address.raw % PAGE_SIZE);
    return size < left ? size : left;
}

bool guest_read(struct vcpu *v, gva_t address, unsigned size, bool for_write, uint64_t *value)
{
    unsigned access = for_write ? WALK_WRITE : WALK_READ, part = first_part(address, size);
    gpa_t at;
    *value = 0;
    if (!translate(v, address, access, &at))
        return false;
    if (part == size) {
        *value = physical_read(v, at, size);
        return true;
    }
    gpa_t rest;
    if (!translate(v, gva(address.raw + part), access, &rest))
        return false;
    for (unsigned i = 0; i < size; i++) {
        gpa_t byte = i < part ? gpa(at.raw + i) : gpa(rest.raw + i - part);
        *value |= (physical_read(v, byte, 1) & 0xff) << 8 * i;
    }
    return true;
}

bool guest_write(struct vcpu *v, gva_t address, unsigned size, uint64_t value)
{
    unsigned part = first_part(address, size);
    gpa_t at, rest;
    if (!translate(v, address, WALK_WRITE, &at))
        return false;
    if (part == size) {
        physical_write(v, at, size, value);
        return true;
    }
    if (!translate(v, gva(address.raw + part), WALK_WRITE, &rest))
        return false;
    for (unsigned i = 0; i < size; i++) {
        gpa_t byte = i < part ? gpa(at.raw + i) : gpa(rest.raw + i - part);
        physical_write(v, byte, 1, value >> 8 * i & 0xff);
    }
    return true;
}

/* Copy up to `size` bytes of code from one page; 0 if it does not map RAM. */
static unsigned fetch_part(struct vcpu *v, uint64_t address, uint8_t *to, unsigned size,
                           uint32_t *error)
{
    struct walk w = walk_of(v);
    gpa_t at;
    *error = 0;
    size = first_part(gva(address), size);
    if (!walk(&w, gva(address), WALK_FETCH | user(v), &at, error))
        return 0;
    const void *memory = ram_pointer(&v->board->ram, at, size);
    if (!memory)
        return 0;
    memcpy(to, memory, size);
    return size;
}

static uint64_t linear_rip(const struct vcpu *v)
{
    const struct l4_vcpu_state *st = v->state;
    return vcpu_bits(v) == 64 ? st->rip : (st->seg[L4_SEG_CS].base + st->rip) & UINT32_MAX;
}

static unsigned fetch(struct vcpu *v, uint8_t bytes[INSN_MAX], uint32_t *error, uint64_t *failed)
{
    uint64_t address = linear_rip(v);
    unsigned count = 0;
    *error = 0;
    while (count < INSN_MAX) {
        unsigned got = fetch_part(v, address + count, bytes + count, INSN_MAX - count, error);
        if (got == 0)
            break;
        count += got;
    }
    *failed = address + count;
    return count;
}

unsigned guest_peek(struct vcpu *v, uint8_t bytes[INSN_MAX])
{
    uint32_t error;
    uint64_t failed;
    return fetch(v, bytes, &error, &failed);
}

enum decode_result guest_decode(struct vcpu *v, struct insn *insn)
{
    uint8_t bytes[INSN_MAX];
    uint32_t error;
    uint64_t failed;
    unsigned count = fetch(v, bytes, &error, &failed);
    enum decode_result result = decode(bytes, count, vcpu_bits(v), insn);
    if (result == DECODE_SHORT) {
        v->state->cr2 = failed;
        vcpu_dirty(v, L4_VCPU_G_CTRL);
        vcpu_inject_error(v, VECTOR_PF, error | WALK_FETCH | user(v));
    }
    return result;
}
