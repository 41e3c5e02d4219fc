/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens to domains, for those who may control them: the last events, and who waits for one. */
#ifndef MONITOR_EVENTS_H
#define MONITOR_EVENTS_H

#include <marzipan/vm.h>

#include "domain.h"

/* Something has happened to the domain: whoever waits for it is told. */
void events_note(const struct domain *d, enum mz_vm_change what, const char *text);

/* The first event behind number `after` that the domain may know of.  MZ_LATER: there is none yet;
 * MZ_ERR_VM_EVENTS_LOST: it is no longer known. */
enum mz_error events_next(const struct domain *d, uint64_t after, struct mz_vm_event *next);

#endif
