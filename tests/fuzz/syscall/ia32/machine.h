/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzzer knows of IA32. */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <l4/types.h>

/* Where ours is, since the victims use our table of entries. */
#define KIP_AREA   0xbff00000ul
#define UTCB_BYTES 512ul

/* Edges of the address space. */
#define WILD_ADDRESSES                                                                             \
    0xbffff000, 0xbf000000, 0xc0000000, 0xf0600000, 0xf0610000, 0xff800000, 0xfffff000, 0xfee00000

/* EAX, EBX, ECX, EDX, ESI, EDI, EBP; what Ipc takes from them. */
#define REGISTERS         7
#define REGISTER_UTCB     5
#define REGISTER_TIMEOUTS 2
#define REGISTER_TAG      4

/* Calls a stub, or the kernel itself, with these registers. */
void call_with(L4_Word_t entry, const L4_Word_t regs[REGISTERS]);
void trap_with(L4_Word_t number, const L4_Word_t regs[REGISTERS]);

#define ENTER_DEBUGGER "int3; jmp 1f; mov $0x50000010, %%eax; 1:"

#endif
