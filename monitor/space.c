/* SPDX-License-Identifier: BSD-2-Clause */
#include "space.h"

#include <l4/kip.h>

#include "thread.h"

bool space_slot(unsigned slot)
{
    return slot >= SLOT_SPACES && slot < SLOTS;
}

enum mz_error space_create(struct domain *d, unsigned *slot)
{
    for (*slot = SLOT_SPACES; *slot < SLOTS; (*slot)++) {
        if (L4_IsNilThread(d->thread[*slot]))
            return thread_create_space(d, *slot);
    }
    return MZ_ERR_QUOTA;
}
