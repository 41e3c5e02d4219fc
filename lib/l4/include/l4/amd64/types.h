/* SPDX-License-Identifier: BSD-2-Clause */
/* What the width of a word decides. */
#ifndef L4_AMD64_TYPES_H
#define L4_AMD64_TYPES_H

#define L4_WORD_BITS      64
#define L4_VERSION_BITS   32 /* of a global thread id; the thread number lies above */
#define L4_LABEL_BITS     48
#define L4_UTCB_MR0_WORDS 64 /* from the start of a UTCB to MR0, the local id */

/* Where an exception message says which one it is, counted from MR1; MR1 is the ip. */
#define L4_EXCEPTION_NUMBER 18

#endif
