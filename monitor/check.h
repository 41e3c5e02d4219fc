/* SPDX-License-Identifier: BSD-2-Clause */
/* The check before anything starts: nothing boots half. */
#ifndef MONITOR_CHECK_H
#define MONITOR_CHECK_H

#include "config.h"

/* Fill domains[] from the description and see that each can run: images there and
 * whole, memory enough, hardware able.  Every fault gets a line in the log with its
 * remedy; returns their number. */
unsigned check_system(const struct system_config *config);

#endif
