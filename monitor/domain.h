/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains: the monitor's children, each a VM with its VMM or a native program.
 * A domain is a protection domain and an owner of resources: everything that a
 * child has is charged to its domain and goes back when the domain ends.
 */
#ifndef MONITOR_DOMAIN_H
#define MONITOR_DOMAIN_H

#include <stdbool.h>
#include <stdint.h>

#include <l4/types.h>

#include <marzipan/vmm.h>

#include "config.h"
#include "elf.h"
#include "modules.h"
#include "quota.h"
#include "restart.h"
#include "screen.h"

/* A domain's threads: numbered slots, each with a thread number of its own. */
#define SLOT_MAIN    0u /* slots 0-31: threads in the domain's own space, slot = UTCB */
#define SLOT_OWN_END 32u
#define SLOT_VM      32u /* the thread that stands for the VM space                    */
#define SLOT_SPACES  33u /* threads that stand for spaces made by request              */
#define SLOTS        48u

enum domain_state {
    DOMAIN_ENDED, /* down, and stays down            */
    DOMAIN_RUNNING,
    DOMAIN_WAITING /* down until restart_at_ms        */
};

/* The pages that back a domain's image and heap: physical page numbers, 0 = none. */
#define IMAGE_PAGES 1024u /* 4 MiB  */
#define HEAP_PAGES  4096u /* 16 MiB */

struct frames {
    uint32_t image[IMAGE_PAGES];
    uint32_t heap[HEAP_PAGES];
};

struct domain {
    unsigned number; /* 1 ..; its owner number in the memory book and its kernel account */
    const struct domain_config *config;
    const struct elf_image *program;      /* the VMM, or the native program         */
    const struct module *kernel, *initrd; /* VMs only; initrd may be NULL           */
    enum domain_state state;

    struct quota memory; /* bytes                                  */
    struct quota threads;
    struct frames *frames;
    struct mz_boot *boot;
    struct mz_console *rings;
    uint16_t *ram; /* chunk numbers of guest RAM             */
    L4_ThreadId_t thread[SLOTS];
    uint64_t slots_used; /* a bit for each that has ever had a thread */

    unsigned incarnation;
    bool succeeded; /* how its last life ended                */
    struct restart_history history;
    uint64_t restart_at_ms;

    struct screen screen;
    uint32_t out_tail, in_head;   /* ours; the shared words are copies      */
    bool ring_broken, input_lost; /* said once a life                       */
    L4_ThreadId_t flusher;        /* waits for its console ring to drain    */

    bool started;          /* MZ_OP_STARTED has come                 */
    uint64_t log_since_ms; /* its log lines of the current second    */
    unsigned log_lines, log_left_out;

    L4_Word_t fault_addr, fault_ip; /* the latest page fault and how often it */
    unsigned fault_repeats;         /* came again with nothing in between     */
};

extern struct domain domains[CONFIG_DOMAINS];
extern unsigned domain_count;

/* "vm web", "program t1": how log lines name it. */
const char *domain_kind(const struct domain *d);

/* Take one page (zeroed) or `count` adjacent pages (not zeroed) for the domain, charged
 * to it.  NULL: *error tells whether its quota or the machine is exhausted. */
void *domain_take_pages(struct domain *d, unsigned count, enum mz_error *error);

/* Say who holds the machine's memory: "web 514 MiB, db 258 MiB, ...; 12 MiB free". */
void domain_holders(char *text, size_t size);

#endif
