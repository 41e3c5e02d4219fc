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

#include <boot/elf.h>
#include <manifest/config.h>
#include <marzipan/errors.h>
#include <marzipan/vmm.h>

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
    DOMAIN_FREE,  /* no domain: the record is unused */
    DOMAIN_ENDED, /* down, and stays down            */
    DOMAIN_RUNNING,
    DOMAIN_WAITING,  /* down until restart_at_ms        */
    DOMAIN_DEPENDING /* down until others are ready     */
};

/* The pages that back a domain's image and heap: physical page numbers, 0 = none. */
#define IMAGE_PAGES 1024u /* 4 MiB  */
#define HEAP_PAGES  4096u /* 16 MiB */

struct frames {
    uint32_t image[IMAGE_PAGES];
    uint32_t heap[HEAP_PAGES];
};

struct domain {
    unsigned number; /* 1 ..; its owner number in the memory book                */
    unsigned window; /* the kernel's number of it, see supply.h                  */
    struct domain_config config;
    struct elf_image program;             /* the VMM, or the native program         */
    const struct module *kernel, *initrd; /* VMs only; initrd may be NULL           */
    enum domain_state state;

    struct quota memory;  /* bytes                                  */
    struct quota threads; /* a monitor's: of all that is below it, too */
    struct quota windows; /* a monitor's, for domains below it         */
    struct frames *frames;
    struct mz_boot *boot;
    struct mz_console *rings;
    uint16_t *ram; /* chunk numbers of guest RAM, in pages of the domain's own */
    L4_ThreadId_t thread[SLOTS];
    uint8_t processor[SLOT_OWN_END]; /* where the slots' threads run */
    uint64_t slots_used;             /* a bit for each that has ever had a thread */

    unsigned creator;           /* number of who has created it, 0: the description    */
    struct config_texts *texts; /* of one that was created                  */
    L4_ThreadId_t event_waiter; /* waits for an event behind event_after    */
    uint64_t event_after;
    char last_end[64];

    unsigned incarnation;
    uint64_t cpu_before_us; /* time of those that had its number before */
    L4_Word_t sent_before;  /* and their messages, modulo a word's size */
    bool succeeded;         /* how its last life ended                */
    bool ready;             /* who is to start after it may           */
    bool paused;
    uint32_t beyond;      /* slots that have used up their budget of this period */
    uint64_t period_us;   /* when the next period of its processor time begins */
    uint64_t stop_at_ms;  /* asked to stop: when patience ends; else 0     */
    uint64_t press_at_ms; /* and when it is asked again                    */
    uint32_t patience_ms; /* and how long that is                          */
    uint64_t alive_at_ms; /* when its watchdog was last fed, 0: not armed  */
    struct restart_history history;
    uint64_t restart_at_ms;

    struct screen screen;
    uint32_t out_tail, in_head, log_tail; /* ours; the shared words are copies      */
    bool ring_broken, input_lost;         /* said once a life                       */
    L4_ThreadId_t flusher;                /* waits for its console ring to drain    */

    bool started;          /* its guest has begun                    */
    uint64_t log_since_ms; /* its log lines of the current second    */
    unsigned log_lines, log_left_out;

    uint64_t requests, refused, faults; /* of its threads, in this life */

    L4_Word_t fault_addr, fault_ip; /* the latest page fault and how often it */
    unsigned fault_repeats;         /* came again with nothing in between,    */
    unsigned fault_unmappings;      /* not even an unmapping by the monitor   */
};

/* The records, in use or not; those from domain_end on never were.  The last one is the operator's
 * shell: it is none of those that he sees, and has no number and no name for anybody. */
extern struct domain domains[CONFIG_DOMAINS + 1];
extern unsigned domain_end;
#define domain_shell (&domains[CONFIG_DOMAINS])

/* The first domain, and the one behind d in the order of their numbers; NULL: there is none. */
struct domain *domain_next(const struct domain *d);
struct domain *domain_behind(unsigned number);

#define FOR_EACH_DOMAIN(d) for (struct domain *d = domain_next(NULL); d; d = domain_next(d))

/* A record for a new domain that is down, with a copy of its configuration; NULL: there are
 * CONFIG_DOMAINS already, or the parent gives no more.  Its number may be that of a domain that
 * was. */
struct domain *domain_add(const struct domain_config *config);

/* The same in this record. */
struct domain *domain_add_at(struct domain *d, const struct domain_config *config);

/* The record of a domain that is down becomes free. */
void domain_remove(struct domain *d);

/* The one with this window; NULL: there is none. */
struct domain *domain_of_window(unsigned window);

/* By its name; NULL: there is none. */
struct domain *domain_named(const char *name);

/* Microseconds that its threads have run, in all its lives; 0 on a kernel that does not count. */
uint64_t domain_cpu_time(const struct domain *d);

/* "vm web", "program t1": how log lines name it. */
const char *domain_kind(const struct domain *d);

/* Take `count` adjacent pages, at most 512, for the domain, charged to it and zeroed.  NULL: *error
 * tells whether its quota or the machine is exhausted. */
void *domain_take_pages(struct domain *d, unsigned count, enum mz_error *error);

/* Give adjacent pages back, which nobody has any more. */
void domain_give_pages(struct domain *d, uint64_t phys, unsigned count);

#endif
