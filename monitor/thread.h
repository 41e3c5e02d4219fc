/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of domains and their ids.  Each domain has a window of thread numbers,
 * so the sender of a message leads to its domain by arithmetic; the version
 * part is new for each thread, so an id of a dead thread leads nowhere.
 */
#ifndef MONITOR_THREAD_H
#define MONITOR_THREAD_H

#include <l4/types.h>

#include "domain.h"

/* The domain and slot of a living thread, from an id that the kernel or a client
 * gave; NULL if it is nobody's. */
struct domain *thread_find(L4_ThreadId_t id, unsigned *slot);

/* The number that the slot's threads have, one after the other. */
L4_Word_t thread_number(const struct domain *d, unsigned slot);

/* Reserve the slot: charge the domain's quota and give it a new id in
 * d->thread[slot].  MZ_ERR_QUOTA, or MZ_ERR_BAD_ARG if it is taken. */
enum mz_error thread_reserve(struct domain *d, unsigned slot);

/* Make a space, with the layout of vmm.h, and the inactive thread of `slot` in it. */
enum mz_error thread_create_space(struct domain *d, unsigned slot);

/* Make the domain's own space with its main thread, which waits for its start. */
enum mz_error thread_create_main(struct domain *d);

/* Make the VM space and bind the thread in `slot` to it as a vCPU. */
enum mz_error thread_create_vm(struct domain *d);
enum mz_error thread_bind_vcpu(struct domain *d, unsigned slot);

/* Make one more thread in the domain's own space; it waits for its start, too. */
enum mz_error thread_create(struct domain *d, unsigned slot);

/* Make a thread that waits run. */
bool thread_start(struct domain *d, unsigned slot, L4_Word_t ip, L4_Word_t sp);

enum mz_error thread_set_priority(struct domain *d, unsigned slot, unsigned priority);

/* Delete the thread, with its space if it was the last there, and free the slot.
 * Nothing happens for a free slot. */
void thread_delete(struct domain *d, unsigned slot);

#endif
