/* SPDX-License-Identifier: BSD-2-Clause */
/* String items and receive buffers (l4-x2 section 5.5): for transfer.c only. */
#ifndef CORE_STRINGS_H
#define CORE_STRINGS_H

#include "core/utcb.h"

/* A contiguous part of a string. */
struct piece {
    word_t address, length;
};

/* The piece that begins with byte `at` of the string in MR `item`, of a message whose last register
 * is `last`.  False: the string ends before (p->address 0), or is malformed (1). */
bool string_message_piece(struct utcb *u, unsigned item, unsigned last, word_t at, struct piece *p);
/* The register behind the string; 0: malformed. */
unsigned string_message_end(struct utcb *u, unsigned item, unsigned last);

/* The same of the receive buffer in BR `buffer`. */
bool string_buffer_piece(struct utcb *u, unsigned buffer, word_t at, struct piece *p);
/* The buffer behind that one; 0: there is none. */
unsigned string_next_buffer(struct utcb *u, unsigned buffer);

#endif
