/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO ports.  Each space that has any owns a bitmap; the TSS holds a copy of one
 * of them, that of the space which used ports last.  All other spaces run with
 * the bitmap out of reach, fault at their first access and then become owner: so
 * switching between spaces costs nothing.
 */
#include "arch/io.h"

#include "arch/tss.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/space.h"

#define IO_ORDER 1 /* the bitmap is two pages */

struct io_space {
    u8 denied[IO_PORTS / 8];
};

_Static_assert(sizeof(struct io_space) == PAGE_SIZE << IO_ORDER, "bitmap");

const struct space *io_owner;

void io_switch(const struct space *s)
{
    this_tss()->iomap_base = s && s == io_owner ? offsetof(struct tss, iomap) : IOMAP_OFF;
}

static void bitmap_set(u8 *denied, u16 port, bool allow)
{
    if (allow)
        denied[port / 8] &= (u8) ~(1u << port % 8);
    else
        denied[port / 8] |= (u8)(1u << port % 8);
}

bool arch_io_set(struct space *s, u16 port, bool allow)
{
    if (!s->io) {
        if (!allow)
            return true;
        s->io = kmem_pages(s->account, IO_ORDER);
        if (!s->io)
            return false;
        memset(s->io->denied, 0xff, sizeof(s->io->denied));
    }
    bitmap_set(s->io->denied, port, allow);
    if (s == io_owner)
        bitmap_set(this_tss()->iomap, port, allow);
    return true;
}

bool arch_io_test(const struct space *s, u16 port)
{
    return s->io && !(s->io->denied[port / 8] >> port % 8 & 1);
}

void arch_io_free(struct space *s)
{
    if (s == io_owner) {
        io_owner = NULL;
        this_tss()->iomap_base = IOMAP_OFF;
    }
    if (s->io)
        kmem_pages_free(s->account, s->io, IO_ORDER);
    s->io = NULL;
}

bool io_fault(const struct space *s, u16 port, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        if (port + i >= IO_PORTS || !arch_io_test(s, (u16)(port + i)))
            return false;
    memcpy(this_tss()->iomap, s->io->denied, sizeof(s->io->denied));
    io_owner = s;
    io_switch(s);
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
