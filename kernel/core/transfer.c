/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Message contents.  Every word of a user's message is read once, since other
 * threads may write it at any time; what stopped and goes on begins with the item
 * in which it stopped, and reads that anew.
 */
#include "transfer.h"
#include "waiting.h"

#include "core/binding.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "core/sched.h"
#include "debug/panic.h"
#include "strings.h"

#define TAG_KEEP (~(word_t)(TAG_REDIRECTED | TAG_XCPU | TAG_ERROR | TAG_PROPAGATED))

enum { ITEM_MAP = 4, ITEM_GRANT = 5 };

static unsigned item_type(word_t first)
{
    return first >> 1 & 7;
}

/* Somebody else, or the same thread later, goes on with src's message to dst. */
static void stop_here(struct thread *src, struct thread *dst, struct thread *who,
                      enum continuation cont)
{
    struct thread *other = who == src ? dst : src;

    src->transfer.partner = dst;
    src->transfer.sends = true;
    if (dst->kipc == KIPC_NONE) {
        dst->transfer.partner = src;
        dst->transfer.sends = false;
    }
    other->state = THREAD_TRANSFER;
    other->partner = who;
    sched_block(other);
    who->cont = (u8)cont;
    sched_wake(who);
}

/* If the kernel receives in dst's name, dst has another transfer under way perhaps: src goes on. */
static int interrupted(struct thread *src, struct thread *dst)
{
    struct thread *who = dst->kipc || this_cpu()->current == src ? src : dst;

    stop_here(src, dst, who, CONT_TRANSFER);
    return TRANSFER_STOPPED;
}

/* ---- map and grant items ---- */

/* `out`: the receiver's MRs, NULL if the kernel receives. */
static int transfer_map(struct thread *src, struct thread *dst, const word_t item[2], word_t *out,
                        word_t window)
{
    bool grant = item_type(item[0]) == ITEM_GRANT;
    enum map_result r;

    if (out && fpage_is_nil(window) && !fpage_is_io(item[1]))
        return IPC_OVERFLOW;
    if (out)
        memcpy(out, item, 2 * sizeof(*item));
    if (fpage_is_io(item[1]))
        r = map_io(src->space, item[1], dst->space, grant, &src->transfer.done);
    else if (fpage_is_nil(window))
        return IPC_OVERFLOW;
    else
        r = map_fpage(src->space, item[1], dst->space, window, item[0] & ~(word_t)0x3ff, grant,
                      &src->transfer.done);
    return r == MAP_INTERRUPTED ? interrupted(src, dst) : 0;
}

/* ---- strings ---- */

/*
 * At the first page fault of a transfer the clock starts: the shorter one of the
 * sender's send timeout and the receiver's receive timeout (l4-x2, XferTimeouts).
 */
static int start_clock(struct thread *src, struct thread *dst)
{
    u16 send = (u16)(src->utcb->xfer_timeouts >> 16), receive = (u16)dst->utcb->xfer_timeouts;
    bool send_zero, receive_zero;
    u64 s = ipc_deadline(send, &send_zero), r = ipc_deadline(receive, &receive_zero);

    if (send_zero || receive_zero)
        return send_zero ? TIMED_BY_SENDER : TIMED_BY_RECEIVER;
    src->transfer.timed = r < s ? TIMED_BY_RECEIVER : TIMED_BY_SENDER;
    wait_arm(src, MIN(s, r));
    return 0;
}

/* Address `va` of one of them's space has to be there before the transfer can go on. */
static int page_fault(struct thread *src, struct thread *dst, struct thread *who, word_t va)
{
    int expired = src->transfer.timed ? 0 : start_clock(src, dst);

    if (expired) {
        src->transfer.timed = (u8)expired;
        return IPC_XFER_TIMEOUT;
    }
    who->fault_addr = va;
    who->fault_ip = ~(word_t)0;
    who->fault_rights = who == src ? FAULT_READ : RIGHT_W;
    stop_here(src, dst, who, CONT_FAULT);
    return TRANSFER_STOPPED;
}

#define COPY_STEP 8192 /* bytes between looks for interrupts */

/* The string that begins in src's MR `item` into the receive buffer that begins in BR `buffer`. */
static int copy_string(struct thread *src, struct thread *dst, unsigned item, unsigned last,
                       unsigned buffer)
{
    struct transfer *x = &src->transfer;
    struct piece from, to;
    struct copy_result c;

    while (string_message_piece(src->utcb, item, last, x->done, &from)) {
        if (!string_buffer_piece(dst->utcb, buffer, x->done, &to))
            return IPC_OVERFLOW;
        c = arch_copy_string(src->space, from.address, dst->space, to.address,
                             MIN(MIN(from.length, to.length), (word_t)COPY_STEP));
        x->done += c.copied;
        x->offset += (u32)c.copied;
        if (c.fault != COPY_NO_FAULT) {
            if (c.fault == COPY_OUTSIDE)
                return IPC_OVERFLOW;
            return page_fault(src, dst, c.fault == COPY_FROM ? src : dst, c.address);
        }
        if (cpu_interrupted())
            return interrupted(src, dst);
    }
    return from.address ? IPC_OVERFLOW : 0; /* malformed, or at its end */
}

