/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MANIFEST_RELATIONS_H
#define MANIFEST_RELATIONS_H

#include <manifest/nearest.h>
#include <manifest/system.h>

/* Who may publish a service that the path allows; NULL: nobody, and *nearest has seen
 * all that may be published. */
const struct domain *find_publisher(struct system *system, const char *path,
                                    struct nearest *nearest);

/* Report that nobody may, unless that is the consequence of another fault. */
void report_unpublished(struct system *system, const struct value *entry, const char *best);

#endif
