/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys that VMs and programs have alike, for the tables of schema.c: they fill
 * struct common. */
#ifndef MANIFEST_COMMONKEYS_H
#define MANIFEST_COMMONKEYS_H

#include <manifest/schema.h>
#include <manifest/system.h>

#define END_OF_KEYS                                                                                \
    {                                                                                              \
        .name = NULL                                                                               \
    }

extern const struct section console_section, machine_section;

#define LIST_ENTRIES   32
#define DEVICE_ENTRIES 16
#define VM_CAP         800 /* percent: more virtual processors has no VM */
#define PROGRAM_CAP    100

#define LIST_KEY(type, key, kind_of_item, text)                                                    \
    {                                                                                              \
        .name = #key, .kind = VALUE_LIST, .item = (kind_of_item),                                  \
        .offset = offsetof(struct type, common.key), .max = LIST_ENTRIES, .individual = true,      \
        .fallback_note = "none", .help = (text)                                                    \
    }

#define AFTER_HELP                                                                                 \
    "VMs, programs, monitors and services that it waits for: it starts when all of those have "    \
    "started and those services are published."
#define PUBLISHES_HELP                                                                             \
    "Services that it may publish, as `/net/lan`, or all below a path, as `/net/*`. No two may "   \
    "publish the same."
#define USES_HELP                                                                                  \
    "Services that it may find and call, written likewise. `marzipan check --flows` shows who "    \
    "can "                                                                                         \
    "influence whom by that."

#define SHARES_HELP                                                                                \
    "VMs and programs to which it may offer memory of its own, which they may accept (interface "  \
    "`memory`); they need not name it."

#define CONTROLS_HELP                                                                              \
    "VMs and programs that it may start, stop and look into, or `any`. What it creates by itself " \
    "needs to be in here, too."
#define CREATES_KEY(type)                                                                          \
    {                                                                                              \
        .name = "creates", .kind = VALUE_SIZE, .offset = offsetof(struct type, common.creates),    \
        .min = 2 * MIB, .max = 64 * GIB, .or_none = true, .individual = true,                      \
        .fallback_note = "none",                                                                   \
        .help = "So much memory may have all VMs and programs together that it creates while the " \
                "system runs."                                                                     \
    }
#define AUTOSTART_KEY(type)                                                                        \
    {                                                                                              \
        .name = "autostart", .kind = VALUE_FLAG,                                                   \
        .offset = offsetof(struct type, common.autostart), .fallback = "true",                     \
        .help = "Whether it starts with the system; else when somebody starts it."                 \
    }
#define WEIGHT_KEY(type)                                                                           \
    {                                                                                              \
        .name = "weight", .kind = VALUE_COUNT, .offset = offsetof(struct type, common.weight),     \
        .min = 1, .max = 10000, .fallback = "100",                                                 \
        .help = "Its share of processors that others of its priority want, too: twice the "        \
                "weight, twice the time."                                                          \
    }
#define CAP_KEY(type, most)                                                                        \
    {                                                                                              \
        .name = "cap", .kind = VALUE_PERCENT, .offset = offsetof(struct type, common.cap),         \
        .min = 1, .max = (most), .or_none = true, .fallback_note = "none",                         \
        .help = "The most time that it gets, even if nobody else wants it: `50%` is half of one "  \
                "processor. 100% for each virtual processor is the largest."                       \
    }
#define RESERVATION_KEY(type)                                                                      \
    {                                                                                              \
        .name = "reservation", .kind = VALUE_SECTION,                                              \
        .offset = offsetof(struct type, common.reservation), .section = &reservation_section,      \
        .help = "Time that it gets for certain."                                                   \
    }
#define CPUS_KEY(type)                                                                             \
    {                                                                                              \
        .name = "cpus", .kind = VALUE_LIST, .item = VALUE_CPUS,                                    \
        .offset = offsetof(struct type, common.cpus), .max = LIST_ENTRIES, .fallback_note = "all", \
        .help = "The processors that it may run on, as in `0`, `0-1` or `[0, 2]`."                 \
    }

#define WATCHDOG_KEY(type)                                                                         \
    {                                                                                              \
        .name = "watchdog", .kind = VALUE_TIME, .offset = offsetof(struct type, common.watchdog),  \
        .min = 100, .max = 60 * 60000, .or_none = true, .fallback_note = "none",                   \
        .help = "If it gives no sign of life for so long it counts as hung: it is ended, as a "    \
                "failure. A VM has a watchdog device then, which counts once its guest starts it." \
    }
#define STOP_TIMEOUT_KEY(type)                                                                     \
    {                                                                                              \
        .name = "stop-timeout", .kind = VALUE_TIME,                                                \
        .offset = offsetof(struct type, common.stop_timeout), .max = 60 * 60000,                   \
        .fallback = "30s",                                                                         \
        .help = "How long it may take to end by itself when it is asked to; then it is ended."     \
    }
#define LOG_KEY(type)                                                                              \
    {                                                                                              \
        .name = "log", .kind = VALUE_CHOICE, .offset = offsetof(struct type, common.log),          \
        .choices = log_levels, .fallback = "info",                                                 \
        .help = "Which of the lines that it writes into the log are kept: those of this level "    \
                "and above. What is below the log's own level, `info` until the operator says "    \
                "`log debug`, is not kept of anybody."                                             \
    }

#define DEVICES_KEY(type)                                                                          \
    {                                                                                              \
        .name = "devices", .kind = VALUE_SECTION, .offset = offsetof(struct type, common.devices), \
        .section = &device_section, .individual = true,                                            \
        .help = "What of the machine it may have for itself."                                      \
    }
#define AFTER_KEY(type) LIST_KEY(type, after, VALUE_AWAITED, AFTER_HELP)

#define COMMON_KEYS(type, most)                                                                    \
    AFTER_KEY(type), LIST_KEY(type, publishes, VALUE_SERVICE, PUBLISHES_HELP),                     \
        LIST_KEY(type, uses, VALUE_SERVICE, USES_HELP),                                            \
        LIST_KEY(type, shares, VALUE_NAME, SHARES_HELP),                                           \
        LIST_KEY(type, controls, VALUE_NAME, CONTROLS_HELP), CREATES_KEY(type),                    \
        AUTOSTART_KEY(type), WEIGHT_KEY(type), CAP_KEY(type, most), RESERVATION_KEY(type),         \
        CPUS_KEY(type), WATCHDOG_KEY(type), STOP_TIMEOUT_KEY(type), LOG_KEY(type),                 \
        DEVICES_KEY(type)

#endif