/* A string item and its continuations; *next: the register behind. */
static int transfer_string(struct thread *src, struct thread *dst, unsigned item, unsigned last,
                           word_t *out, unsigned *next)
{
    const word_t *in = utcb_mr(src->utcb);
    struct transfer *x = &src->transfer;
    unsigned end = string_message_end(src->utcb, item, last);
    int e;

    if (!out)
        return IPC_OVERFLOW;
    out[item] = in[item];
    if (!end || !(utcb_br(dst->utcb, 0) & 1) || !x->buffer)
        return IPC_OVERFLOW;
    for (unsigned i = item + 1; i < end; i++)
        out[i] = in[i];
    e = copy_string(src, dst, item, last, x->buffer);
    if (e)
        return e;
    x->buffer = (u8)string_next_buffer(dst->utcb, x->buffer);
    *next = end;
    return 0;
}

/* The typed items of src's message, words first ... last; out: dst's MRs or NULL. */
static int transfer_items(struct thread *src, struct thread *dst, unsigned first, unsigned last,
                          word_t *out, word_t window)
{
    const word_t *in = utcb_mr(src->utcb);
    struct transfer *x = &src->transfer;
    unsigned next;
    int e;

    for (unsigned i = x->item ? x->item : first; i <= last; i = next) {
        word_t item[2];

        x->item = (u8)i;
        if (i + 1 > last)
            return IPC_OVERFLOW;
        memcpy(item, (const void *)&in[i], sizeof(item));
        next = i + 2;
        if (item_type(item[0]) == ITEM_MAP || item_type(item[0]) == ITEM_GRANT)
            e = transfer_map(src, dst, item, out ? out + i : NULL, window);
        else if (item_type(item[0]) < ITEM_MAP)
            e = transfer_string(src, dst, i, last, out, &next);
        else
            e = IPC_OVERFLOW;
        if (e)
            return e;
        x->done = 0;
    }
    return 0;
}

/* ---- messages of and to the kernel ---- */

/* What the kernel says in src's name. */
static word_t kernel_message(const struct thread *src, word_t *mr)
{
    u64 now;

    switch (src->kipc) {
    case KIPC_PAGE_FAULT:
    case KIPC_STRING_FAULT:
        mr[1] = src->fault_addr;
        mr[2] = src->fault_ip;
        return tag_kernel(PROTO_PAGE_FAULT, src->fault_rights, 2);
    case KIPC_IO_FAULT:
        mr[1] = fpage_io_make((u16)src->fault_addr, src->fault_rights);
        mr[2] = src->fault_ip;
        return tag_kernel(PROTO_IO_FAULT, RIGHT_R | RIGHT_W, 2);
    case KIPC_EXCEPTION:
        arch_exc_store(src, mr + 1);
        return tag_kernel(PROTO_EXCEPTION, 0, EXC_WORDS);
    case KIPC_PREEMPTION:
        now = system_clock();
        mr[1] = (word_t)now;
        mr[2] = (word_t)(now >> (WORD_BITS / 2) >> (WORD_BITS / 2));
        return tag_kernel(PROTO_PREEMPTION, 0, 2);
    default:
        return tag_kernel(PROTO_INTERRUPT, 0, 0);
    }
}

/* What the kernel awaits in dst's name: the answer to a fault, a start, an acknowledgement. */
static int kernel_receive(struct thread *src, struct thread *dst, word_t tag)
{
    const word_t *mr = src->kipc ? NULL : utcb_mr(src->utcb);
    unsigned u = mr ? TAG_U(tag) : 0, t = mr ? TAG_T(tag) : 0;

    switch (dst->kipc) {
    case KIPC_PAGE_FAULT:
    case KIPC_STRING_FAULT:
    case KIPC_IO_FAULT:
        return t ? transfer_items(src, dst, u + 1, u + t, NULL, FPAGE_COMPLETE) : 0;
    case KIPC_EXCEPTION:
        arch_exc_load(dst, mr ? mr + 1 : NULL, u);
        return 0;
    case KIPC_START:
        if (u == 2) {
            frame_set_ip(&dst->frame, mr[1]);
            frame_set_sp(&dst->frame, mr[2]);
        }
        return 0;
    default:
        return 0;
    }
}

/* The tag's flags as dst sees them, and what belongs to them. */
static word_t tag_flags(const struct thread *src, struct thread *dst)
{
    word_t flags = src->cpu != dst->cpu ? TAG_XCPU : 0;

    if (src->flags & TF_VIRTUAL) {
        flags |= TAG_PROPAGATED;
        if (!dst->kipc)
            dst->utcb->sender = src->id;
    }
    if (src->flags & TF_REDIRECTED) {
        flags |= TAG_REDIRECTED;
        if (!dst->kipc)
            dst->utcb->intended_receiver = src->kipc ? src->recv_from : arch_ipc_call(src).to;
    }
    return flags;
}

int transfer(struct thread *src, struct thread *dst, word_t *tag)
{
    word_t *out = dst->kipc ? NULL : utcb_mr(dst->utcb);
    word_t flags = tag_flags(src, dst);

    if (src->kipc) {
        *tag = out ? kernel_message(src, out) | flags : 0;
        if (out)
            out[0] = *tag;
        else
            kernel_receive(src, dst, 0);
        return 0;
    }

    const word_t *in = utcb_mr(src->utcb);
    word_t sent = *(volatile const word_t *)&in[0];
    unsigned u = TAG_U(sent), t = TAG_T(sent);
    int e;

    *tag = (sent & TAG_KEEP) | flags;
    if (u + t >= MR_COUNT)
        return IPC_OVERFLOW;
    if (!out)
        return kernel_receive(src, dst, *tag);
    if (!src->transfer.item)
        memcpy(out + 1, in + 1, u * sizeof(word_t));
    if (t) {
        e = transfer_items(src, dst, u + 1, u + t, out, utcb_br(dst->utcb, 0) & ~(word_t)0xf);
        if (e)
            return e;
    }
    out[0] = *tag;
    return 0;
}
