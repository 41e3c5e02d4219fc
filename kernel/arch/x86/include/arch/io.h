/* SPDX-License-Identifier: BSD-2-Clause */
/* IO ports: which space's permissions the processor looks at. */
#ifndef ARCH_IO_H
#define ARCH_IO_H

#include "types.h"

struct cpu;
struct space;

#define IOMAP_OFF 0xffff /* beyond the TSS limit: every port faults */

/* Space s gets the processor. */
void io_switch(struct cpu *cpu, const struct space *s);
/* Permissions of the space whose are in the TSS may have been taken away. */
void io_flush(struct cpu *cpu);

/*
 * An instruction of space s has faulted at `size` ports from `port` on.  If s may use them, put
 * its permissions into the TSS and return true: then the instruction can be restarted.
 */
bool io_fault(const struct space *s, u16 port, unsigned size);

/* An instruction of the IN and OUT family. */
struct io_insn {
    bool immediate; /* the port is `port`, else DX */
    u8 port;
    u8 log2_size;
};

#define INSN_MAX 15

/* The instruction bytes at ip, as many as are readable on its page and the next: their number. */
unsigned insn_fetch(u8 code[INSN_MAX], word_t ip);

/* Decode n bytes; false if they are no such instruction. */
bool io_decode(const u8 *code, unsigned n, struct io_insn *insn);

#endif
