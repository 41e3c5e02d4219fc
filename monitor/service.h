/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's calls: enum mz_op of <marzipan/vmm.h>, checked and dispatched. */
#ifndef MONITOR_SERVICE_H
#define MONITOR_SERVICE_H

#include <stdbool.h>

#include <l4/message.h>
#include <l4/types.h>

#include "domain.h"

/* Whose request an IDL dispatcher serves: the sender, as the kernel names it. */
struct mz_caller {
    struct domain *domain;
    unsigned slot;
};

#define CALL_WORDS 63u

struct call {
    struct domain *domain;   /* of the sender, as the kernel names it */
    unsigned slot;           /* the sender's                          */
    unsigned words;          /* arguments                             */
    unsigned results;        /* words to send back                    */
    bool no_reply;           /* the sender is gone, or is to wait     */
    L4_Word_t w[CALL_WORDS]; /* arguments, then results             */
};

/* Do what the call asks for.  The reply is the error with call->results words,
 * which are only there without an error. */
enum mz_error service_call(L4_Word_t op, struct call *call);

/* The same for a message of the IDL's interfaces, which is in the message registers with this
 * tag.  The answer's words go to call->w, its label is the result. */
enum mz_error service_request(L4_MsgTag_t tag, struct call *call);

/* Whether the tag is that of such a message. */
bool service_is_request(L4_MsgTag_t tag);

/* Log a line in the name of a domain, unless it has logged too much already. */
bool service_log_allowed(struct domain *d);

#endif
