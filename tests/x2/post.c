/* SPDX-License-Identifier: BSD-2-Clause */
#include "post.h"

#define POSTS   8
#define FROM_AT 0x50000000ul
#define TO_AT   0x60000000ul

static struct post posts[POSTS];
static unsigned used;

struct post *new_post(void)
{
    struct post *p = &posts[used++ % POSTS];

    memset(p, 0, sizeof(*p));
    p->timeouts = L4_Timeouts(SOON, SOON);
    return p;
}

L4_Word_t do_post(L4_Word_t post, L4_Word_t b)
{
    struct post *p = (struct post *)post;
    L4_Word_t br;

    L4_Set_XferTimeouts(p->xfer_timeouts);
    L4_Accept(p->acceptor);
    L4_LoadBRs(1, 32, p->buffers.raw);
    L4_LoadMRs(0, 64, p->msg.raw);
    L4_Set_VirtualSender(p->virtual_sender);
    L4_Set_Tcr(L4_TCR_ERROR_CODE, NO_ERROR);
    p->tag = L4_Ipc(p->to, p->from, p->timeouts, &p->sender);
    L4_StoreMRs(0, 64, p->msg.raw);
    p->error = L4_ErrorCode();
    p->actual = L4_ActualSender();
    p->intended = L4_IntendedReceiver();
    for (int i = 1; i <= 32; i++) {
        L4_StoreBR(i, &br);
        p->changed_brs += br != p->buffers.raw[i - 1];
    }
    p->changed_brs += L4_Accepted().raw != p->acceptor.raw;
    return 0;
}

bool start_post(L4_ThreadId_t t, struct post *p)
{
    return order(t, do_post, (L4_Word_t)p, 0);
}

bool end_post(L4_ThreadId_t t)
{
    L4_Word_t r;

    return answer(t, &r);
}

static bool prepare(struct pair *p, unsigned log2)
{
    p->size = 1ul << log2;
    p->source = (char *)get_memory(log2);
    p->target = (char *)get_memory(log2);
    if (!p->source || !p->target)
        return false;
    for (L4_Word_t i = 0; i < p->size; i++)
        p->source[i] = (char)(i * 7 + (i >> 8) * 13 + 1);
    memset(p->target, 0, p->size);
    p->out = new_post();
    p->in = new_post();
    p->out->to = p->receiver;
    p->in->from = p->sender;
    L4_MsgBufferClear(&p->in->buffers);
    return true;
}

bool open_pair_unmapped(struct pair *p, unsigned log2)
{
    *p = (struct pair){.sender = spawn_remote(agent),
                       .receiver = spawn_remote(agent),
                       .from = FROM_AT,
                       .to = TO_AT};
    return prepare(p, log2);
}

bool open_pair(struct pair *p, unsigned log2)
{
    if (!open_pair_unmapped(p, log2))
        return false;
    return give(p->sender, L4_FpageLog2(p->from, (int)log2),
                L4_MapItem(page((L4_Word_t)p->source, log2, L4_FullyAccessible), 0)) &&
           give(p->receiver, L4_FpageLog2(p->to, (int)log2),
                L4_MapItem(page((L4_Word_t)p->target, log2, L4_FullyAccessible), 0));
}

bool open_pair_here(struct pair *p, unsigned log2)
{
    *p = (struct pair){.sender = spawn(agent), .receiver = spawn(agent)};
    if (!prepare(p, log2))
        return false;
    p->from = (L4_Word_t)p->source;
    p->to = (L4_Word_t)p->target;
    return true;
}

L4_MapItem_t source_page(const struct pair *p, L4_Word_t offset)
{
    return L4_MapItem(page((L4_Word_t)p->source + offset, 12, L4_FullyAccessible),
                      p->from + offset);
}

L4_MapItem_t target_page(const struct pair *p, L4_Word_t offset)
{
    return L4_MapItem(page((L4_Word_t)p->target + offset, 12, L4_FullyAccessible), p->to + offset);
}

void send_item(struct pair *p, const L4_StringItem_t *s)
{
    L4_MsgAppendStringItem(&p->out->msg, s);
}

void take_item(struct pair *p, const L4_StringItem_t *s)
{
    p->in->acceptor = L4_AddAcceptor(p->in->acceptor, L4_StringItemsAcceptor);
    L4_MsgBufferAppendRcvString(&p->in->buffers, s);
}

void send_string(struct pair *p, L4_Word_t offset, L4_Word_t n)
{
    L4_StringItem_t s = L4_StringItem(n, (void *)(p->from + offset));

    send_item(p, &s);
}

void take_string(struct pair *p, L4_Word_t offset, L4_Word_t n)
{
    L4_StringItem_t s = L4_StringItem(n, (void *)(p->to + offset));

    take_item(p, &s);
}

bool start_message(struct pair *p)
{
    return start_post(p->receiver, p->in) && start_post(p->sender, p->out);
}

bool end_message(struct pair *p)
{
    return end_post(p->sender) && end_post(p->receiver);
}

bool pass_message(struct pair *p)
{
    return start_message(p) && end_message(p);
}

bool open_stuck(struct pair *p, bool sender_faults)
{
    if (!open_pair(p, 13))
        return false;
    L4_UnmapFpage(
        page((L4_Word_t)(sender_faults ? p->source : p->target) + 0x1000, 12, L4_FullyAccessible));
    send_string(p, 0, 0x2000);
    take_string(p, 0, 0x2000);
    return true;
}

bool start_stuck(struct pair *p, bool sender_faults)
{
    struct fault f;
    L4_ThreadId_t t = sender_faults ? p->sender : p->receiver;

    return start_message(p) && read_fault(t, &f) &&
           f.word[0] == (sender_faults ? p->from : p->to) + 0x1000;
}

enum result expect_sent(const struct pair *p)
{
    EXPECT(L4_IpcSucceeded(p->out->tag));
    EXPECT(L4_IpcSucceeded(p->in->tag));
    EXPECT_EQUAL(p->out->error, NO_ERROR);
    EXPECT_EQUAL(p->in->error, NO_ERROR);
    return PASS;
}

enum result expect_failed(const struct pair *p, L4_Word_t send_error, L4_Word_t receive_error,
                          L4_Word_t offset)
{
    EXPECT(L4_IpcFailed(p->out->tag));
    EXPECT(L4_IpcFailed(p->in->tag));
    EXPECT_EQUAL(p->out->error, offset << 4 | ipc_error(send_error, 0));
    EXPECT_EQUAL(p->in->error, offset << 4 | ipc_error(receive_error, 1));
    return PASS;
}

enum result expect_copied(const struct pair *p, L4_Word_t target, L4_Word_t source, L4_Word_t n)
{
    const volatile char *s = p->source + source, *t = p->target + target;

    for (L4_Word_t i = 0; i < n; i++) {
        if (s[i] == t[i])
            continue;
        printf("# byte %#lx of %#lx, at target offset %#lx, is %x, not %x\n", i, n, target + i,
               t[i] & 0xff, s[i] & 0xff);
        return FAIL;
    }
    return PASS;
}

enum result expect_clear(const struct pair *p, L4_Word_t target, L4_Word_t n)
{
    const volatile char *t = p->target + target;

    for (L4_Word_t i = 0; i < n; i++) {
        if (!t[i])
            continue;
        printf("# byte at target offset %#lx was written: %x\n", target + i, t[i] & 0xff);
        return FAIL;
    }
    return PASS;
}
