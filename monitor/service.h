/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interfaces that the monitor serves to its children: the files in idl, one file service_NAME.c for
 * each, service.c for the short ones.  The generated dispatchers have checked a message before one
 * of those functions sees it; whose request it is the kernel says.
 */
#ifndef MONITOR_SERVICE_H
#define MONITOR_SERVICE_H

#include <stdbool.h>

#include <l4/message.h>
#include <l4/types.h>

#include "domain.h"

/* Whose request a dispatcher serves: the sender, as the kernel names it. */
struct mz_caller {
    struct domain *domain;
    unsigned slot;
};

static inline L4_ThreadId_t caller_thread(const struct mz_caller *caller)
{
    return caller->domain->thread[caller->slot];
}

#define CALL_WORDS 63u

struct call {
    struct domain *domain;   /* of the sender, as the kernel names it */
    unsigned slot;           /* the sender's                          */
    unsigned words;          /* arguments                             */
    unsigned results, items; /* words to send back, words of items   */
    bool no_reply;           /* the sender is gone, or is to wait     */
    L4_Word_t w[CALL_WORDS]; /* arguments, then results             */
};

/* Do what a message asks for that is in the message registers with this tag.  The answer's words
 * go to call->w, its label is the result. */
enum mz_error service_request(L4_MsgTag_t tag, struct call *call);

/* Refuse what the description does not allow, with a line in the domain's share of the log; `whom` may
 * be any text. */
enum mz_error service_deny(struct domain *d, const char *what, const char *whom);
/* Whom the caller names, if it may control it: MZ_ERR_DENIED, MZ_ERR_NOT_FOUND. */
enum mz_error service_target(const struct mz_caller *caller, const char *who, struct domain **d);

/* Interrupts that a thread handles, ports and device memory of a domain: for when they end. */
void service_forget_thread(const struct domain *d, unsigned slot);
void service_forget_devices(const struct domain *d);

/* The thread does not wait for an answer that comes later: it is gone, or has given up. */
void service_waits_no_more(struct domain *d, L4_ThreadId_t t);

/* Write what is in the domain's log ring to the log. */
void service_log_drain(struct domain *d);

/* Log a line in the name of a domain, unless it has logged too much already. */
bool service_log_allowed(struct domain *d);

#endif
