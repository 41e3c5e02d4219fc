/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processor time: who gets how much of it, and where.
 *
 *   weight       at equal priority, time goes round in slices as long as the weights demand
 *   cap          in each period of POLICY_PERIOD_US a domain runs so much and no more: its threads'
 *                total quanta are that long, and are filled up when the period begins
 *   reservation  in each period of its own a domain runs its budget before all others, and what is
 *                beyond it as one of them
 *   cpus         the processors that its threads are spread over, the least loaded first
 *
 * Caps and budgets are divided among the threads that run the domain: a VM's vCPUs.
 */
#ifndef MONITOR_POLICY_H
#define MONITOR_POLICY_H

#include "domain.h"

#define POLICY_PERIOD_US 100000u
#define POLICY_PRIORITY  220u   /* of a domain that runs its budget */
#define POLICY_SLICE_US  10000u /* of the largest weight            */
#define POLICY_MIN_SLICE 100u

/* The slice of a weight beside the largest one, for each of `sharing` threads. */
uint32_t policy_slice_us(uint32_t weight, uint32_t largest, uint32_t sharing);

/* The part of one of `threads` threads in each period of POLICY_PERIOD_US, if all of them may
 * use `percent` of a processor. */
uint32_t policy_cap_us(uint32_t percent, uint32_t threads);

/* A domain begins, or has ended: slices depend on who is there. */
void policy_begin(struct domain *d);
void policy_end(void);

/* A new thread of the domain's: where it runs, and how much. */
enum mz_error policy_thread(struct domain *d, unsigned slot);

/* Its weight has changed; or its cap or reservation, and with `priority` also its priority, which
 * all of its threads have then.  It need not run. */
void policy_weight_changed(const struct domain *d);
void policy_changed(struct domain *d, bool priority);

/* A thread goes to the least loaded of these processors; MZ_ERR_BAD_ARG: none of them is there. */
enum mz_error policy_pin(struct domain *d, unsigned slot, uint32_t processors);

/* How many processors there are, and which the domain may use, as a mask. */
unsigned policy_processors(void);
uint32_t policy_allowed(const struct domain *d);

/* The thread has used its quantum up: it waits until it gets more. */
void policy_exhausted(struct domain *d, unsigned slot);

/* Begin periods whose time has come.  Microseconds until the next, 0: there is none. */
uint64_t policy_poll(void);

#endif
