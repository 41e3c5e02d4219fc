/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the monitor's own resources come from, and who makes threads and spaces for it: the narrow
 * interface behind which a monitor is the root task (supply_root.c: sigma0 and privileged system
 * calls) or the child of another monitor (supply_nested.c: calls of its parent).
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

#define SUPPLY_THREADS 64u   /* thread numbers of a window          */
#define SUPPLY_WINDOWS 1023u /* windows are below; 0 is the root task */

#define SUPPLY_UNCHANGED (~UINT64_C(0))

/* What a window's threads have used and may use; 0 where the kernel does not count. */
struct supply_usage {
    uint64_t kernel_memory, kernel_memory_limit, cpu_us;
};

struct supply {
    /* At the start: enter the RAM into the memory book; find the modules (false: there is no
     * list); get the interrupt delivered to this thread. */
    void (*ram)(void);
    bool (*modules)(void);
    bool (*interrupt)(unsigned irq);

    /* Seconds since 1970 when the kernel's clock was 0; 0: not known. */
    uint64_t (*boot_seconds)(void);

    /* A window that nobody has, isolated and without kernel memory; 0: there is none.  Who frees
     * one has deleted its threads. */
    unsigned (*new_window)(void);
    void (*free_window)(unsigned window);

    struct supply_usage (*usage)(unsigned window);

    /* False: the limit is more than there is. */
    bool (*limit_kernel_memory)(unsigned window, uint64_t limit);

    /* Nobody and the window reach each other; two windows reach each other. */
    void (*isolate)(unsigned window);
    void (*connect)(unsigned a, unsigned b);

    /* An inactive thread in a space of its own, with the layout of vmm.h or for a VM; a thread in
     * the space of `space`, or this one itself, which waits for its start by the pager; its
     * binding to the VM space of `space`; its end, with its space if it was the last there. */
    enum mz_error (*create_space)(L4_ThreadId_t t, L4_ThreadId_t pager, bool vm);
    enum mz_error (*create_thread)(L4_ThreadId_t t, L4_ThreadId_t space, L4_ThreadId_t pager);
    enum mz_error (*bind_vcpu)(L4_ThreadId_t t, L4_ThreadId_t space);
    void (*delete_thread)(L4_ThreadId_t t);

    /* Whether somebody wants this monitor to stop all that it runs. */
    bool (*asked_to_stop)(void);

    /* All is done. */
    __attribute__((noreturn)) void (*end)(unsigned code, const char *why);
};

extern const struct supply supply_root, supply_nested;

/* The one that this monitor has, from supply_init() on. */
extern const struct supply *supply;

void supply_init(void);

static inline bool supply_is_nested(void)
{
    return supply == &supply_nested;
}

/* The window and slot of a thread's number, 0: it is in none; and the id with this version. */
unsigned supply_window(L4_ThreadId_t id, unsigned *slot);
L4_ThreadId_t supply_thread(unsigned window, unsigned slot, L4_Word_t version);

/* This monitor's own window. */
unsigned supply_own_window(void);

/* Memory of this monitor's own that it is about to map to a child is there: a nested monitor gets
 * its own when it touches it. */
void supply_touch(uint64_t base, uint64_t size);

#endif
