/* SPDX-License-Identifier: BSD-2-Clause */
#include "reach.h"

#include <l4/vcpu.h>

static bool domains_exist(void)
{
    return L4_Almond() && L4_Almond()->features & L4_ALMOND_F_DOMAINS;
}

void reach_begin(const struct domain *d)
{
    if (!domains_exist())
        return;
    L4_DomainControl(d->number, L4_DOMAIN_REACH_NONE, 0);
    L4_DomainControl(d->number, L4_DOMAIN_REACH, L4_DOMAIN_ROOT);
    FOR_EACH_DOMAIN(other)
    {
        if (other != d)
            L4_DomainControl(other->number, L4_DOMAIN_UNREACH, d->number);
    }
}

void reach_connect(const struct domain *a, const struct domain *b)
{
    if (!domains_exist() || a == b)
        return;
    L4_DomainControl(a->number, L4_DOMAIN_REACH, b->number);
    L4_DomainControl(b->number, L4_DOMAIN_REACH, a->number);
}
