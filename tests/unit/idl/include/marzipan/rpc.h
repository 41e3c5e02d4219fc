/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In place of idl/include/marzipan/rpc.h: messages that go through a plain byte buffer, without
 * any kernel.  Generated code sees no difference.  Words that a message does not have are poisoned
 * for the address sanitizer until its receiver has taken it.
 */
#ifndef MARZIPAN_RPC_H
#define MARZIPAN_RPC_H

#include <marzipan/items.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

#define MZ_INLINE  static inline
#define WIRE_WORDS 64

/* To whom a wire leads. */
struct wire;
typedef struct wire *mz_partner_t;

struct mz_message {
    mz_word_t word[WIRE_WORDS]; /* the tag, then the others */
};

MZ_INLINE struct mz_message mz_message(void)
{
    return (struct mz_message){{0}};
}

MZ_INLINE mz_word_t mz_get(const struct mz_message *m, unsigned i)
{
    return m->word[i];
}

MZ_INLINE void mz_taken(struct mz_message *m)
{
    ASAN_UNPOISON_MEMORY_REGION(m->word, sizeof(m->word));
}

MZ_INLINE void mz_set(struct mz_message *m, unsigned i, mz_word_t w)
{
    mz_taken(m);
    m->word[i] = w;
}

MZ_INLINE mz_word_t mz_tag(const struct mz_message *m)
{
    return m->word[0];
}

MZ_INLINE bool mz_clean(struct mz_message *m)
{
    return false;
}

MZ_INLINE bool mz_is(struct mz_message *m, mz_word_t tag)
{
    return mz_tag(m) == tag;
}

MZ_INLINE void mz_set_tag(struct mz_message *m, mz_word_t tag)
{
    mz_taken(m);
    m->word[0] = tag;
}

MZ_INLINE mz_word_t *mz_home(const struct mz_message *m)
{
    return (mz_word_t *)m->word;
}

MZ_INLINE void mz_home_written(struct mz_message *m)
{
}

MZ_INLINE mz_word_t mz_words(const struct mz_message *m, const mz_word_t *at)
{
    return (mz_word_t)(at - m->word - 1);
}

MZ_INLINE void mz_set_error(struct mz_message *m, enum mz_error error)
{
    mz_set_tag(m, MZ_TAG(error, 0, 0));
}

MZ_INLINE void mz_present(const void *bytes, size_t size)
{
}

/* ---- clients ---- */

/* Lets `to` serve the request in m, and puts the answer there. */
void wire_call(mz_partner_t to, struct mz_message *m, const struct mz_accept *a);
enum mz_error wire_send(mz_partner_t to, struct mz_message *m);
/* The answer of a server that had none at first. */
void wire_reply(mz_partner_t client, const struct mz_message *m);

MZ_INLINE void mz_call(mz_partner_t server, struct mz_message *m)
{
    wire_call(server, m, NULL);
}

MZ_INLINE void mz_call_for_items(mz_partner_t server, struct mz_message *m,
                                 const struct mz_accept *a)
{
    wire_call(server, m, a);
}

MZ_INLINE enum mz_error mz_failure(mz_word_t tag)
{
    mz_word_t error = MZ_TAG_LABEL(tag) & MZ_ERROR_MASK;

    return error && tag == MZ_TAG(error, 0, 0) ? (enum mz_error)error : MZ_ERR_BAD_REPLY;
}

MZ_INLINE enum mz_error mz_send(mz_partner_t to, struct mz_message *m)
{
    return wire_send(to, m);
}

MZ_INLINE enum mz_error mz_send_now(mz_partner_t to, struct mz_message *m)
{
    return wire_send(to, m);
}

MZ_INLINE enum mz_error mz_ask_version(mz_partner_t server, unsigned interface, uint32_t *major,
                                       uint32_t *minor)
{
    struct mz_message m = mz_message();

    mz_set_tag(&m, MZ_TAG(MZ_LABEL(interface, 0, MZ_OPERATION_VERSION), 0, 0));
    mz_call(server, &m);
    if (mz_tag(&m) != MZ_TAG(0, 2, 0))
        return mz_failure(mz_tag(&m));
    *major = (uint32_t)mz_get(&m, 1);
    *minor = (uint32_t)mz_get(&m, 2);
    return MZ_OK;
}

/* ---- servers ---- */

struct mz_request {
    struct mz_message message;
    mz_partner_t from; /* NULL: nothing to be answered */
    const struct mz_accept *accept;
};

MZ_INLINE void mz_no_answer(struct mz_request *q)
{
    q->from = NULL;
}

MZ_INLINE void mz_reply(mz_partner_t client, struct mz_message *m)
{
    wire_reply(client, m);
}

#endif
