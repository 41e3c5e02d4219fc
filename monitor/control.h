/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VM control: what the operator, and programs that may, do to domains while the system
 * runs.  Each is refused with MZ_ERR_BAD_STATE where the domain's state makes no sense of it.
 */
#ifndef MONITOR_CONTROL_H
#define MONITOR_CONTROL_H

#include "domain.h"

/* Who does it, for lines of the log. */
#define CONTROL_OPERATOR "by the operator"
extern const char *control_actor;

/* Of a domain that is down; it waits for what it comes after, as at boot.  One that was created is
 * checked: MZ_ERR_VM_BAD_KEY, MZ_ERR_DENIED, MZ_ERR_QUOTA, MZ_ERR_NO_MEMORY, MZ_ERR_VM_BAD_IMAGE,
 * each with a line in the log. */
enum mz_error control_start(struct domain *d);

/* Ask it to stop (a VM: its power button); after so long, or the description's time if that is
 * shorter, it is killed. */
#define CONTROL_PATIENT UINT32_MAX
enum mz_error control_stop(struct domain *d, uint32_t patience_ms);

/* Press its power button, again: a guest that has just begun to boot did not notice the first time. */
void control_press(struct domain *d);

/* Its threads stay where they are, and go on. */
enum mz_error control_pause(struct domain *d);
enum mz_error control_resume(struct domain *d);

/* Start it anew, running or not. */
enum mz_error control_reset(struct domain *d);

/* End it now; one that is down stays down. */
enum mz_error control_kill(struct domain *d);

/* Whether the domain may control what has this name. */
bool control_allows(const struct domain *who, const char *name);

/* Make a domain that is down, with defaults; it is checked when it starts.  MZ_ERR_EXISTS: the name is
 * taken; MZ_ERR_QUOTA: there are too many, or the creator may not create so much; MZ_ERR_NO_MEMORY. */
enum mz_error control_create(const char *name, bool program, const struct domain *creator,
                             struct domain **created);

/* It is gone, after it was killed if need be, and so is what it has created. */
void control_destroy(struct domain *d);

#endif
