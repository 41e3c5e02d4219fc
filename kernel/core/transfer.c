/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Message contents.  Every word of a user's message is read once, since other
 * threads may write it at any time.
 */
#include "transfer.h"

#include "api/api.h"
#include "core/arch.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "debug/panic.h"

#define TAG_KEEP (~(word_t)(TAG_REDIRECTED | TAG_XCPU | TAG_ERROR | TAG_PROPAGATED))

enum { ITEM_MAP = 4, ITEM_GRANT = 5 };

static unsigned item_type(word_t first)
{
    return first >> 1 & 7;
}

/* One map or grant item; false: it cannot be received. */
static bool transfer_map(struct thread *src, struct thread *dst, const word_t item[2],
                         word_t window)
{
    bool grant = item_type(item[0]) == ITEM_GRANT;

    if (fpage_is_io(item[1])) {
        map_io(src->space, item[1], dst->space, grant);
        return true;
    }
    if (fpage_is_nil(window))
        return false;
    if (!fpage_is_nil(item[1]))
        map_fpage(src->space, item[1], dst->space, window, item[0] & ~(word_t)0x3ff, grant);
    return true;
}

/* The typed items of src's message, words first ... last; out: dst's MRs or NULL. */
static enum ipc_error transfer_items(struct thread *src, struct thread *dst, unsigned first,
                                     unsigned last, word_t *out, word_t window)
{
    const word_t *in = utcb_mr(src->utcb);

    for (unsigned i = first; i <= last; i += 2) {
        word_t item[2];

        if (i + 1 > last)
            return IPC_OVERFLOW;
        memcpy(item, (const void *)&in[i], sizeof(item));
        if (item_type(item[0]) != ITEM_MAP && item_type(item[0]) != ITEM_GRANT)
            return IPC_OVERFLOW; /* string items are not there yet */
        if (out && fpage_is_nil(window) && !fpage_is_io(item[1]))
            return IPC_OVERFLOW;
        if (out)
            memcpy(&out[i], item, sizeof(item));
        if (!transfer_map(src, dst, item, window))
            return IPC_OVERFLOW;
    }
    return 0;
}

/* What the kernel says in src's name. */
static word_t kernel_message(const struct thread *src, word_t *mr)
{
    switch (src->kipc) {
    case KIPC_PAGE_FAULT:
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
    default:
        return tag_kernel(PROTO_INTERRUPT, 0, 0);
    }
}

/* What the kernel awaits in dst's name: the answer to a fault, a start, an acknowledgement. */
static enum ipc_error kernel_receive(struct thread *src, struct thread *dst, word_t tag)
{
    const word_t *mr = src->kipc ? NULL : utcb_mr(src->utcb);
    unsigned u = mr ? TAG_U(tag) : 0, t = mr ? TAG_T(tag) : 0;

    switch (dst->kipc) {
    case KIPC_PAGE_FAULT:
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

enum ipc_error transfer(struct thread *src, struct thread *dst, word_t *tag)
{
    word_t *out = dst->kipc ? NULL : utcb_mr(dst->utcb);
    enum ipc_error e;

    if (src->kipc) {
        *tag = out ? kernel_message(src, out) : 0;
        if (out)
            out[0] = *tag;
        else
            kernel_receive(src, dst, 0);
        return 0;
    }

    const word_t *in = utcb_mr(src->utcb);
    word_t sent = *(volatile const word_t *)&in[0];
    unsigned u = TAG_U(sent), t = TAG_T(sent);

    *tag = sent & TAG_KEEP;
    if (src->send_as != src->id)
        *tag |= TAG_PROPAGATED;
    if (u + t >= MR_COUNT)
        return IPC_OVERFLOW;
    if (!out)
        return kernel_receive(src, dst, *tag);
    memcpy(out + 1, in + 1, u * sizeof(word_t));
    if (t) {
        e = transfer_items(src, dst, u + 1, u + t, out, utcb_br(dst->utcb, 0) & ~(word_t)0xf);
        if (e)
            return e;
    }
    if (*tag & TAG_PROPAGATED)
        dst->utcb->sender = src->id;
    out[0] = *tag;
    return 0;
}
