/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Carries the messages of generated stubs and dispatchers over L4's Ipc.  Another file of this
 * name, earlier in the include path, could carry them over something else: it has to have what
 * stands here (tests/unit/idl does so).
 *
 * The acceptor (BR0) is zero whenever no strings or pages are wanted.  Who wants some sets it for
 * one receive phase: else a partner could put pages into a window that somebody had left open.
 */
#ifndef MARZIPAN_RPC_H
#define MARZIPAN_RPC_H

#include <l4/acceptor.h>
#include <l4/ipc.h>
#include <l4/regmsg.h>
#include <marzipan/items.h>

#define MZ_INLINE static inline __attribute__((always_inline))

/* Whom a client calls, and whom a server answers. */
typedef L4_ThreadId_t mz_partner_t;

/* ---- a message's words ---- */

struct mz_message {
    struct l4_regmsg l4;
};

MZ_INLINE struct mz_message mz_message(void)
{
    return (struct mz_message){l4_regmsg_new()};
}

/* Word i, counted from 1, a constant: of what was received, of what will be sent. */
MZ_INLINE mz_word_t mz_get(const struct mz_message *m, unsigned i)
{
    return l4_regmsg_word(&m->l4, i);
}

MZ_INLINE void mz_set(struct mz_message *m, unsigned i, mz_word_t w)
{
    l4_regmsg_set(&m->l4, i, w);
}

MZ_INLINE mz_word_t mz_tag(const struct mz_message *m)
{
    return m->l4.tag;
}

/* Takes the flags away that say how a message came, but for failure; false: there was none.  Who
 * knows which tag is likely looks at this first: there are no flags in most tags. */
MZ_INLINE bool mz_clean(struct mz_message *m)
{
    if (!(m->l4.tag & L4_REGMSG_FLAGS))
        return false;
    m->l4.tag &= ~L4_REGMSG_FLAGS;
    return true;
}

MZ_INLINE bool mz_is(struct mz_message *m, mz_word_t tag)
{
    if (MZ_UNLIKELY(mz_tag(m) != tag))
        return mz_clean(m) && mz_tag(m) == tag;
    return true;
}

MZ_INLINE void mz_set_tag(struct mz_message *m, mz_word_t tag)
{
    m->l4.tag = tag;
}

/* All words as an array, to read them, or to write them until mz_home_written(): word i is [i]. */
MZ_INLINE mz_word_t *mz_home(const struct mz_message *m)
{
    return l4_regmsg_to_memory(&m->l4);
}

MZ_INLINE void mz_home_written(struct mz_message *m)
{
    l4_regmsg_from_memory(&m->l4);
}

/* How many words there are before `at`. */
MZ_INLINE mz_word_t mz_words(const struct mz_message *m, const mz_word_t *at)
{
    return (mz_word_t)(at - m->l4.memory - 1);
}

/* The request's words are in variables: what they were need not be kept. */
MZ_INLINE void mz_taken(struct mz_message *m)
{
    l4_regmsg_taken(&m->l4);
}

MZ_INLINE void mz_set_error(struct mz_message *m, enum mz_error error)
{
    mz_taken(m);
    mz_set_tag(m, MZ_TAG(error, 0, 0));
}

/* ---- strings and pages ---- */

/* What will be copied is paged in: a server need not wait for its client's pager. */
static inline void mz_present(const void *bytes, size_t size)
{
    const volatile uint8_t *p = bytes;

    for (size_t i = 0; i < size; i = (((L4_Word_t)p + i) | 0xfff) + 1 - (L4_Word_t)p)
        (void)p[i];
}

static inline void mz_accept(const struct mz_accept *a)
{
    L4_Word_t acceptor = L4_MapGrantItems(a->window).raw;

    for (unsigned n = 0; n < a->count; n++) {
        size_t size = a->buffers[n].size < MZ_STRING_MAX ? a->buffers[n].size : MZ_STRING_MAX;
        L4_LoadBR((int)(1 + 2 * n), mz_string_word(size) | (n + 1 < a->count));
        L4_LoadBR((int)(2 + 2 * n), (L4_Word_t)a->buffers[n].at);
    }
    L4_Accept((L4_Acceptor_t){.raw = acceptor | (a->count ? L4_StringItemsAcceptor.raw : 0)});
}

/* ---- clients ---- */

MZ_INLINE void mz_call(mz_partner_t server, struct mz_message *m)
{
    L4_Word_t to = server.raw;

    l4_regmsg_ipc(&m->l4, &to, server.raw, L4_Timeouts(L4_Never, L4_Never));
}

MZ_INLINE void mz_call_for_items(mz_partner_t server, struct mz_message *m,
                                 const struct mz_accept *a)
{
    for (unsigned n = 0; n < a->count; n++) {
        volatile uint8_t *p = a->buffers[n].at;
        for (size_t i = 0; i < a->buffers[n].size;
             i = (((L4_Word_t)p + i) | 0xfff) + 1 - (L4_Word_t)p)
            p[i] = 0; /* present, and writable */
    }
    mz_accept(a);
    mz_call(server, m);
    L4_Accept(L4_UntypedWordsAcceptor);
}

