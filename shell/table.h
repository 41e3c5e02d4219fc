/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's tables: all domains, what they use, and one domain's quotas. */
#ifndef SHELL_TABLE_H
#define SHELL_TABLE_H

#include <stdbool.h>

#include <marzipan/operator.h>

/* Look one up by its name; false: there is none. */
bool table_find(const char *who, struct mz_operator_row *row);

/* "running", "paused", "off", ... */
const char *table_state(const struct mz_operator_row *row);

/* A line for each domain and one for the rest.  With `cpu`, the share of a processor that each
 * has used since the last such table. */
void table_write(void (*out)(const char *line), bool cpu);

void table_quota(const char *who, void (*out)(const char *line));

#endif
