/* SPDX-License-Identifier: BSD-2-Clause */
/* Ipc and Lipc with random partners, contents, windows and timeouts. */
#include "fuzz.h"

#define PATIENCE L4_TimePeriod(20000)

/* What a message asks of sigma0, or what looks like a fault to it, must not get there: it would
 * give away real devices. */
static L4_Word_t random_label(struct random *r)
{
    L4_Word_t label =
        one_in(r, 4) ? L4_PROTOCOL_LABEL(-(L4_SignedWord_t)below(r, 10)) : random_word(r);

    return L4_LABEL_PROTOCOL(label) == L4_LABEL_SIGMA0 ? 0 : label;
}

static int typed_item(struct random *r, int at)
{
    bool grant = one_in(r, 4);
    L4_Word_t words[STRING_WORDS];
    int n;

    if (one_in(r, 3)) {
        n = (int)string_item(r, words);
        if (at + n > 63)
            n = 63 - at;
        L4_LoadMRs(at, n, words);
        return n;
    }
    if (one_in(r, 20)) {
        L4_LoadMR(at, random_value(r));
        L4_LoadMR(at + 1, random_value(r));
        return 2;
    }
    L4_LoadMR(at, (random_address(r) & ~0x3fful) | (grant ? L4_ITEM_GRANT : L4_ITEM_MAP) << 1);
    L4_LoadMR(at + 1, random_fpage(r));
    return 2;
}

static void window(struct random *r)
{
    L4_Word_t f = one_in(r, 3)   ? L4_CompleteAddressSpace.raw
                  : one_in(r, 4) ? random_fpage(r)
                                 : fpage(PLAY, 12 + (unsigned)below(r, PLAY_LOG2 - 11), 0).raw;

    L4_LoadBR(0, one_in(r, 6) ? random_value(r) : (f & ~0xful) | below(r, 4));
    if (one_in(r, 2)) {
        L4_LoadBR(0, (f & ~0xful) | 1);
        string_buffers(r);
    }
    for (int i = 1; i < 4 && one_in(r, 8); i++)
        L4_LoadBR(i, random_value(r));
}

static void contents(struct random *r)
{
    int u = one_in(r, 16) ? (int)below(r, 64) : (int)below(r, 8), at = u + 1, t = 0;

    for (int i = 1; i <= u && i < 10; i++)
        L4_LoadMR(i, random_value(r));
    while (at < 60 && one_in(r, 3)) {
        t += typed_item(r, at);
        at = u + 1 + t;
    }
    if (one_in(r, 50))
        t = (int)below(r, 64);
    L4_Set_MsgTag((L4_MsgTag_t){.raw = random_label(r) << 16 | (L4_Word_t)t << 6 | (L4_Word_t)u |
                                       (one_in(r, 6) ? below(r, 16) << 12 : 0)});
    if (one_in(r, 4))
        L4_Set_VirtualSender((L4_ThreadId_t){.raw = random_id(r)});
}

static void count_string(struct victim *v, L4_MsgTag_t tag)
{
    if (L4_IpcSucceeded(tag) && L4_TypedWords(tag))
        v->strings += (L4_MR(1 + (int)L4_UntypedWords(tag)) & 8) == 0;
}

void message(struct victim *v)
{
    struct random *r = &v->random;
    L4_ThreadId_t to = {.raw = random_id(r)}, from = to, sender;
    L4_Word_t timeouts = random_time(r) << 16 | random_time(r);
    L4_MsgTag_t tag;

    switch (below(r, 10)) {
    case 0:
        from = L4_nilthread;
        break;
    case 1:
        from = L4_anythread;
        break;
    case 2:
    case 3:
    case 4: /* receive: mostly whatever comes */
        to = L4_nilthread;
        from.raw = one_in(r, 4)   ? random_id(r)
                   : one_in(r, 6) ? L4_anylocalthread.raw
                                  : L4_anythread.raw;
        break;
    case 5:
        from.raw = random_id(r);
        break;
    }
    if (one_in(r, 3))
        window(r);
    if (one_in(r, 4))
        L4_Set_XferTimeouts(random_time(r) << 16 | random_time(r));
    contents(r);
    if (one_in(r, 8))
        tag = L4_Lipc(to, from, timeouts, &sender);
    else
        tag = L4_Ipc(to, from, timeouts, &sender);
    if (!L4_IsNilThread(from))
        count_string(v, tag);
}

/* Strings that are likely to arrive: either it has buffers for a while, or sends one. */
void dialogue(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t timeouts = L4_Timeouts(PATIENCE, PATIENCE), words[STRING_WORDS];
    L4_ThreadId_t sender;
    unsigned n;

    if (one_in(r, 2)) {
        L4_LoadBR(0, L4_CompleteAddressSpace.raw | 1);
        string_buffers(r);
        count_string(v, L4_Ipc(L4_nilthread, L4_anythread, timeouts, &sender));
        return;
    }
    n = string_item(r, words);
    L4_LoadMRs(1, (int)n, words);
    L4_Set_MsgTag((L4_MsgTag_t){.raw = n << 6});
    L4_Ipc((L4_ThreadId_t){.raw = random_victim(r)}, L4_nilthread, timeouts, &sender);
}
