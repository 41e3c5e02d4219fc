/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Confinement: whom the threads of a domain can send to, notify, or name as a partner.  Every
 * domain reaches itself and the monitor; sigma0 and other domains only where the description
 * lets them (Almond's DomainControl).  A kernel without domains confines nobody.
 */
#ifndef MONITOR_REACH_H
#define MONITOR_REACH_H

#include "domain.h"
#include "supply.h"

/* A domain begins: it reaches the monitor only, and nobody reaches it. */
static inline void reach_begin(const struct domain *d)
{
    supply_isolate(d->window);
    supply_connect(d->window, supply_own_window());
}

/* Two domains may talk: calls have answers, so it goes both ways. */
static inline void reach_connect(const struct domain *a, const struct domain *b)
{
    if (a != b)
        supply_connect(a->window, b->window);
}

#endif
