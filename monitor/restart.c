/* SPDX-License-Identifier: BSD-2-Clause */
#include "restart.h"

#include <string.h>

#define DELAY_MAX_MS  60000u
#define REBOOT_MIN_MS 1000u

/* Forget what lies before the window. */
static void expire(struct restart_history *h, uint64_t now_ms, uint32_t window_ms)
{
    unsigned old = 0;

    while (old < h->count && now_ms - h->at_ms[old] > window_ms)
        old++;
    memmove(h->at_ms, h->at_ms + old, (h->count - old) * sizeof(h->at_ms[0]));
    h->count -= old;
}

static uint32_t back_off(uint32_t delay_ms, unsigned earlier)
{
    uint64_t delay = delay_ms;

    while (earlier-- && delay < DELAY_MAX_MS)
        delay *= 2;
    return delay < DELAY_MAX_MS ? (uint32_t)delay : DELAY_MAX_MS;
}

static struct restart_verdict counted(const struct restart_policy *policy,
                                      struct restart_history *history, uint64_t now_ms)
{
    unsigned limit = policy->limit < RESTART_HISTORY ? policy->limit : RESTART_HISTORY;
    struct restart_verdict verdict = {0};

    expire(history, now_ms, policy->window_ms);
    if (history->count >= limit) {
        verdict.crash_loop = true;
        return verdict;
    }
    verdict.restart = true;
    verdict.delay_ms = back_off(policy->delay_ms, history->count);
    history->at_ms[history->count++] = now_ms;
    verdict.attempt = history->count;
    return verdict;
}

struct restart_verdict restart_decide(const struct restart_policy *policy,
                                      struct restart_history *history, enum ending ending,
                                      uint64_t now_ms)
{
    struct restart_verdict verdict = {0};
    uint64_t lived = now_ms - history->started_ms;

    switch (ending) {
    case ENDING_RESTART:
        verdict.restart = true;
        return verdict;
    case ENDING_REBOOT:
        verdict.restart = true;
        verdict.delay_ms = lived < REBOOT_MIN_MS ? (uint32_t)(REBOOT_MIN_MS - lived) : 0;
        return verdict;
    case ENDING_FAILURE:
        if (policy->when == RESTART_NEVER)
            return verdict;
        return counted(policy, history, now_ms);
    case ENDING_SUCCESS:
        if (policy->when != RESTART_ALWAYS)
            return verdict;
        return counted(policy, history, now_ms);
    case ENDING_FINAL:
    case ENDING_KILLED:
        break;
    }
    return verdict;
}
