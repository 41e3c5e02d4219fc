/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that fail on their way, partners that do what they should not. */
#include "idltest.h"

static char text[8192];

CHECK(no_server, "failure", "no such server")
{
    L4_ThreadId_t server = spawn_remote(serve_plain);
    uint32_t sum;

    kill(server);
    EXPECT_EQUAL(mz_plain_add(server, 1, 2, &sum), MZ_ERR_NO_SERVER);
    EXPECT_EQUAL(mz_plain_ping(new_id()), MZ_ERR_NO_SERVER);
    EXPECT_EQUAL(mz_every_nudge(server), MZ_ERR_NO_SERVER);
    return PASS;
}

CHECK_SPREAD(no_strings, "failure", "a string to a server that takes none, which stays as it is")
{
    L4_ThreadId_t server = spawn_remote(serve_plain);
    uint32_t n;

    EXPECT_EQUAL(mz_every_length(server, "text", &n), MZ_ERR_TOO_LONG);
    EXPECT_EQUAL(mz_plain_add(server, 1, 2, &n), MZ_OK);
    EXPECT_EQUAL(n, 3);
    return PASS;
}

CHECK(no_window, "failure", "a page to a server that takes none")
{
    L4_ThreadId_t server = spawn_remote(serve_plain);
    L4_Word_t memory = get_memory(12);
    uint32_t n;

    EXPECT(memory);
    EXPECT_EQUAL(mz_every_give(server, (struct mz_fpage){page(memory, 12, 7), 0}, 1, &n),
                 MZ_ERR_TOO_LONG);
    EXPECT_EQUAL(mz_plain_ping(server), MZ_OK);
    return PASS;
}

CHECK_SPREAD(too_long, "failure", "strings that are longer than there is room for")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    uint32_t n;

    memset(text, 'a', 8191);
    text[8191] = '\0';
    EXPECT_EQUAL(mz_every_length(server, text, &n), MZ_OK); /* the server's buffer is full */
    EXPECT_EQUAL(n, 8191);
    EXPECT_EQUAL(mz_every_shout(server, "eight...", text, 8), MZ_ERR_TOO_LONG);
    EXPECT_EQUAL(mz_every_shout(server, "seven..", text, 8), MZ_OK);
    EXPECT(strcmp(text, "SEVEN..") == 0);
    EXPECT_EQUAL(L4_Accepted().raw, 0);
    return PASS;
}

CHECK(busy, "failure", "a message without an answer to one who does not listen")
{
    L4_ThreadId_t server = spawn_remote(serve_plain), sleeper = spawn(finish);

    settle(); /* it waits for us to hear of its end */
    EXPECT_EQUAL(mz_every_nudge_try(sleeper), MZ_ERR_BUSY);
    EXPECT(L4_IpcSucceeded(hear(sleeper)));
    EXPECT_EQUAL(mz_every_nudge_try(server), MZ_OK);
    return PASS;
}

static volatile enum mz_error caller_error;

static void call_raw(void)
{
    caller_error = mz_plain_ping((L4_ThreadId_t){.raw = shared[0]});
}

CHECK(cancelled, "failure", "a call that is cancelled")
{
    L4_ThreadId_t deaf = spawn(accept_page), client;

    shared[0] = deaf.raw;
    caller_error = MZ_OK;
    settle();
    EXPECT_EQUAL(mz_every_nudge_try(deaf), MZ_OK); /* it is an agent now, and ignores calls */
    client = spawn(call_raw);
    settle();
    L4_AbortIpc_and_stop(client);
    EXPECT_EQUAL(caller_error, MZ_OK);
    L4_Start(client);
    EXPECT(L4_IpcSucceeded(hear(client)));
    EXPECT_EQUAL(caller_error, MZ_ERR_CANCELLED);
    return PASS;
}

/* The raw server's answer in words; what a client makes of it. */
static enum mz_error answered(L4_ThreadId_t server, L4_Word_t tag, L4_Word_t first)
{
    uint32_t sum;

    raw_answer[0] = tag;
    raw_answer[1] = first;
    mz_plain_ping(server); /* gets the answer before */
    return mz_plain_add(server, 1, 2, &sum);
}

