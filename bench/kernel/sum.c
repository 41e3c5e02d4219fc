/* SPDX-License-Identifier: BSD-2-Clause */
/* What a server would write, in a file of its own: the dispatcher calls it, and cannot look inside. */
#include <marzipan/sum_server.h>

enum mz_error serve_sum_add(struct mz_caller *caller, uint32_t a, uint32_t b, uint32_t *result)
{
    *result = a + b;
    return MZ_OK;
}
