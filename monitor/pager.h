/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pager and exception handler of all children: a page fault inside the layout
 * of vmm.h gets its page, every other fault ends the domain.
 */
#ifndef MONITOR_PAGER_H
#define MONITOR_PAGER_H

#include <l4/types.h>

#include "domain.h"

/* Each handles one fault message whose words are in w[], and returns the number of
 * typed words of the reply that it has put there, or -1 for no reply: the domain
 * has ended. */
int pager_page_fault(struct domain *d, unsigned rights, L4_Word_t *w);
int pager_io_fault(struct domain *d, const L4_Word_t *w);
int pager_exception(struct domain *d, unsigned words, const L4_Word_t *w);

#endif