static __attribute__((cold, noinline, unused)) enum mz_error mz_explain(mz_word_t tag)
{
    mz_word_t error = MZ_TAG_LABEL(tag) & MZ_ERROR_MASK;

    if (!(tag & L4_TAG_ERROR))
        return error && tag == MZ_TAG(error, 0, 0) ? (enum mz_error)error : MZ_ERR_BAD_REPLY;
    switch (L4_IPC_ERROR(L4_ErrorCode())) {
    case L4_IPC_TIMEOUT:
        return MZ_ERR_BUSY;
    case L4_IPC_NO_PARTNER:
        return MZ_ERR_NO_SERVER;
    case L4_IPC_CANCELLED:
        return MZ_ERR_CANCELLED;
    case L4_IPC_OVERFLOW:
        return MZ_ERR_TOO_LONG;
    }
    return MZ_ERR_TRANSFER;
}

/* Why there are no results. */
MZ_INLINE enum mz_error mz_failure(mz_word_t tag)
{
    enum mz_error error = mz_explain(tag);

    if (error == MZ_OK) /* so that the compiler knows that results without an error are set */
        __builtin_unreachable();
    return error;
}

MZ_INLINE enum mz_error mz_send_for(mz_partner_t to, struct mz_message *m, L4_Time_t time)
{
    l4_regmsg_ipc(&m->l4, &to.raw, L4_nilthread.raw, L4_Timeouts(time, L4_ZeroTime));
    return m->l4.tag & L4_TAG_ERROR ? mz_failure(m->l4.tag) : MZ_OK;
}

MZ_INLINE enum mz_error mz_send(mz_partner_t to, struct mz_message *m)
{
    return mz_send_for(to, m, L4_Never);
}

/* Only if the receiver waits. */
MZ_INLINE enum mz_error mz_send_now(mz_partner_t to, struct mz_message *m)
{
    return mz_send_for(to, m, L4_ZeroTime);
}

static inline enum mz_error mz_ask_version(mz_partner_t server, unsigned interface, uint32_t *major,
                                           uint32_t *minor)
{
    struct mz_message m = mz_message();

    mz_set_tag(&m, MZ_TAG(MZ_LABEL(interface, 0, MZ_OPERATION_VERSION), 0, 0));
    mz_call(server, &m);
    if (!mz_is(&m, MZ_TAG(0, 2, 0)))
        return mz_failure(mz_tag(&m));
    *major = (uint32_t)mz_get(&m, 1);
    *minor = (uint32_t)mz_get(&m, 2);
    return MZ_OK;
}

/* ---- servers ---- */

/* A request while it is served; then the answer, until mz_wait() sends it. */
struct mz_request {
    struct mz_message message;
    mz_partner_t from;              /* nilthread: there is nothing to be answered   */
    const struct mz_accept *accept; /* NULL: a server that takes words only         */
};

MZ_INLINE struct mz_request mz_request(const struct mz_accept *accept)
{
    return (struct mz_request){mz_message(), L4_nilthread, accept};
}

MZ_INLINE void mz_no_answer(struct mz_request *q)
{
    q->from = L4_nilthread;
    mz_set_error(&q->message, MZ_OK);
}

MZ_INLINE void mz_wait_in(struct mz_request *q, L4_Time_t time)
{
    if (q->accept)
        mz_accept(q->accept);
    l4_regmsg_ipc(&q->message.l4, &q->from.raw, L4_anythread.raw, L4_Timeouts(L4_ZeroTime, time));
    if (q->accept)
        L4_Accept(L4_UntypedWordsAcceptor);
}

/* For servers whose loop receives by itself: the message that came lies in the message registers. */
MZ_INLINE void mz_received_by(struct mz_request *q, mz_partner_t from, L4_MsgTag_t tag)
{
    q->from = from;
    q->message.l4.memory = l4_regmsg_memory();
    mz_set_tag(&q->message, tag.raw);
    mz_home_written(&q->message);
}

/* The same for sending: the answer's words are in the message registers now, this is its tag.  There
 * is none if q->from is nilthread. */
MZ_INLINE L4_MsgTag_t mz_answer_by(const struct mz_request *q)
{
    mz_home(&q->message);
    return (L4_MsgTag_t){.raw = mz_tag(&q->message)};
}

/* Sends the answer that there is, if its receiver waits for it, then waits for a message.  If none
 * came, since a transfer failed, no dispatcher knows it, and mz_refuse() answers nobody. */
MZ_INLINE void mz_wait(struct mz_request *q)
{
    mz_wait_in(q, L4_Never);
}

/* The same for a while; false: none came. */
MZ_INLINE bool mz_wait_for(struct mz_request *q, L4_Time_t time)
{
    mz_wait_in(q, time);
    if (!(mz_tag(&q->message) & MZ_TAG_FAILED))
        return true;
    mz_no_answer(q);
    return false;
}

MZ_INLINE void mz_reply(mz_partner_t client, struct mz_message *m)
{
    mz_send_now(client, m);
}

#endif
