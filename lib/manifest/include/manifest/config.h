/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system description as the monitor uses it: what system.dtb says, checked
 * and with defaults filled in.  Its schema is docs/system-description.md.
 */
#ifndef MANIFEST_CONFIG_H
#define MANIFEST_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <marzipan/vmm.h>

enum restart_when { RESTART_NEVER, RESTART_ON_FAILURE, RESTART_ALWAYS };

struct restart_policy {
    enum restart_when when;
    uint32_t limit; /* restarts in a window */
    uint32_t window_ms;
    uint32_t delay_ms;
};

#define RESTART_HISTORY 16 /* the limit is at most this */

#define CONFIG_VMS           64
#define CONFIG_PROGRAMS      24
#define CONFIG_MONITORS      8
#define CONFIG_DOMAINS       (CONFIG_VMS + CONFIG_PROGRAMS + CONFIG_MONITORS)
#define CONFIG_VCPUS         8
#define CONFIG_PERIOD_MIN_US 1000u
#define CONFIG_PERIOD_MAX_US 10000000u

/* The kernel's memory for a domain, if nothing else is said. */
#define CONFIG_KERNEL_MEMORY(memory) ((UINT64_C(1) << 20) + (memory) / 256)

/* Memory of a domain beyond what the description gives it: the VMM's or
 * program's own pages, heap included, and the monitor's book about it. */
#define CONFIG_OVERHEAD (UINT64_C(2) << 20)

enum config_kind { CONFIG_VM, CONFIG_PROGRAM, CONFIG_MONITOR };

struct domain_config {
    char name[MZ_NAME_MAX];
    bool program;    /* a native program, else a VM                   */
    bool monitor;    /* a program that is a monitor                   */
    uint64_t memory; /* RAM of a VM or monitor, or a program's heap   */
    uint32_t vcpus;
    const char *module;  /* program: its image.  VM: its kernel           */
    const char *initrd;  /* NULL if there is none                         */
    const char *system;  /* monitor: the module that is its description    */
    const char *modules; /* and all that it sees, separated by blanks      */
    uint32_t windows;    /* and how many domains may be below it           */
    const char *cmdline;
    struct restart_policy restart;
    uint32_t priority;
    uint64_t kernel_memory;
    uint32_t threads;
    uint32_t colour;           /* number of config_colour()                     */
    bool may_poweroff, manual; /* manual: does not start with the system  */
    const char *after;         /* names and paths, separated by blanks; NULL: none     */
    const char *publishes;     /* lists of paths for path_in_list()                    */
    const char *uses;
    const char *shares; /* names, separated by blanks: with whom it may share memory */
    uint32_t weight;
    uint32_t cap;                       /* percent of a processor, 0: none                     */
    uint32_t budget_us, reservation_us; /* budget in each period, 0: none                      */
    uint32_t cpus;                      /* bit n: processor n; 0: all                          */
    uint32_t log_level;     /* enum mz_log_level: its lines up to this are kept         */
    uint32_t watchdog_ms;   /* 0: none                                              */
    uint32_t stop_ms;       /* patience with one that is asked to stop              */
    const char *controls;   /* names of those that it may control, "any": all; NULL */
    const char *devices[3]; /* lists of manifest/spans.h, by enum span_kind                */
    uint32_t messages;      /* message interrupts that it may have                         */
    uint64_t creates;       /* memory of all that it may create, in bytes           */
};

#define CONFIG_LIST_MAX 511u /* characters of a list of names or paths */

/* Where the texts are that config_set() has set. */
struct config_texts {
    uint32_t used;
    char bytes[4096 - sizeof(uint32_t)];
};

struct system_config {
    unsigned count;
    struct domain_config domain[CONFIG_DOMAINS];
    struct domain_config shell; /* the operator's; without a module: there is none */
    uint32_t history;           /* bytes of scroll-back for each                 */
    int focus;                  /* index into domain[], or -1                    */
    uint32_t debug_exit;        /* port of QEMU's isa-debug-exit, or 0           */
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

/* What a domain has that the description says nothing about; `index` chooses its colour. */
void config_defaults(struct domain_config *c, enum config_kind kind, unsigned index);

/* Set a property by name, but for those that only a description gives: devices, certain time, control
 * over others, a nested monitor's.  Texts are appended to what is there, in `room`.  NULL, or what is
 * wrong with the value or name. */
const char *config_set(struct domain_config *c, const char *name, const char *value,
                       struct config_texts *room);

/* The same for a number. */
const char *config_set_number(struct domain_config *config, const char *name, uint64_t value);

/* The rules between properties, and what follows from others.  NULL, or what is wrong with
 * *property. */
const char *config_complete(struct domain_config *c, const char **property);

/* Whether the devices of a domain that is not among those of *config yet are its own: as above. */
const char *config_devices(const struct system_config *config, const struct domain_config *c,
                           const char **property);

/* The escape sequence of the colour that the console shows the domain's name in. */
const char *config_colour(const struct domain_config *c);

#endif
