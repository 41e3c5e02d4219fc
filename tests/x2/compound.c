/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings of several pieces, and messages of several strings: gather and scatter. */
#include "post.h"

/* A string whose substrings are n pieces of one length, step bytes apart. */
static L4_StringItem_t pieces(L4_Word_t at, L4_Word_t length, unsigned n, L4_Word_t step)
{
    L4_StringItem_t s = L4_StringItem(length, (void *)at);

    for (unsigned i = 1; i < n; i++)
        L4_AddSubstringAddressTo(&s, (void *)(at + i * step));
    return s;
}

CHECK_SPREAD(gather, "5.5", "three substrings into one buffer")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    s = pieces(p.from, 100, 3, 0x200);
    send_item(&p, &s);
    take_string(&p, 0x10, 300);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(L4_TypedWords(p.in->tag), 4);
    EXPECT_EQUAL(p.in->msg.raw[4], p.from + 0x400);
    for (L4_Word_t i = 0; i < 3; i++)
        EXPECT_PASS(expect_copied(&p, 0x10 + i * 100, i * 0x200, 100));
    return expect_clear(&p, 0x10 + 300, 100);
}

CHECK_SPREAD(scatter, "5.6", "one string into three pieces of a buffer")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 7, 300);
    s = pieces(p.to, 100, 3, 0x200);
    take_item(&p, &s);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    for (L4_Word_t i = 0; i < 3; i++) {
        EXPECT_PASS(expect_copied(&p, i * 0x200, 7 + i * 100, 100));
        EXPECT_PASS(expect_clear(&p, i * 0x200 + 100, 100));
    }
    return PASS;
}

/* Pieces of different lengths are items that the bit c makes one string. */
CHECK(chained_send, "5.5", "a string of two items, into one buffer")
{
    struct pair p;
    L4_StringItem_t s, more;

    EXPECT(open_pair(&p, 12));
    s = L4_StringItem(10, (void *)p.from);
    more = L4_StringItem(77, (void *)(p.from + 0x800));
    L4_AddSubstringTo(&s, &more);
    send_item(&p, &s);
    take_string(&p, 0x100, 87);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_EQUAL(L4_TypedWords(p.in->tag), 4);
    EXPECT_PASS(expect_copied(&p, 0x100, 0, 10));
    return expect_copied(&p, 0x10a, 0x800, 77);
}

CHECK(chained_receive, "5.6", "one string into a buffer of two items")
{
    struct pair p;
    L4_StringItem_t s, more;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0x100, 87);
    s = L4_StringItem(80, (void *)p.to);
    more = L4_StringItem(77, (void *)(p.to + 0x800));
    L4_AddSubstringTo(&s, &more);
    take_item(&p, &s);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_copied(&p, 0, 0x100, 80));
    EXPECT_PASS(expect_copied(&p, 0x800, 0x150, 7));
    return expect_clear(&p, 0x807, 77);
}

CHECK(different_shapes, "5.7", "pieces of different lengths on both sides")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    s = pieces(p.from, 70, 3, 70); /* one behind the other: easy to compare */
    send_item(&p, &s);
    s = pieces(p.to, 42, 5, 42);
    take_item(&p, &s);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 210);
}

CHECK(same_piece, "5.5", "one place as several substrings")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    s = pieces(p.from + 9, 20, 4, 0);
    send_item(&p, &s);
    take_string(&p, 0, 80);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    for (L4_Word_t i = 0; i < 4; i++)
        EXPECT_PASS(expect_copied(&p, i * 20, 9, 20));
    return PASS;
}

/* Five bits count the substrings: an item has 32 at most, of which a buffer's registers hold 31. */
CHECK(many_substrings, "5.5", "32 substrings into 31 pieces")
{
    struct pair p;
    L4_Word_t *w;

    EXPECT(open_pair(&p, 13));
    w = &p.out->msg.raw[1];
    p.out->msg.tag = L4_MakeTag(0, 0, 33);
    w[0] = 31ul << 10 | 31ul << 4;
    for (L4_Word_t i = 0; i < 32; i++)
        w[1 + i] = p.from + i * 31;
    p.in->acceptor = L4_StringItemsAcceptor;
    w = p.in->buffers.raw;
    w[0] = 32ul << 10 | 30ul << 4;
    for (L4_Word_t i = 0; i < 31; i++)
        w[1 + i] = p.to + i * 32;
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 31 * 32);
}

CHECK_SPREAD(two_strings, "5.7", "two strings into two buffers")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 50);
    send_string(&p, 0x400, 60);
    take_string(&p, 0x100, 50);
    take_string(&p, 0x300, 60);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_copied(&p, 0x100, 0, 50));
    return expect_copied(&p, 0x300, 0x400, 60);
}

CHECK(next_buffer, "5.7", "the rest of a buffer is left out for the next string")
{
    struct pair p;
    L4_StringItem_t s;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 50);
    send_string(&p, 0x400, 60);
    s = pieces(p.to, 40, 5, 0x80);
    take_item(&p, &s);
    take_string(&p, 0x800, 100);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_copied(&p, 0, 0, 40));
    EXPECT_PASS(expect_copied(&p, 0x80, 40, 10));
    EXPECT_PASS(expect_clear(&p, 0x8a, 0x800 - 0x8a));
    return expect_copied(&p, 0x800, 0x400, 60);
}

