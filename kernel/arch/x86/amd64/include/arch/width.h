/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width of a word decides: X.2's numbers, packed pointers, mnemonics. */
#ifndef ARCH_WIDTH_H
#define ARCH_WIDTH_H

/* Global thread ids: version below, thread number above, of which so many bits count. */
#define VERSION_BITS 32
#define THREAD_BITS  18
#define TABLE_BITS   18 /* of the table of threads */

#define EXC_WORDS    20                /* registers of an exception message            */
#define KIP_MEMDESCS 140               /* memory descriptors that find room in the KIP */
#define PHYS_LAST    ((1UL << 52) - 1) /* the last byte of what sigma0 owns            */

/* What a page fault that was no write asks for. */
#define FAULT_READ  RIGHT_R
#define FAULT_FETCH RIGHT_X

/* MOVS and STOS of a word; FXSAVE and its kin with 64-bit pointers. */
#define INSN_WORD "q"
#define INSN_64   "64"

#endif
