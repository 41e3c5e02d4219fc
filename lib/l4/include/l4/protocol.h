/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Labels of the messages that the kernel sends, and of requests to sigma0.  A
 * protocol's number is the label's upper part; the low four bits are its own.
 */
#ifndef L4_PROTOCOL_H
#define L4_PROTOCOL_H

#include <l4/types.h>

#define L4_LABEL_MASK        (~0ul >> (L4_WORD_BITS - L4_LABEL_BITS))
#define L4_PROTOCOL_LABEL(n) (((L4_Word_t)(L4_SignedWord_t)(n) << 4) & L4_LABEL_MASK)
/* The protocol's label without its low bits: compare with the labels below. */
#define L4_LABEL_PROTOCOL(label) ((label) & ~0xful)

#define L4_LABEL_INTERRUPT      L4_PROTOCOL_LABEL(-1)
#define L4_LABEL_PAGEFAULT      L4_PROTOCOL_LABEL(-2) /* low bits: the access, rwx */
#define L4_LABEL_PREEMPTION     L4_PROTOCOL_LABEL(-3)
#define L4_LABEL_EXCEPTION      L4_PROTOCOL_LABEL(-4)
#define L4_LABEL_ARCH_EXCEPTION L4_PROTOCOL_LABEL(-5)
#define L4_LABEL_SIGMA0         L4_PROTOCOL_LABEL(-6)
#define L4_LABEL_IO_FAULT       L4_PROTOCOL_LABEL(-8)
#define L4_LABEL_SIGMA0_DEBUG   L4_PROTOCOL_LABEL(-1001)

#endif
