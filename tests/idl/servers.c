/* SPDX-License-Identifier: BSD-2-Clause */
/* The servers' loops. */
#include "idltest.h"

#include <marzipan/every_server.h>

#define STRING_BYTES 8192
#define BUFFERS      2

struct l4_regmsg raw_request;
L4_Word_t raw_answer[8];

static mz_word_t strings[BUFFERS][STRING_BYTES / sizeof(mz_word_t)];

/* A wait of few milliseconds, after which it answers whom it has let wait. */
void serve_every(void)
{
    const struct mz_buffer buffers[] = {{strings[0], STRING_BYTES}, {strings[1], STRING_BYTES}};
    const struct mz_accept accept = {L4_FpageLog2(SERVER_WINDOW, 16), BUFFERS, buffers};
    struct mz_request q = mz_request(&accept);

    server_window = accept.window;
    server_waiting.from = L4_nilthread;
    for (;;) {
        bool came = mz_wait_for(&q, L4_TimePeriod(4000));
        struct mz_caller caller = {q.from};

        if (came && !mz_every_dispatch(&q, &caller))
            mz_refuse(&q, MZ_ERR_NO_INTERFACE);
        if (!came && !L4_IsNilThread(server_waiting.from)) {
            mz_every_wait_reply(server_waiting.from, MZ_OK, "at last", 4711);
            server_waiting.from = L4_nilthread;
        }
    }
}

void serve_plain(void)
{
    struct mz_request q = mz_request(NULL);

    for (;;) {
        struct mz_caller caller;

        mz_wait(&q);
        caller.from = q.from;
        if (!mz_plain_dispatch(&q, &caller))
            mz_refuse(&q, MZ_ERR_NO_INTERFACE);
    }
}

/* As a server that has other things to do between receiving and sending. */
void serve_own(void)
{
    struct mz_request q = mz_request(NULL);
    L4_MsgTag_t tag = L4_Niltag;
    L4_ThreadId_t from;

    for (;;) {
        struct mz_caller caller;

        if (L4_IsNilThread(q.from)) {
            tag = L4_Wait(&from);
        } else {
            L4_Set_MsgTag(tag);
            tag = L4_ReplyWait(q.from, &from);
        }
        caller.from = from;
        mz_received_by(&q, from, tag);
        if (!mz_every_dispatch(&q, &caller))
            mz_refuse(&q, MZ_ERR_NO_INTERFACE);
        tag = mz_answer_by(&q);
    }
}

void serve_raw(void)
{
    L4_Word_t partner = L4_nilthread.raw;

    for (;;) {
        struct l4_regmsg m = l4_regmsg_new();

        for (unsigned i = 1; i < 8; i++)
            m.memory[i] = raw_answer[i];
        l4_regmsg_from_memory(&m);
        m.tag = raw_answer[0];
        l4_regmsg_ipc(&m, &partner, L4_anythread.raw, L4_Timeouts(L4_ZeroTime, L4_Never));
        raw_request = m;
    }
}
