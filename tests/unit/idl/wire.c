/* SPDX-License-Identifier: BSD-2-Clause */
/* What a kernel would do with messages: words as they are, strings from piece to piece. */
#include "wire.h"

#include <assert.h>
#include <marzipan/every_server.h>
#include <stdlib.h>

#define WINDOW (0x40000000ul | 22 << 4)

static bool is_string(mz_word_t first)
{
    return (L4_ITEM_TYPE(first) & L4_ITEM_STRING_BIT) == 0;
}

/* Words that are not there are not read, either. */
static void poison_rest(struct mz_message *m)
{
    mz_word_t end = 1 + MZ_TAG_WORDS(m->word[0]) + MZ_TAG_TYPED(m->word[0]);

    ASAN_POISON_MEMORY_REGION(m->word + end, (WIRE_WORDS - end) * sizeof(mz_word_t));
}

/* The message as bytes: words, then the strings' contents. */
static void put(struct wire *w, const struct mz_message *m)
{
    mz_word_t end = 1 + MZ_TAG_WORDS(m->word[0]) + MZ_TAG_TYPED(m->word[0]);

    assert(end <= WIRE_WORDS);
    w->length = end * sizeof(mz_word_t);
    memcpy(w->bytes, m->word, w->length);
    for (mz_word_t i = 1 + MZ_TAG_WORDS(m->word[0]); i < end; i += 2)
        if (is_string(m->word[i])) {
            size_t size = m->word[i] >> 10;
            assert(w->length + size <= sizeof(w->bytes));
            if (size)
                memcpy(w->bytes + w->length, (void *)m->word[i + 1], size);
            w->length += size;
        }
}

/* Takes them again; false: the receiver has not accepted what came. */
static bool get(struct wire *w, struct mz_message *m, const struct mz_accept *a)
{
    mz_word_t tag, end;
    unsigned strings = 0;
    size_t at;

    memcpy(&tag, w->bytes, sizeof(tag));
    end = 1 + MZ_TAG_WORDS(tag) + MZ_TAG_TYPED(tag);
    at = end * sizeof(mz_word_t);
    mz_taken(m);
    memset(m->word, 0xa5, sizeof(m->word));
    memcpy(m->word, w->bytes, at);
    for (mz_word_t i = 1 + MZ_TAG_WORDS(tag); i < end; i += 2) {
        size_t size = m->word[i] >> 10;
        if (!is_string(m->word[i])) {
            if (!a || !a->window.raw)
                return false;
            continue;
        }
        if (!a || strings == a->count || size > a->buffers[strings].size)
            return false;
        if (size)
            memcpy(a->buffers[strings].at, w->bytes + at, size);
        strings++;
        at += size;
    }
    return true;
}

mz_word_t wire_serve(struct wire *to, const struct mz_message *m)
{
    struct mz_request q = {.message = *m, .from = to, .accept = &to->accept};
    struct mz_caller caller = {to};

    poison_rest(&q.message);
    if (!to->dispatch(&q, &caller))
        mz_refuse(&q, MZ_ERR_NO_INTERFACE);
    mz_taken(&q.message);
    to->answered = q.from != NULL;
    if (!to->answered)
        return ~(mz_word_t)0;
    if (to->tampered)
        to->tamper(&q.message);
    to->tampered = false;
    to->answers++;
    put(to, &q.message);
    return mz_tag(&q.message);
}

bool wire_every(struct mz_request *q, struct mz_caller *caller)
{
    return mz_every_dispatch(q, caller);
}

bool wire_plain(struct mz_request *q, struct mz_caller *caller)
{
    return mz_plain_dispatch(q, caller);
}

void wire_call(mz_partner_t to, struct mz_message *m, const struct mz_accept *a)
{
    struct mz_message request;

    put(to, m);
    if (!get(to, &request, &to->accept))
        return mz_set_error(m, MZ_ERR_TOO_LONG);
    wire_serve(to, &request);
    if (!to->answered && to->later)
        to->later(to);
    if (!to->answered)
        return mz_set_error(m, MZ_ERR_CANCELLED);
    if (!get(to, m, a))
        mz_set_error(m, MZ_ERR_TOO_LONG);
}

enum mz_error wire_send(mz_partner_t to, struct mz_message *m)
{
    struct mz_message request;

    put(to, m);
    if (!get(to, &request, &to->accept))
        return MZ_ERR_TOO_LONG;
    wire_serve(to, &request);
    return MZ_OK;
}

void wire_reply(mz_partner_t client, const struct mz_message *m)
{
    put(client, m);
    client->answered = true;
    client->answers++;
}

void wire_open(struct wire *w, bool (*dispatch)(struct mz_request *, struct mz_caller *))
{
    static mz_word_t space[WIRE_STRINGS][WIRE_STRING_SIZE / sizeof(mz_word_t)];
    static struct mz_buffer buffers[WIRE_STRINGS];

    for (unsigned i = 0; i < WIRE_STRINGS; i++)
        buffers[i] = (struct mz_buffer){space[i], WIRE_STRING_SIZE};
    *w = (struct wire){.dispatch = dispatch, .accept = {{.raw = WINDOW}, WIRE_STRINGS, buffers}};
}
