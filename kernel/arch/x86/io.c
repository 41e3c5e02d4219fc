/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO ports.  Each space that has any owns a bitmap; a processor's TSS holds a copy
 * of one of them, that of the space which used ports there last.  All other spaces run
 * with the bitmap out of reach, fault at their first access and then become owner: so
 * switching between spaces costs nothing.
 */
#include "arch/io.h"

#include "core/arch.h"
#include "core/cpu.h"
#include "core/space.h"

#define IO_ORDER 1 /* the bitmap is two pages */

struct io_space {
    u8 denied[IO_PORTS / 8];
};

_Static_assert(sizeof(struct io_space) == PAGE_SIZE << IO_ORDER, "bitmap");

void io_switch(struct cpu *cpu, const struct space *s)
{
    if (s && s == cpu->ports) {
        cpu->arch.tss.iomap_base = offsetof(struct tss, iomap);
        cpu->work |= WORK_PORTS;
    } else {
        cpu->arch.tss.iomap_base = IOMAP_OFF;
        cpu->work &= ~(u32)WORK_PORTS;
    }
    cpu_set_gate(cpu);
}

static void bitmap_set(u8 *denied, u16 port, bool allow)
{
    if (allow)
        denied[port / 8] &= (u8) ~(1u << port % 8);
    else
        denied[port / 8] |= (u8)(1u << port % 8);
}

/* A processor that has the bitmap of s gets it anew when it faults; taking away must work at once. */
static void forget(void *arg)
{
    struct cpu *cpu = this_cpu();

    if (cpu->ports == arg) {
        cpu->ports = NULL;
        io_switch(cpu, NULL);
    }
}

bool arch_io_set(struct space *s, u16 port, bool allow)
{
    struct cpu *me = this_cpu();

    if (!s->io) {
        if (!allow)
            return true;
        s->io = kmem_pages(s->account, IO_ORDER);
        if (!s->io)
            return false;
        memset(s->io->denied, 0xff, sizeof(s->io->denied));
    }
    bitmap_set(s->io->denied, port, allow);
    if (s == me->ports)
        bitmap_set(me->arch.tss.iomap, port, allow);
    for (unsigned n = 0; !allow && n < cpu_count; n++)
        if (cpus[n]->ports == s && n != me->number)
            me->flush |= 1u << n; /* arch_flush() there */
    return true;
}

bool arch_io_test(const struct space *s, u16 port)
{
    return s->io && !(s->io->denied[port / 8] >> port % 8 & 1);
}

void io_flush(struct cpu *cpu)
{
    if (cpu->ports && cpu->ports->io)
        memcpy(cpu->arch.tss.iomap, cpu->ports->io->denied, sizeof(cpu->ports->io->denied));
}

void arch_io_free(struct space *s)
{
    for (unsigned n = 0; n < cpu_count; n++)
        if (cpus[n]->ports == s)
            cpu_run_on(n, forget, s);
    if (s->io)
        kmem_pages_free(s->account, s->io, IO_ORDER);
    s->io = NULL;
}

bool io_fault(const struct space *s, u16 port, unsigned size)
{
    struct cpu *cpu = this_cpu();

    for (unsigned i = 0; i < size; i++)
        if (port + i >= IO_PORTS || !arch_io_test(s, (u16)(port + i)))
            return false;
    /* Within reach, and yet a fault: another processor has given the port. */
    if (cpu->ports != s || cpu->work & WORK_PORTS) {
        cpu->ports = s;
        io_flush(cpu);
    }
    io_switch(cpu, s);
    return true;
}

static bool is_prefix(u8 byte)
{
    switch (byte) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65: /* segments */
    case 0x66:
    case 0x67:
    case 0xf2:
    case 0xf3:
        return true;
    default:
        return (byte & 0xf0) == 0x40; /* REX */
    }
}

bool io_decode(const u8 *code, unsigned n, struct io_insn *insn)
{
    bool word = false;
    unsigned i = 0;

    for (; i < n && is_prefix(code[i]); i++)
        word |= code[i] == 0x66;
    if (i == n)
        return false;
    switch (code[i] & ~1u) {
    case 0xe4:
    case 0xe6: /* IN, OUT imm8 */
        if (i + 1 == n)
            return false;
        insn->immediate = true;
        insn->port = code[i + 1];
        break;
    case 0xec:
    case 0xee: /* IN, OUT DX */
    case 0x6c:
    case 0x6e: /* INS, OUTS */
        insn->immediate = false;
        insn->port = 0;
        break;
    default:
        return false;
    }
    insn->log2_size = !(code[i] & 1) ? 0 : word ? 1 : 2;
    return true;
}
