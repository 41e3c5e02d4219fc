/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Confinement: whom the threads of a domain can send to, notify, or name as a partner.  Every
 * domain reaches itself and the monitor; sigma0 and other domains only where the description
 * lets them (Almond's DomainControl).  A kernel without domains confines nobody.
 */
#ifndef MONITOR_REACH_H
#define MONITOR_REACH_H

#include "domain.h"

/* A domain begins: it reaches the monitor only, and nobody reaches it. */
void reach_begin(const struct domain *d);

/* Two domains may talk: calls have answers, so it goes both ways. */
void reach_connect(const struct domain *a, const struct domain *b);

#endif
