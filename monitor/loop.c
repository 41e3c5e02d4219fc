/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No message can hold the monitor up: it takes no strings and no mappings, replies
 * with a zero timeout, and never calls a child.
 */
#include "loop.h"

#include <stddef.h>

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/message.h>
#include <l4/thread.h>
#include <l4/vcpu.h>

#include <marzipan/monitor.h>
#include <marzipan/native.h>

#include "console.h"
#include "control.h"
#include "keys.h"
#include "lifecycle.h"
#include "line.h"
#include "log.h"
#include "pager.h"
#include "policy.h"
#include "service.h"
#include "supply.h"
#include "thread.h"

/* Protocols of the kernel: the upper bits of a label, as a negative number. */
enum {
    PROTOCOL_PREEMPTION = -3,
    PROTOCOL_PAGE_FAULT = -2,
    PROTOCOL_EXCEPTION = -4,
    PROTOCOL_ARCH_EXCEPTION = -5,
    PROTOCOL_IO_FAULT = -8
};
#define LABEL_SHIFT    16
#define PROTOCOL_SHIFT 20
#define POLL_MS        20u
#define WAIT_MAX_MS    10000u

/* A reply that the next wait sends; to nilthread for none.  Its words stay outside the
 * message registers until then, since other messages may go out before. */
struct reply {
    L4_ThreadId_t to;
    L4_MsgTag_t tag;
    const L4_Word_t *words;
};

static void set_reply(struct reply *reply, L4_ThreadId_t to, L4_Word_t label, unsigned untyped,
                      unsigned typed, const L4_Word_t *words)
{
    reply->to = to;
    reply->tag = L4_Niltag;
    reply->tag.X.label = label;
    reply->tag.X.u = untyped & 63;
    reply->tag.X.t = typed & 63;
    reply->words = words;
}

static L4_MsgTag_t reply_and_wait(const struct reply *reply, L4_Time_t timeout, L4_ThreadId_t *from)
{
    unsigned words = (unsigned)(L4_UntypedWords(reply->tag) + L4_TypedWords(reply->tag));

    if (L4_IsNilThread(reply->to))
        return L4_Wait_Timeout(timeout, from);
    if (words)
        L4_LoadMRs(1, (int)words, (L4_Word_t *)reply->words);
    L4_Set_MsgTag(reply->tag);
    return L4_ReplyWait_Timeout(reply->to, timeout, from);
}

/* A message of a domain's thread. */
static void handle_domain(struct call *call, L4_ThreadId_t from, L4_MsgTag_t tag,
                          struct reply *reply)
{
    long protocol = (long)tag.raw >> PROTOCOL_SHIFT;
    unsigned nibble = tag.raw >> LABEL_SHIFT & 15;
    int typed;

    call->words = (unsigned)L4_UntypedWords(tag);
    call->results = call->items = 0;
    call->no_reply = false;
    service_waits_no_more(call->domain, from);
    if (call->words)
        L4_StoreMRs(1, (int)call->words, call->w);
    if (protocol >= 0) {
        enum mz_error error = service_request(tag, call);

        if (!call->no_reply)
            set_reply(reply, from, error, call->results, call->items, call->w);
        return;
    }
    call->domain->faults++;
    if (protocol == PROTOCOL_PREEMPTION)
        return policy_exhausted(call->domain, call->slot);
    if (protocol == PROTOCOL_PAGE_FAULT && call->words == 2)
        typed = pager_page_fault(call->domain, nibble & 7, call->w);
    else if (protocol == PROTOCOL_IO_FAULT && call->words == 2)
        typed = pager_io_fault(call->domain, call->w);
    else if (protocol == PROTOCOL_EXCEPTION || protocol == PROTOCOL_ARCH_EXCEPTION)
        typed = pager_exception(call->domain, call->words, call->w);
    else
        return set_reply(reply, from, MZ_ERR_BAD_MESSAGE, 0, 0, NULL);
    if (typed >= 0)
        set_reply(reply, from, 0, 0, (unsigned)typed, call->w);
}

static bool asked_to_stop(void)
{
    bool asked;

    return supply_is_nested() && !mz_monitor_asked_to_stop(native_monitor(), &asked) && asked;
}

/* The parent's, or from anybody whom this monitor reaches. */
static void handle_notification(void)
{
    L4_Word_t bits;

    L4_StoreMR(1, &bits);
    keys_poll();
    if (!(bits & MZ_NOTIFY_POWER) || !asked_to_stop())
        return;
    FOR_EACH_DOMAIN(d)
    {
        if (!d->stop_at_ms && control_stop(d, CONTROL_PATIENT))
            control_kill(d);
    }
}

static void handle(L4_ThreadId_t from, L4_MsgTag_t tag, struct reply *reply)
{
    static struct call call;

    call.domain = thread_find(from, &call.slot);
    if (call.domain) {
        handle_domain(&call, from, tag, reply);
    } else if (L4_IsThreadEqual(from, L4_GlobalId(UART_COM1_IRQ, 1))) {
        keys_poll();
        line_acknowledge();
        set_reply(reply, from, 0, 0, 0, NULL);
    } else if (L4_IsThreadEqual(from, L4_NotifyThread())) {
        handle_notification();
    } else if (!L4_IsThreadEqual(from, L4_Pager())) { /* that is the answer to a late flush */
        log_debug("a message of the unknown thread 0x%lx was ignored", from.raw);
    }
}

/* The shorter of two waits, where 0 is none. */
static uint64_t sooner(uint64_t a, uint64_t b)
{
    return !a || (b && b < a) ? b : a;
}

static L4_Time_t next_timeout(bool input_by_interrupt)
{
    uint64_t ms = sooner(line_pump(), sooner(lifecycle_poll(), console_poll())), us;

    if (!input_by_interrupt)
        ms = sooner(ms, POLL_MS);
    us = sooner((ms < WAIT_MAX_MS ? ms : WAIT_MAX_MS) * 1000, policy_poll());
    return us ? L4_TimePeriod(us) : L4_Never;
}

void loop_run(bool input_by_interrupt)
{
    struct reply reply = {L4_nilthread, L4_Niltag, NULL};

    L4_Accept(L4_UntypedWordsAcceptor);
    L4_Set_XferTimeouts(L4_Timeouts(L4_ZeroTime, L4_ZeroTime));
    for (;;) {
        L4_Time_t timeout = next_timeout(input_by_interrupt);
        L4_ThreadId_t from = L4_nilthread;
        L4_MsgTag_t tag;

        tag = reply_and_wait(&reply, timeout, &from);
        reply.to = L4_nilthread;
        if (L4_IpcSucceeded(tag))
            handle(from, tag, &reply);
        if (!input_by_interrupt)
            keys_poll();
        console_pump();
    }
}
