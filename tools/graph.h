/* SPDX-License-Identifier: BSD-2-Clause */
/* `marzipan graph`: the system as a picture, in the language of Graphviz. */
#ifndef TOOLS_GRAPH_H
#define TOOLS_GRAPH_H

#include <manifest/flows.h>
#include <stdio.h>

void graph_print(const struct flows *flows, FILE *out);

#endif
