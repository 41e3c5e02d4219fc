/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notify: bits for a thread, without waiting; docs/almond-extensions.md.  Since it
 * interrupts guests and wakes servers on their own time, only the privileged may
 * notify other spaces.
 */
#include "core/ipc.h"
#include "error.h"
#include "virt/virt.h"

word_t api_notify(struct thread *cur, word_t thread, word_t bits)
{
    struct thread *t = thread_find(thread);

    if (!t || !t->space || !t->utcb)
        return api_fail(cur, ERR_THREAD);
    if (t->space != cur->space && !api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    if (bits == 0)
        return 1;
    t->notify_bits |= bits;
    if (!ipc_deliver_notify(t) && t->vcpu)
        vcpu_notified(t);
    return 1;
}