CHECK(bad_replies, "failure", "answers that are none")
{
    L4_ThreadId_t server = spawn_remote(serve_raw);

    EXPECT_EQUAL(answered(server, MZ_TAG(0, 1, 0), 3), MZ_OK);
    EXPECT_EQUAL(answered(server, MZ_TAG(0, 2, 0), 3), MZ_ERR_BAD_REPLY);
    EXPECT_EQUAL(answered(server, MZ_TAG(0, 0, 0), 3), MZ_ERR_BAD_REPLY);
    EXPECT_EQUAL(answered(server, MZ_TAG(6, 1, 0), 3), MZ_ERR_BAD_REPLY);
    EXPECT_EQUAL(answered(server, MZ_TAG(6, 0, 0), 3), MZ_ERR_DENIED);
    EXPECT_EQUAL(answered(server, MZ_TAG(0x7fff, 0, 0), 3), MZ_ERR_BAD_REPLY);
    return PASS;
}

CHECK(uninvited, "failure", "a page that a client did not ask for")
{
    L4_ThreadId_t server = spawn_remote(serve_raw);

    raw_answer[2] = page(0x01000000, 12, L4_FullyAccessible).raw;
    EXPECT_EQUAL(answered(server, MZ_TAG(0, 0, 2), mz_map_word(0)), MZ_ERR_TOO_LONG);
    raw_answer[2] = 0;
    return PASS;
}

CHECK(silence, "failure", "a request has zeros behind its words, an answer nothing of the server's")
{
    L4_ThreadId_t raw = spawn_remote(serve_raw), server = spawn_remote(serve_plain);
    struct l4_regmsg m = l4_regmsg_new();
    L4_Word_t to = server.raw;

    EXPECT_EQUAL(answered(raw, MZ_TAG(0, 1, 0), 3), MZ_OK);
    EXPECT_EQUAL(raw_request.tag & ~L4_TAG_XCPU, MZ_TAG(MZ_LABEL_PLAIN_ADD, 2, 0));
    for (unsigned i = 3; i <= L4_REGMSG_WORDS; i++)
        EXPECT_EQUAL(raw_request.mr[i], 0);
    for (unsigned i = 1; i < 8; i++)
        m.memory[i] = 0x1000 + i;
    l4_regmsg_from_memory(&m);
    m.tag = MZ_TAG(MZ_LABEL_PLAIN_ADD, 2, 0);
    l4_regmsg_ipc(&m, &to, server.raw, L4_Timeouts(L4_Never, L4_Never));
    EXPECT_EQUAL(m.tag & ~L4_TAG_XCPU, MZ_TAG(0, 1, 0));
    EXPECT_EQUAL(m.mr[1], 0x2003);
    for (unsigned i = 2; i <= L4_REGMSG_WORDS; i++)
        EXPECT(m.mr[i] == 0 || m.mr[i] == 0x1000 + i);
    return PASS;
}

CHECK(malformed, "failure", "requests that are none")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    L4_MsgTag_t tag;

    server_calls = 0;
    for (L4_Word_t words = 0; words <= 63; words++)
        if (words != 2) {
            L4_Set_MsgTag(L4_MakeTag(MZ_LABEL_PLAIN_ADD, words, 0));
            tag = L4_Call(server);
            EXPECT_EQUAL(plain(tag), L4_MakeTag(MZ_ERR_BAD_MESSAGE, 0, 0).raw);
        }
    L4_Set_MsgTag(L4_MakeTag(MZ_LABEL(62, 1, 40), 0, 0));
    EXPECT_EQUAL(L4_Label(L4_Call(server)), MZ_ERR_NO_OPERATION);
    L4_Set_MsgTag(L4_MakeTag(MZ_LABEL(62, 2, 0), 0, 0));
    EXPECT_EQUAL(L4_Label(L4_Call(server)), MZ_ERR_VERSION);
    L4_Set_MsgTag(L4_MakeTag(MZ_LABEL(63, 0, 0), 0, 0));
    EXPECT_EQUAL(L4_Label(L4_Call(server)), MZ_ERR_NO_INTERFACE);
    EXPECT_EQUAL(server_calls, 0);
    return PASS;
}
