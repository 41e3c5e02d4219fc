/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's calls: enum mz_op of <marzipan/vmm.h>, checked and dispatched. */
#ifndef MONITOR_SERVICE_H
#define MONITOR_SERVICE_H

#include <stdbool.h>

#include <l4/types.h>

#include "domain.h"

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

#endif
