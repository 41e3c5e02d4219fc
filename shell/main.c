/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operator's shell: a native program that asks the monitor for all that it shows and does, at
 * the prompt of the console and on the control line.
 */
#include <stdbool.h>

#include <l4/vcpu.h>

#include <marzipan/native.h>

#include "prompt.h"
#include "remote.h"

#define POLL_MS 20u /* on a kernel without notifications */

int main(void);

/* The shorter of two waits, where 0 is none. */
static uint64_t sooner(uint64_t a, uint64_t b)
{
    return !a || (b && b < a) ? b : a;
}

int main(void)
{
    bool notified = L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY;

    L4_Set_ExceptionHandler(L4_Pager());
    remote_init();
    for (;;) {
        uint64_t ms = sooner(remote_poll(), prompt_poll());
        L4_ThreadId_t from;

        if (!notified)
            ms = sooner(ms, POLL_MS);
        if (L4_IpcSucceeded(L4_Wait_Timeout(ms ? L4_TimePeriod(ms * 1000) : L4_Never, &from)))
            remote_interrupt(from);
    }
}
