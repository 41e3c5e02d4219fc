/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system description as the monitor uses it: what system.dtb says, checked
 * and with defaults filled in.  Its schema is docs/system-description.md.
 */
#ifndef MONITOR_CONFIG_H
#define MONITOR_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <marzipan/log.h>
#include <marzipan/vmm.h>

#include "restart.h"

#define CONFIG_VMS      64
#define CONFIG_PROGRAMS 24
#define CONFIG_MONITORS 8
#define CONFIG_DOMAINS  (CONFIG_VMS + CONFIG_PROGRAMS + CONFIG_MONITORS)
#define CONFIG_VCPUS    8

/* Memory of a domain beyond what the description gives it: the VMM's or
 * program's own pages, heap included, and the monitor's book about it. */
#define CONFIG_OVERHEAD (UINT64_C(2) << 20)

struct domain_config {
    char name[MZ_NAME_MAX];
    bool program;    /* a native program, else a VM                   */
    bool monitor;    /* a program that is a monitor                   */
    uint64_t memory; /* RAM of a VM or monitor, or a program's heap   */
    uint32_t vcpus;
    const char *module; /* program: its image.  VM: its kernel           */
    const char *initrd; /* NULL if there is none                         */
    const char *system;  /* monitor: the module that is its description    */
    const char *modules; /* and all that it sees, separated by blanks      */
    uint32_t windows;    /* and how many domains may be below it           */
    const char *cmdline;
    struct restart_policy restart;
    uint32_t priority;
    uint64_t kernel_memory;
    uint32_t threads;
    const char *colour; /* escape sequence                               */
    bool may_poweroff;
    const char *after;     /* names and paths, separated by blanks; NULL: none     */
    const char *publishes; /* lists of paths for path_in_list()                    */
    const char *uses;
    uint32_t weight;
    uint32_t cap;                       /* percent of a processor, 0: none                     */
    uint32_t budget_us, reservation_us; /* budget in each period, 0: none                      */
    uint32_t cpus;                      /* bit n: processor n; 0: all                          */
    uint32_t log_level;   /* enum mz_log_level: its lines up to this are kept         */
    uint32_t watchdog_ms; /* 0: none                                              */
    uint32_t stop_ms;     /* patience with one that is asked to stop              */
};

struct system_config {
    unsigned count;
    struct domain_config domain[CONFIG_DOMAINS];
    uint32_t history;    /* bytes of scroll-back for each                 */
    int focus;           /* index into domain[], or -1                    */
    uint32_t debug_exit; /* port of QEMU's isa-debug-exit, or 0           */
};

/* Whether the domain's memory is RAM, in whole chunks that it gets when it starts. */
static inline bool config_has_ram(const struct domain_config *c)
{
    return !c->program || c->monitor;
}

/* Read a compiled system description.  Strings of *config point into the blob.
 * 0, or -1 with the fault in error. */
int config_read(const void *blob, size_t blob_size, struct system_config *config, char *error,
                size_t error_size);

#endif
