/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A system description, read and checked: what docs/system-description.md
 * describes, as structs.
 */
#ifndef MANIFEST_SYSTEM_H
#define MANIFEST_SYSTEM_H

#include <manifest/image.h>
#include <manifest/report.h>
#include <manifest/units.h>

#define SYSTEM_VMS       64 /* as many as the monitor takes */
#define SYSTEM_PROGRAMS  24
#define SYSTEM_MONITORS  8
#define SYSTEM_DOMAINS   (SYSTEM_VMS + SYSTEM_PROGRAMS + SYSTEM_MONITORS)
#define PRIORITY_DEFAULT 100
#define PRIORITY_MAX     200
#define SYSTEM_SHELL     "shell" /* the operator's: its name, that of its module */
#define MACHINE_MOST     (64 * GIB)
#define SYSTEM_LEVELS    4 /* descriptions inside of each other */

/* One value, with the place where it was written; at.line is 0 for a default.
 * Of a range, number is the first and last the last.
 * Sizes are in bytes, times in milliseconds or, of
 * reservations, microseconds, flags 0 or 1; text is as written, NULL
 * if there is no value, or if what was written is at fault.  Of a list, number is how
 * many items it has, and text is those with a space between two. */
struct value {
    struct mark at;
    uint64_t number, last;
    const char *text;
    const struct value *items;
};

struct restart {
    struct value policy, limit, window, delay;
};

struct quotas {
    struct value kernel_memory, threads; /* text NULL: the monitor's default */
};

/* Time for certain; none if the budget's text is NULL. */
struct reservation {
    struct value budget, period;
};

/* What of the machine it may have for itself. */
struct devices {
    struct value interrupts, ports, memory, messages;
};

/* What VMs, programs and monitors say alike about their place among the others. */
struct common {
    struct value after, publishes, uses, shares, controls, creates, autostart;
    struct value weight, cap, cpus;
    struct reservation reservation;
    struct devices devices;
    struct value watchdog, stop_timeout, log;
};

struct vm {
    struct vm *next;
    const char *name;
    struct mark at;
    struct value kernel, initrd, cmdline, memory, vcpus, priority, colour, may_poweroff;
    struct restart restart;
    struct quotas quotas;
    struct common common;
    const struct image *kernel_image;
    const struct image *initrd_image; /* NULL: none */
};

/* A native L4 program that runs beside the VMs. */
struct program {
    struct program *next;
    const char *name;
    struct mark at;
    struct value image, cmdline, memory, priority, may_poweroff;
    struct restart restart;
    struct quotas quotas;
    struct common common;
    const struct image *program_image;
};

/* A monitor that runs a system of its own inside of this one. */
struct monitor {
    struct monitor *next;
    const char *name;
    struct mark at;
    struct value system, cmdline, memory, domains, priority, colour;
    struct restart restart;
    struct quotas quotas;
    struct common common; /* without services and shares */
    struct system *inner; /* NULL: it could not be found */
    const struct image *module;
    /* Its limits, be they written or not. */
    uint64_t domain_limit, kernel_memory, threads;
};

enum domain_kind { DOMAIN_VM, DOMAIN_PROGRAM, DOMAIN_MONITOR };

/* A VM, program or monitor, to whom it makes no difference. */
struct domain {
    const char *name;
    struct mark at;
    enum domain_kind kind;
    uint64_t vcpus; /* 1 for all but VMs */
    uint64_t memory;
    bool may_poweroff;
    const struct value *priority;
    const struct quotas *quotas;
    const struct common *common;
    const struct monitor *monitor; /* NULL: another kind */
};

/* The processors of a list "cpus", as a mask; 0 if it says nothing. */
uint32_t system_cpus(const struct value *cpus);

struct machine {
    struct value memory, processors, type, cpu;
};

struct system {
    struct arena arena;
    struct report report;
    struct {
        struct value history, focus;
    } console;
    struct machine machine;
    struct vm defaults;
    struct vm *vms;
    struct program *programs;
    struct monitor *monitors;
    struct image *images; /* of all descriptions, in the outermost: each file once, in the order
                             of first use                                               */
    unsigned vm_count, program_count, monitor_count;
    struct domain *domains; /* VMs, programs, monitors, as the monitor numbers them; only if
                               there are not too many                             */
    unsigned domain_count;
    /* What runs it; NULL for the outermost. */
    struct system *outer;
    const struct monitor *entry;
};

/* How to read a description. */
struct system_options {
    bool no_files;      /* do not look at kernels, initrds and programs          */
    const char *guests; /* folder of the catalogue's images; NULL: there is none */
    uint64_t memory;    /* of the machine, instead of what the description says  */
};

/* What system_cpus() says of somebody in the system; who says nothing has the processors of the
 * monitor that he is inside of. */
uint32_t system_cpus_in(const struct system *system, const struct value *cpus);

/* The one that is inside of no other. */
struct system *system_outermost(struct system *system);

/* Read and check the file.  Findings are in system->report; if there are errors,
 * the rest of *system is incomplete.  system_free() in any case. */
void system_load(struct system *system, const char *path, const struct system_options *options);

/* The same for a text that is in memory already; paths in it are relative to the
 * folder of path. */
void system_parse(struct system *system, const char *path, const char *text, size_t size,
                  const struct system_options *options);

void system_free(struct system *system);

/* The memory that the machine is given if the description does not say: what is
 * needed, rounded up. */
uint64_t system_machine_memory(const struct system *system);

/* Its processors: if the description does not say, each vCPU of a VM can have one of its own, and the
 * monitor one more. */
uint64_t system_machine_processors(const struct system *system);

/* Everything that occupies memory, in bytes, beside the VMs' and programs' own. */
struct system_budget {
    uint64_t vms, programs, monitors; /* theirs, with a share of each for itself */
    uint64_t created;                 /* of what may be created                  */
    uint64_t images;                  /* boot modules stay in memory             */
    uint64_t kernel;                  /* the kernel's block                      */
    uint64_t servers;                 /* loader, kernel, sigma0, monitor         */
    uint64_t total;
};

/* What a monitor needs to run the system inside of another one. */
uint64_t system_inner_memory(const struct system *system);

void system_budget(const struct system *system, uint64_t machine, struct system_budget *budget);

#endif
