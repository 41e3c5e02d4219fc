/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width of a word decides: X.2's numbers, packed pointers, mnemonics. */
#ifndef ARCH_WIDTH_H
#define ARCH_WIDTH_H

/* Global thread ids: version below, thread number above, of which so many bits count. */
#define VERSION_BITS 14
#define THREAD_BITS  17
#define TABLE_BITS   18 /* of the table of threads: all that an id can hold, so nobody need compare */

#define EXC_WORDS    12     /* registers of an exception message                         */
#define KIP_MEMDESCS 128    /* memory descriptors that find room below the KIP's stubs   */
#define PHYS_LAST    (~0UL) /* the last byte of what sigma0 owns                        */

/* What a page fault that was no write asks for: the hardware does not tell. */
#define FAULT_READ  (RIGHT_R | RIGHT_X)
#define FAULT_FETCH (RIGHT_R | RIGHT_X)

/* MOVS and STOS of a word; FXSAVE and its kin. */
#define INSN_WORD "l"
#define INSN_64   ""

#endif
