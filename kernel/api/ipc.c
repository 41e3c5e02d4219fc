/* SPDX-License-Identifier: BSD-2-Clause */
/* Ipc and Lipc. */
#include "core/ipc.h"

#include "api/api.h"

void api_ipc(struct thread *cur, word_t to, word_t from, word_t timeouts)
{
    ipc_start(cur, to, from, timeouts);
}
