/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VM control: what the operator, and programs that may, do to domains while the system
 * runs.  Each is refused with MZ_ERR_BAD_STATE where the domain's state makes no sense of it.
 */
#ifndef MONITOR_CONTROL_H
#define MONITOR_CONTROL_H

#include "domain.h"

/* Of a domain that is down; it waits for what it comes after, as at boot. */
enum mz_error control_start(struct domain *d);

/* Ask it to stop (a VM: its power button); after its patience it is killed. */
enum mz_error control_stop(struct domain *d);

/* Its threads stay where they are, and go on. */
enum mz_error control_pause(struct domain *d);
enum mz_error control_resume(struct domain *d);

/* Start it anew, running or not. */
enum mz_error control_reset(struct domain *d);

/* End it now; one that is down stays down. */
enum mz_error control_kill(struct domain *d);

/* Make a domain that is down, checked like those of the description.  MZ_ERR_EXISTS: the name
 * is taken; MZ_ERR_BAD_ARG: it cannot run, the log says why; MZ_ERR_QUOTA: there are too
 * many; MZ_ERR_NO_MEMORY. */
enum mz_error control_create(const struct domain_config *config, struct domain **created);

/* It is gone, after it was killed if need be. */
void control_destroy(struct domain *d);

#endif
