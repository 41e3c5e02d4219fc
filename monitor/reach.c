/* SPDX-License-Identifier: BSD-2-Clause */
#include "reach.h"

#include "supply.h"

void reach_begin(const struct domain *d)
{
    supply->isolate(d->window);
    supply->connect(d->window, supply_own_window());
}

void reach_connect(const struct domain *a, const struct domain *b)
{
    if (a != b)
        supply->connect(a->window, b->window);
}
