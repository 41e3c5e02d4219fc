/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who can influence whom, as far as the description says it: along calls, in both directions,
 * since a call has an answer, and through memory that one may offer to another.  The monitor is not
 * in here: everybody calls it.
 */
#ifndef MANIFEST_FLOWS_H
#define MANIFEST_FLOWS_H

#include <manifest/system.h>

struct flow_call {
    unsigned user, publisher; /* of system->domains                   */
    const char *service;      /* or subtree: what both of them allow; or "control", FLOWS_MEMORY */
};

struct flows {
    const struct system *system;
    const struct flow_call *calls; /* by user, then in the order of its "uses" */
    unsigned call_count;
    /* The shortest chain from one to another: how many calls, and who comes first in it. */
    uint8_t apart[SYSTEM_DOMAINS][SYSTEM_DOMAINS]; /* FLOWS_ISOLATED: there is none */
    uint8_t towards[SYSTEM_DOMAINS][SYSTEM_DOMAINS];
};

#define FLOWS_ISOLATED UINT8_MAX

/* What stands for the service where the "user" may offer memory to the "publisher". */
#define FLOWS_MEMORY "memory"

/* The system has no errors.  What is in *flows lives as long as it. */
void flows_find(struct system *system, struct flows *flows);

/* One line that says what influence is. */
extern const char flows_meaning[];

#endif
