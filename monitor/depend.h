/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of starts: what a domain comes after. */
#ifndef MONITOR_DEPEND_H
#define MONITOR_DEPEND_H

#include "domain.h"

#define DEPEND_TEXT 80

/* Whether all that the domain comes after is there: other domains, ready, and services.  If
 * not, the first that is missing is named in text[DEPEND_TEXT]. */
bool depend_satisfied(const struct domain *d, char *text);

#endif
