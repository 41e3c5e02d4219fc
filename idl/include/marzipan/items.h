/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What travels beside a message's words: strings, copied into buffers of the receiver, and pages,
 * mapped into its window.  An item takes two words, as X.2 has them.
 */
#ifndef MARZIPAN_ITEMS_H
#define MARZIPAN_ITEMS_H

#include <l4/items.h>
#include <marzipan/words.h>

struct mz_buffer {
    void *at;
    size_t size;
};

/* What a receiver takes: string number n goes to buffer number n. */
struct mz_accept {
    L4_Fpage_t window;
    unsigned count;
    const struct mz_buffer *buffers;
};

#define MZ_ITEM_KIND 0x3fful /* of an item's first word; 0 for a string in one piece */

static inline mz_word_t mz_string_word(size_t size)
{
    return (mz_word_t)size << 10;
}

static inline mz_word_t mz_map_word(L4_Word_t base)
{
    return (base & ~MZ_ITEM_KIND) | L4_ITEM_MAP << 1;
}

static inline bool mz_is_page(L4_Fpage_t f)
{
    return L4_SizeLog2(f) >= 12 || f.raw >> 4 == L4_CompleteAddressSpace.raw >> 4 ||
           L4_SizeLog2(f) == 2; /* IO ports */
}

static inline struct mz_fpage mz_received_map(mz_word_t first, mz_word_t second,
                                              enum mz_error *error)
{
    struct mz_fpage p = {{.raw = second}, first & ~MZ_ITEM_KIND};

    if ((first & MZ_ITEM_KIND) != L4_ITEM_MAP << 1)
        *error = MZ_ERR_BAD_MESSAGE;
    else if (!mz_is_page(p.page) && !*error)
        *error = MZ_ERR_BAD_VALUE;
    return p;
}

/* Where a page is that was received into a window. */
static inline L4_Fpage_t mz_landed(L4_Fpage_t window, struct mz_fpage p)
{
    L4_Word_t size = L4_Size(p.page), rights = L4_Rights(p.page);

    if (L4_SizeLog2(p.page) >= L4_SizeLog2(window) && L4_SizeLog2(window) > 1)
        return L4_FpageAddRights(window, rights);
    if (L4_SizeLog2(window) > 1)
        p.base &= L4_Size(window) - 1;
    else
        window = L4_Nilpage; /* all of the space: it begins at 0 */
    return L4_FpageAddRights(
        L4_FpageLog2(L4_Address(window) + (p.base & ~(size - 1)), (int)L4_SizeLog2(p.page)),
        rights);
}

/* String number n, whose item begins with `first`: where its bytes are, and how many. */
static inline const void *mz_received(const struct mz_accept *a, unsigned n, mz_word_t first,
                                      size_t *size, enum mz_error *error)
{
    *size = first >> 10;
    if ((first & MZ_ITEM_KIND) == 0 && a && n < a->count && *size <= a->buffers[n].size)
        return a->buffers[n].at;
    *error = MZ_ERR_BAD_MESSAGE;
    *size = 0;
    return NULL;
}

/* A text travels with its NUL, which ends it and is nowhere else in it. */
static inline const char *mz_received_text(const struct mz_accept *a, unsigned n, mz_word_t first,
                                           size_t most, enum mz_error *error)
{
    size_t size;
    const char *text = mz_received(a, n, first, &size, error);

    if (!text)
        return "";
    if (size > 0 && size <= most + 1 && memchr(text, 0, size) == text + size - 1)
        return text;
    if (!*error)
        *error = MZ_ERR_BAD_VALUE;
    return "";
}

static inline const void *mz_received_array(const struct mz_accept *a, unsigned n, mz_word_t first,
                                            size_t element, size_t most, uint32_t *count,
                                            enum mz_error *error)
{
    size_t size;
    const void *array = mz_received(a, n, first, &size, error);

    *count = (uint32_t)(size / element);
    if (size % element)
        *error = MZ_ERR_BAD_MESSAGE;
    else if (*count > most && !*error)
        *error = MZ_ERR_BAD_VALUE;
    if (*error)
        *count = 0;
    return array;
}

#endif
