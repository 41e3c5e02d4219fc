/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MANIFEST_RELATIONS_H
#define MANIFEST_RELATIONS_H

#include <manifest/nearest.h>
#include <manifest/system.h>

/* Who may publish a service that the path allows; NULL: nobody, and *nearest has seen
 * all that may be published. */
const struct domain *find_publisher(struct system *system, const char *path,
                                    struct nearest *nearest);

#define NOBODY (-1)

/* The VM or program of this name, its number in system->domains; NOBODY, and *nearest has seen all
 * names. */
int find_domain(const struct system *system, const char *name, struct nearest *nearest);

/* Report that there is none; best may be what was meant. */
void report_nobody(struct system *system, const struct value *entry, const char *best);

/* Report that nobody may, unless that is the consequence of another fault. */
void report_unpublished(struct system *system, const struct value *entry, const char *best);

#endif
