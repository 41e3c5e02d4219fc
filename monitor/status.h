/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's table of domains. */
#ifndef MONITOR_STATUS_H
#define MONITOR_STATUS_H

void status_show(void);

#endif
