/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The restart policy: what becomes of a VM that has ended.
 *
 * A restart waits for the policy's delay, which doubles with each restart that
 * falls into the window before it (back-off).  After `limit` such restarts the
 * VM counts as crash-looping and stays down.
 */
#ifndef MONITOR_RESTART_H
#define MONITOR_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#include <manifest/config.h>

struct restart_history {
    uint64_t at_ms[RESTART_HISTORY]; /* the latest restarts that counted, oldest first */
    unsigned count;
    uint64_t started_ms;
};

enum ending {
    ENDING_SUCCESS,
    ENDING_FAILURE,
    ENDING_REBOOT,  /* asked for by the guest: not limited, but at most one a second */
    ENDING_FINAL,   /* a failure that would repeat itself: never restarted           */
    ENDING_RESTART, /* the operator wants a restart now                              */
    ENDING_KILLED   /* the operator wants it to stay down                            */
};

struct restart_verdict {
    bool restart;
    bool crash_loop; /* it would be restarted but for the limit */
    uint32_t delay_ms;
    unsigned attempt; /* this is restart number `attempt` of the window, 0: not counted */
};

/* Decide, and note a counted restart in the history. */
struct restart_verdict restart_decide(const struct restart_policy *policy,
                                      struct restart_history *history, enum ending ending,
                                      uint64_t now_ms);

#endif
