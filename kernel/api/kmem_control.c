/* SPDX-License-Identifier: BSD-2-Clause */
/* KmemControl (extension): the kernel memory accounts. */
#include "core/kmem.h"

#include "error.h"

word_t api_kmem_control(struct thread *cur, word_t account, word_t limit, word_t *out_limit)
{
    *out_limit = 0;
    if (!api_privileged(cur)) {
        api_fail(cur, ERR_PRIVILEGE);
        return ~(word_t)0;
    }
    if (account >= ACCOUNTS) {
        api_fail(cur, ERR_PARAM);
        return ~(word_t)0;
    }
    if (limit != ~(word_t)0)
        accounts[account].limit = limit;
    *out_limit = accounts[account].limit;
    return accounts[account].used;
}
