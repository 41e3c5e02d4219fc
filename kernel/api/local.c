/* SPDX-License-Identifier: BSD-2-Clause */
/* ThreadLocal: the caller's own segments. */
#include "core/arch.h"
#include "error.h"

word_t api_thread_local(struct thread *cur, word_t index, word_t low, word_t high)
{
    return arch_local_set(cur, index, low, high) ? 1 : api_fail(cur, ERR_PARAM);
}
