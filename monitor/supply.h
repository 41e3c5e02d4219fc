/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who makes threads and spaces for the monitor: the narrow interface behind which it is the root
 * task, which makes privileged system calls, or the child of another monitor, which asks its parent
 * by the interface `monitor`.
 *
 * A domain has a number of the kernel's, its window: it names the domain's kernel account, whom it
 * reaches, and SUPPLY_THREADS thread numbers.  The root task gives windows to all monitors.
 */
#ifndef MONITOR_SUPPLY_H
#define MONITOR_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

#include <l4/types.h>

#include <marzipan/errors.h>

#define SUPPLY_THREADS   64u   /* thread numbers of a window            */
#define SUPPLY_WINDOWS   1023u /* windows are below; 0 is the root task */
#define SUPPLY_UNCHANGED (~UINT64_C(0))

/* Whether this monitor is another one's child. */
bool supply_is_nested(void);

/* A window that nobody has, isolated and without kernel memory; 0: there is none.  Who frees one
 * has deleted its threads. */
unsigned supply_new_window(void);
void supply_free_window(unsigned window);

/* Limit its kernel memory, unless SUPPLY_UNCHANGED.  What is used and the limit, 0 where the kernel
 * does not count, unless NULL.  MZ_ERR_QUOTA: that is more than there is. */
enum mz_error supply_kernel_memory(unsigned window, uint64_t limit, uint64_t *used, uint64_t *now);

/* Microseconds that its threads have run; 0 where the kernel does not count. */
uint64_t supply_cpu_time(unsigned window);

/* Messages of its threads that are no more. Not in a monitor inside of another. */
L4_Word_t supply_messages_sent(unsigned window);

/* Nobody and the window reach each other any more; two windows reach each other. */
void supply_isolate(unsigned window);
void supply_connect(unsigned a, unsigned b);

/* What the kernel's latest refusal means for whoever asked: MZ_ERR_QUOTA, if its memory for him is
 * used up, else MZ_ERR_BAD_ARG. */
enum mz_error supply_refusal(void);

/* An inactive thread in a space of its own, with the layout of vmm.h or for a VM; a thread in
 * the space of `space`, or this one itself, that waits for its start by the pager; its binding to the
 * VM space of `space`; its end, with its space if it was the last there. */
enum mz_error supply_create_space(L4_ThreadId_t t, L4_ThreadId_t pager, bool vm);
enum mz_error supply_create_thread(L4_ThreadId_t t, L4_ThreadId_t space, L4_ThreadId_t pager);
enum mz_error supply_bind_vcpu(L4_ThreadId_t t, L4_ThreadId_t space);
void supply_delete_thread(L4_ThreadId_t t);

/* The window and slot of a thread's number, 0: it is in none; and the id with this version. */
unsigned supply_window(L4_ThreadId_t id, unsigned *slot);
L4_ThreadId_t supply_thread(unsigned window, unsigned slot, L4_Word_t version);

/* This monitor's own window. */
unsigned supply_own_window(void);

/* Memory of this monitor's own that it is about to map to a child is there: a nested monitor gets
 * its own when it touches it. */
void supply_touch(uint64_t base, uint64_t size);

#endif
