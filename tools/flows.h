/* SPDX-License-Identifier: BSD-2-Clause */
/* `marzipan check --flows`: who can influence whom, for people and for machines. */
#ifndef TOOLS_FLOWS_H
#define TOOLS_FLOWS_H

#include <manifest/flows.h>
#include <stdio.h>

void flows_print(const struct flows *flows, FILE *out);
void flows_print_json(const struct flows *flows, FILE *out);

#endif
