/* SPDX-License-Identifier: BSD-2-Clause */
/* Spaces that a domain makes beside its own, each named by an inactive thread in it. */
#ifndef MONITOR_SPACE_H
#define MONITOR_SPACE_H

#include "domain.h"

/* Make one, laid out and charged like the domain's own; its slot in *slot. */
enum mz_error space_create(struct domain *d, unsigned *slot);

/* Whether the slot is one of these. */
bool space_slot(unsigned slot);

#endif
