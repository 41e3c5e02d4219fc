/* SPDX-License-Identifier: BSD-2-Clause */
/* Notify (extension): bits for a thread, without waiting; docs/almond-extensions.md. */
#include "core/ipc.h"
#include "error.h"

word_t api_notify(struct thread *cur, word_t thread, word_t bits)
{
    struct thread *t = thread_find(thread);

    if (!t || !t->space || !t->utcb || !ipc_reaches(cur, t))
        return api_fail(cur, ERR_THREAD);
    if (bits)
        ipc_notify(t, bits);
    return 1;
}