/* More than there are registers for cannot be accepted. */
CHECK(sixteen_strings, "5.6", "16 strings into 16 buffers")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    for (L4_Word_t i = 0; i < 16; i++) {
        send_string(&p, i * 100, 60 + i);
        take_string(&p, i * 101, 80);
    }
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    for (L4_Word_t i = 0; i < 16; i++)
        EXPECT_PASS(expect_copied(&p, i * 101, i * 100, 60 + i));
    return PASS;
}

CHECK(fewer_strings, "5.6", "buffers for more strings than come")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 3, 50);
    take_string(&p, 0x100, 50);
    take_string(&p, 0x300, 60);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_copied(&p, 0x100, 3, 50));
    return expect_clear(&p, 0x300, 60);
}

CHECK(empty_pieces, "5.5", "empty substrings, and empty pieces of a buffer")
{
    struct pair p;
    L4_StringItem_t s, nothing;

    EXPECT(open_pair(&p, 12));
    s = L4_StringItem(30, (void *)p.from);
    nothing = L4_StringItem(0, NULL);
    L4_AddSubstringTo(&s, &nothing);
    nothing = L4_StringItem(20, (void *)(p.from + 30));
    L4_AddSubstringTo(&s, &nothing);
    send_item(&p, &s);
    s = pieces(0, 0, 2, 0);
    nothing = L4_StringItem(50, (void *)p.to);
    L4_AddSubstringTo(&s, &nothing);
    take_item(&p, &s);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    return expect_copied(&p, 0, 0, 50);
}

CHECK(empty_takes_buffer, "5.7", "an empty string takes a buffer too")
{
    struct pair p;

    EXPECT(open_pair(&p, 12));
    send_string(&p, 0, 0);
    send_string(&p, 9, 40);
    take_string(&p, 0, 100);
    take_string(&p, 0x200, 100);
    EXPECT(pass_message(&p));
    EXPECT_PASS(expect_sent(&p));
    EXPECT_PASS(expect_clear(&p, 0, 100));
    return expect_copied(&p, 0x200, 9, 40);
}

/* ---- any shape ---- */

#define PLACES 40

struct shape {
    L4_StringItem_t item;
    unsigned count;
    L4_Word_t offset[PLACES], length[PLACES];
};

static L4_Word_t seed;

static L4_Word_t random_below(L4_Word_t n)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 8 & 0xffff) % n;
}

/* Cuts `total` bytes into pieces in memory from `base` on. */
static void make_shape(struct shape *s, L4_Word_t base, L4_Word_t total)
{
    L4_Word_t at = random_below(40), words = 0;

    s->count = 0;
    while (total > 0) {
        bool last = words >= 24;
        L4_Word_t n = last || total < 4 ? 1 : 1 + random_below(4);
        L4_Word_t length = last ? total : 1 + random_below(total / n > 700 ? 700 : total / n);
        L4_StringItem_t item = L4_StringItem(length, (void *)(base + at));

        for (L4_Word_t i = 0; i < n; i++) {
            if (i > 0)
                L4_AddSubstringAddressTo(&item, (void *)(base + at));
            s->offset[s->count] = at;
            s->length[s->count++] = length;
            at += length + random_below(40);
            total -= length;
        }
        if (words == 0)
            s->item = item;
        else
            L4_AddSubstringTo(&s->item, &item);
        words += 1 + n;
    }
}

/* Where byte i of a string is. */
static L4_Word_t place_of(const struct shape *s, L4_Word_t i)
{
    unsigned n = 0;

    while (i >= s->length[n])
        i -= s->length[n++];
    return s->offset[n] + i;
}

static enum result random_shapes(bool (*open)(struct pair *p, unsigned log2), unsigned rounds)
{
    static struct shape out, in;
    struct pair p;

    EXPECT(open(&p, 15));
    for (seed = 1; rounds > 0; rounds--) {
        L4_Word_t total = 1 + random_below(9000);

        memset(p.target, 0, p.size);
        p.out->msg.tag = L4_Niltag;
        L4_MsgBufferClear(&p.in->buffers);
        make_shape(&out, p.from, total);
        make_shape(&in, p.to, total + random_below(50));
        send_item(&p, &out.item);
        take_item(&p, &in.item);
        EXPECT(pass_message(&p));
        EXPECT_PASS(expect_sent(&p));
        for (L4_Word_t i = 0; i < total; i++)
            EXPECT_EQUAL(p.target[place_of(&in, i)], p.source[place_of(&out, i)]);
    }
    return PASS;
}

CHECK_SPREAD(shapes_remote, "5.7", "fifty shapes at random, between spaces")
{
    return random_shapes(open_pair, 50);
}

CHECK(shapes_local, "5.7", "fifty shapes at random, within a space")
{
    return random_shapes(open_pair_here, 50);
}
