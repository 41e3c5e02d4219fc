/* SPDX-License-Identifier: BSD-2-Clause */
/* Unmap: revoke rights from fpages, read access status. */
#include "api/api.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "core/utcb.h"

#define UNMAP_FLUSH 0x40

void api_unmap(struct thread *cur, word_t control)
{
    word_t *mr = utcb_mr(cur->utcb);
    unsigned count = (control & 0x3f) + 1;

    for (unsigned i = 0; i < count; i++) {
        word_t fpage = mr[i];

        if (fpage_is_io(fpage)) {
            unmap_io(cur->space, fpage, control & UNMAP_FLUSH);
            mr[i] = fpage & ~(word_t)7;
        } else if (!fpage_is_nil(fpage)) {
            mr[i] = (fpage & ~(word_t)7) | unmap_fpage(cur->space, fpage, control & UNMAP_FLUSH);
        }
    }
}
