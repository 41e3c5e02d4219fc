/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How values stand in the words of a message, whatever carries it: docs/idl.md has the table.
 * Generated code writes and reads with these; nothing in here sends or receives.
 */
#ifndef MARZIPAN_WORDS_H
#define MARZIPAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <l4/types.h>
#include <marzipan/errors.h>

typedef unsigned long mz_word_t;

#define MZ_LONG       (64 / L4_WORD_BITS)     /* words of a value of 64 bits */
#define MZ_STRING_MAX ((size_t)(1 << 22) - 1) /* bytes of a string item      */
#define MZ_TEXT_MAX   (MZ_STRING_MAX - 1)     /* its NUL is one of them      */

#define MZ_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* ---- labels and tags ---- */

#define MZ_INTERFACE_SHIFT 9
#define MZ_MAJOR_SHIFT     6
#define MZ_MAJOR_MASK      7u
#define MZ_OPERATION_MASK  0x3fu
#define MZ_LABEL(interface, major, operation)                                                      \
    ((mz_word_t)(interface) << MZ_INTERFACE_SHIFT | (mz_word_t)(major) << MZ_MAJOR_SHIFT |         \
     (operation))
#define MZ_ERROR_MASK        0xfffu /* an interface and its error */
#define MZ_OPERATION_VERSION 63u    /* of each interface: () -> (major, minor) */

#define MZ_TAG(label, words, typed) ((mz_word_t)(label) << 16 | (typed) << 6 | (words))
#define MZ_TAG_FAILED               0x8000ul /* nothing was received */
#define MZ_TAG_LABEL(tag)           ((tag) >> 16)
#define MZ_TAG_TYPED(tag)           ((tag) >> 6 & 0x3f)
#define MZ_TAG_WORDS(tag)           ((tag)&0x3f)

/* A tag without its number of words. */
static inline mz_word_t mz_shape(mz_word_t tag)
{
    return tag & ~(mz_word_t)0x3f;
}

/* ---- values ---- */

/* A value of 64 bits out of its first and last word, which are the same where words have 64. */
static inline uint64_t mz_wide(mz_word_t first, mz_word_t last)
{
    return MZ_LONG == 1 ? first : first | (uint64_t)last << 32;
}

static inline mz_word_t mz_high(uint64_t value)
{
    return (mz_word_t)(MZ_LONG == 1 ? value : value >> 32);
}

/* One thread, and no local id, which means something in its own space only. */
static inline bool mz_is_global(mz_word_t id)
{
    return (id & 0x3f) && id != ~(mz_word_t)0;
}

/* A page, with the rights that it is sent with, and the offset by which the receiver's window is
 * larger, or that part of the page which a smaller window shall get. */
struct mz_fpage {
    L4_Fpage_t page;
    L4_Word_t base;
};

/* ---- writing words one after the other ---- */

static inline mz_word_t *mz_put64(mz_word_t *at, uint64_t value)
{
    *at++ = (mz_word_t)value;
    if (MZ_LONG == 2)
        *at++ = mz_high(value);
    return at;
}

/* Their number, then the bytes themselves, the last word filled up with zeros. */
static inline mz_word_t *mz_put_bytes(mz_word_t *at, const void *bytes, size_t n)
{
    size_t words = (n + sizeof(*at) - 1) / sizeof(*at);

    *at++ = n;
    if (words) {
        at[words - 1] = 0;
        memcpy(at, bytes, n);
    }
    return at + words;
}

/* ---- reading them ---- */

/* The first fault stays; from then on nothing is read. */
struct mz_reader {
    const mz_word_t *at, *end;
    mz_word_t word; /* the last that was read */
    enum mz_error error;
};

static inline struct mz_reader mz_reader(const mz_word_t *home, mz_word_t tag)
{
    return (struct mz_reader){home + 1, home + 1 + MZ_TAG_WORDS(tag), 0, MZ_OK};
}

static inline void mz_check(struct mz_reader *r, bool wrong)
{
    if (wrong && !r->error)
        r->error = MZ_ERR_BAD_VALUE;
}

static inline mz_word_t mz_read(struct mz_reader *r)
{
    r->word = 0;
    if (r->at == r->end && !r->error)
        r->error = MZ_ERR_BAD_MESSAGE;
    if (!r->error)
        r->word = *r->at++;
    return r->word;
}

static inline uint64_t mz_read64(struct mz_reader *r)
{
    mz_word_t first = mz_read(r);

    return MZ_LONG == 1 ? first : mz_wide(first, mz_read(r));
}

/* A number of elements; 0 if there may not be so many. */
static inline uint32_t mz_read_count(struct mz_reader *r, uint32_t most)
{
    mz_word_t n = mz_read(r);

    mz_check(r, n > most);
    return r->error ? 0 : (uint32_t)n;
}

static inline uint32_t mz_read_bytes(struct mz_reader *r, void *to, uint32_t most)
{
    uint32_t n = mz_read_count(r, most);
    uint32_t words = (n + sizeof(mz_word_t) - 1) / sizeof(mz_word_t);

    if (words > (size_t)(r->end - r->at)) {
        r->error = MZ_ERR_BAD_MESSAGE;
        return 0;
    }
    memcpy(to, r->at, n);
    r->at += words;
    return n;
}

/* The same for text: `to` has room for a NUL behind it. */
static inline void mz_read_text(struct mz_reader *r, char *to, uint32_t most)
{
    uint32_t n = mz_read_bytes(r, to, most);

    to[n] = '\0';
    mz_check(r, memchr(to, 0, n));
}

/* That was all. */
static inline void mz_read_end(struct mz_reader *r)
{
    if (r->at != r->end && !r->error)
        r->error = MZ_ERR_BAD_MESSAGE;
}

#endif
