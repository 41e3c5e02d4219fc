/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzzer knows of AMD64. */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <l4/types.h>

#define KIP_AREA   0xa0000000ul
#define UTCB_BYTES 1024ul

/* Edges of the address space. */
#define WILD_ADDRESSES                                                                             \
    0x7ffffffff000, 0x800000000000, 0xffff800000000000, 0xffffff0000000000, 0xffffff8000000000,    \
        0xffffffff80600000, 0xfffffffffffff000, 0x100000000

/* RAX, RBX, RCX, RDX, RSI, RDI, R8 to R15; what Ipc takes from them. */
#define REGISTERS         14
#define REGISTER_UTCB     5
#define REGISTER_TIMEOUTS 6
#define REGISTER_TAG      7

/* Calls a stub, or the kernel itself, with these registers. */
void call_with(L4_Word_t entry, const L4_Word_t regs[REGISTERS]);
void trap_with(L4_Word_t number, const L4_Word_t regs[REGISTERS]);

#define ENTER_DEBUGGER "int3; jmp 1f; movabs $0x50000010, %%rax; 1:"

#endif
