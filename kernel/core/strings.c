/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A string is a chain of items, each with one length and some addresses; all their
 * substrings together are one row of bytes.  Items look the same in message
 * registers and in buffer registers.  Users may change them at any time: each
 * function reads a word once.
 */
#include "strings.h"

#define ITEM_C             1u /* another receive buffer follows */
#define ITEM_IS_STRING(w)  (((w)&8) == 0)
#define ITEM_SUBSTRINGS(w) ((unsigned)((w) >> 4 & 0x1f) + 1)
#define ITEM_CONTINUES(w)  ((w) >> 9 & 1)
#define ITEM_LENGTH(w)     ((w) >> 10)

#define BR_LAST (BR_COUNT - 1)

/* Register n of either kind. */
typedef word_t reader_t(struct utcb *u, unsigned n);

static word_t read_mr(struct utcb *u, unsigned n)
{
    return *(volatile word_t *)&u->mr[n];
}

static word_t read_br(struct utcb *u, unsigned n)
{
    return *(volatile word_t *)&u->br_reversed[BR_COUNT - 1 - n];
}

/* Walk the chain of items from register n to the byte `at`; where it ends is in *end. */
static bool find_piece(reader_t *read, struct utcb *u, unsigned n, unsigned last, word_t at,
                       struct piece *p, unsigned *end)
{
    bool more = true;

    *p = (struct piece){1, 0};
    while (more) {
        word_t first = n <= last ? read(u, n) : 8, length = ITEM_LENGTH(first);
        unsigned count = ITEM_SUBSTRINGS(first);

        if (!ITEM_IS_STRING(first) || n + count > last)
            return false;
        for (unsigned i = 0; i < count; i++) {
            if (at < length) {
                *p = (struct piece){read(u, n + 1 + i) + at, length - at};
                return true;
            }
            at -= length;
        }
        more = ITEM_CONTINUES(first);
        n += 1 + count;
    }
    p->address = 0;
    *end = n;
    return false;
}

bool string_message_piece(struct utcb *u, unsigned item, unsigned last, word_t at, struct piece *p)
{
    unsigned end;

    return find_piece(read_mr, u, item, last, at, p, &end);
}

unsigned string_message_end(struct utcb *u, unsigned item, unsigned last)
{
    struct piece p;
    unsigned end = 0;

    find_piece(read_mr, u, item, last, ~(word_t)0, &p, &end);
    return end;
}

bool string_buffer_piece(struct utcb *u, unsigned buffer, word_t at, struct piece *p)
{
    unsigned end;

    return find_piece(read_br, u, buffer, BR_LAST, at, p, &end);
}

unsigned string_next_buffer(struct utcb *u, unsigned buffer)
{
    bool another = read_br(u, buffer) & ITEM_C;
    struct piece p;
    unsigned end = 0;

    find_piece(read_br, u, buffer, BR_LAST, ~(word_t)0, &p, &end);
    return another && end <= BR_LAST ? end : 0;
}
