/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/emulate.h"
#include "vcpu/vcpu.h"

static __attribute__((noinline)) void string_io(struct vcpu *v)
{
    uint16_t port = L4_IO_PORT(v->state->qual[0]);
    vcpu_sync(v);
    emulate_port_string(v, port);
}

static __attribute__((noinline)) void in(struct vcpu *v, const struct io_device *device,
                                         uint16_t port, unsigned size)
{
    uint64_t *rax = &v->state->gpr[L4_RAX];
    uint32_t value = device->read(device->device, port, size);
    if (size == 1)
        *rax = (*rax & ~UINT64_C(0xff)) | (uint8_t)value;
    else if (size == 2)
        *rax = (*rax & ~UINT64_C(0xffff)) | (uint16_t)value;
    else
        *rax = value;
}

static void out(struct vcpu *v, const struct io_device *device, uint16_t port, unsigned size)
{
    uint32_t value = (uint32_t)v->state->gpr[L4_RAX];
    if (size < 4)
        value &= (1u << 8 * size) - 1;
    device->write(device->device, port, size, value);
}

void exit_io(struct vcpu *v)
{
    struct l4_vcpu_state *st = v->state;
    uint64_t q = st->qual[0];
    if (unlikely(q & L4_IO_STRING)) {
        string_io(v);
        return;
    }
    const struct io_device *device = io_bus_find(&v->board->ports, L4_IO_PORT(q));
    st->rip = st->qual[1];
    st->intr_shadow = 0;
    if (q & L4_IO_IN)
        in(v, device, L4_IO_PORT(q), L4_IO_SIZE(q));
    else
        out(v, device, L4_IO_PORT(q), L4_IO_SIZE(q));
}
