/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/schema.h>

#include <manifest/spans.h>
#include <manifest/system.h>
#include <manifest/units.h>
#include <marzipan/vmm.h>

#include "commonkeys.h"

/* With room for " mz.name=NAME". */
#define CMDLINE_MAX (MZ_CMDLINE_MAX - 48)

/* A number that is a macro, as text. */
#define DIGITS(number)  DIGITS_(number)
#define DIGITS_(number) #number

static const char *const policies[] = {"never", "on-failure", "always", NULL};
static const char *const colours[] = {"red", "green", "yellow", "blue", "magenta", "cyan", NULL};
static const char *const log_levels[] = {"error", "warn", "info", "debug", NULL};

static const struct key restart_keys[] = {
    {.name = "policy",
     .kind = VALUE_CHOICE,
     .offset = offsetof(struct restart, policy),
     .choices = policies,
     .fallback = "on-failure",
     .help = "When to start it again after it has ended. A reboot that the guest asks for is "
             "always honoured. A kernel that panics has not ended: give it `panic=10`, and it "
             "reboots after 10 seconds."},
    {.name = "limit",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct restart, limit),
     .max = 16,
     .fallback = "5",
     .help = "After this many restarts within the window it counts as crash-looping and stays "
             "down."},
    {.name = "window",
     .kind = VALUE_TIME,
     .offset = offsetof(struct restart, window),
     .min = 1000,
     .max = 60 * 60000,
     .fallback = "1min",
     .help = "The time over which restarts are counted."},
    {.name = "delay",
     .kind = VALUE_TIME,
     .offset = offsetof(struct restart, delay),
     .max = 60000,
     .fallback = "1s",
     .help = "The wait before a restart; it doubles with each further one in the window."},
    END_OF_KEYS};

static const struct section restart_section = {
    .title = "Restart policy",
    .help = "Instead of the mapping the policy alone may be given: `restart: always`.",
    .keys = restart_keys,
    .shorthand = "policy",
};

static const struct key quota_keys[] = {
    {.name = "kernel-memory",
     .kind = VALUE_SIZE,
     .offset = offsetof(struct quotas, kernel_memory),
     .min = 64 * KIB,
     .max = GIB,
     .multiple = 4 * KIB,
     .fallback_note = "1M and 1/256 of its memory",
     .help = "Memory that the kernel may use on its behalf: page tables, mappings, threads. A "
             "VM needs some 200K and 24K for each GiB of its memory."},
    {.name = "threads",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct quotas, threads),
     .min = 1,
     .max = 32,
     .fallback_note = "8, or what its vCPUs need",
     .help = "Threads it may have. A VM needs one for each vCPU and one more."},
    END_OF_KEYS};

static const struct section quota_section = {
    .title = "Quotas",
    .help = "What it may take from the system beside its memory.",
    .keys = quota_keys,
};

static const struct key monitor_quota_keys[] = {
    {.name = "kernel-memory",
     .kind = VALUE_SIZE,
     .offset = offsetof(struct quotas, kernel_memory),
     .min = 64 * KIB,
     .max = 8 * GIB,
     .multiple = 4 * KIB,
     .fallback_note = "1M and 1/256 of its memory, and what all inside may have",
     .help = "Memory that the kernel may use on behalf of it and of all that is inside."},
    {.name = "threads",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct quotas, threads),
     .min = 1,
     .max = 4096,
     .fallback_note = "8, and what all inside may have",
     .help = "Threads that it and all that is inside may have."},
    END_OF_KEYS};

static const struct section monitor_quota_section = {
    .title = "Quotas of a monitor",
    .help = "What it and all that is inside may take from the system beside its memory.",
    .keys = monitor_quota_keys,
};

static const struct key reservation_keys[] = {
    {.name = "budget",
     .kind = VALUE_SPAN,
     .offset = offsetof(struct reservation, budget),
     .min = 100,
     .max = 1000000,
     .or_none = true,
     .help = "So much time of one processor in each period. Of a processor, at most 90% can be "
             "reserved by those that `cpus` ties to it."},
    {.name = "period",
     .kind = VALUE_SPAN,
     .offset = offsetof(struct reservation, period),
     .min = 1000,
     .max = 1000000,
     .fallback = "10ms",
     .help = "How often it gets that."},
    END_OF_KEYS};

static const struct section reservation_section = {
    .title = "Reservation",
    .help = "Instead of the mapping the budget alone may be given: `reservation: 2ms`.",
    .keys = reservation_keys,
    .shorthand = "budget",
};

#define RANGES_KEY(key, field, most, of, text)                                                     \
    {                                                                                              \
        .name = (key), .kind = VALUE_LIST, .item = VALUE_RANGE,                                    \
        .offset = offsetof(struct devices, field), .max = DEVICE_ENTRIES, .range_max = (most),     \
        .multiple = (of), .fallback_note = "none", .help = (text)                                  \
    }

static const struct key device_keys[] = {
    RANGES_KEY("interrupts", interrupts, SPANS_INTERRUPT_LAST, 1,
               "Interrupts, by their numbers: `5`, `16-19`."),
    RANGES_KEY("ports", ports, SPANS_PORT_LAST, 1, "IO ports: `0x3e8-0x3ef`, `0x3e8+8`."),
    RANGES_KEY("memory", memory, SPANS_MEMORY_LAST, 4 * KIB,
               "Registers in physical memory: `0xfed00000+4K`. Never RAM."),
    {.name = "message-interrupts",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct devices, messages),
     .max = 64,
     .fallback = "0",
     .help = "So many interrupts that devices raise by a write to memory (MSI)."},
    END_OF_KEYS};

static const struct section device_section = {
    .title = "Devices",
    .help = "What of the machine it may have for itself (interface `device`). No two may have the "
            "same, and nobody what the kernel or the monitor uses: the first two serial ports, the "
            "clock chip, the interrupt controllers and timers. Whoever has a device that writes to "
            "memory is trusted with everything.",
    .keys = device_keys,
};

#define PRIORITY_KEY(type)                                                                         \
    {                                                                                              \
        .name = "priority", .kind = VALUE_COUNT, .offset = offsetof(struct type, priority),        \
        .min = 1, .max = PRIORITY_MAX, .fallback = "100",                                          \
        .help = "The higher goes first; equals share the processor in time slices."                \
    }
#define MAY_POWEROFF_KEY(type)                                                                     \
    {                                                                                              \
        .name = "may-poweroff", .kind = VALUE_FLAG, .offset = offsetof(struct type, may_poweroff), \
        .fallback = "false", .help = "Whether it may switch the whole machine off."                \
    }
#define RESTART_KEY(type)                                                                          \
    {                                                                                              \
        .name = "restart", .kind = VALUE_SECTION, .offset = offsetof(struct type, restart),        \
        .section = &restart_section, .help = "What happens when it ends."                          \
    }
#define QUOTAS_KEY(type)                                                                           \
    {                                                                                              \
        .name = "quotas", .kind = VALUE_SECTION, .offset = offsetof(struct type, quotas),          \
        .section = &quota_section, .help = "Further limits."                                       \
    }
#define COLOUR_KEY(type)                                                                           \
    {                                                                                              \
        .name = "colour", .kind = VALUE_CHOICE, .offset = offsetof(struct type, colour),           \
        .choices = colours, .fallback_note = "each another",                                       \
        .help = "Of its name at the head of console lines."                                        \
    }

static const struct key vm_keys[] = {
    {.name = "kernel",
     .kind = VALUE_IMAGE,
     .offset = offsetof(struct vm, kernel),
     .help = "The guest's kernel: an ELF file with a PVH entry, or a bzImage. Required, here or "
             "in the defaults."},
    {.name = "initrd",
     .kind = VALUE_IMAGE,
     .offset = offsetof(struct vm, initrd),
     .fallback = "busybox",
     .help = "Its initial RAM disk; `none` for none."},
    {.name = "cmdline",
     .kind = VALUE_TEXT,
     .offset = offsetof(struct vm, cmdline),
     .max = CMDLINE_MAX,
     .fallback = "console=ttyS0 quiet cryptomgr.notests",
     .help = "The kernel's command line. `mz.name=NAME` is added for the busybox image, which "
             "makes it the host name."},
    {.name = "memory",
     .kind = VALUE_SIZE,
     .offset = offsetof(struct vm, memory),
     .min = 2 * MIB,
     .max = 32 * GIB,
     .multiple = 2 * MIB,
     .help = "The guest's memory, a multiple of 2M. Required, here or in the defaults."},
    {.name = "vcpus",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct vm, vcpus),
     .min = 1,
     .max = 8,
     .fallback = "1",
     .help = "Virtual processors. They share the machine's processors, whose number `machine: "
             "processors` says."},
    RESTART_KEY(vm),
    PRIORITY_KEY(vm),
    QUOTAS_KEY(vm),
    COLOUR_KEY(vm),
    MAY_POWEROFF_KEY(vm),
    COMMON_KEYS(vm, VM_CAP),
    END_OF_KEYS};

const struct section vm_section = {
    .title = "Virtual machine",
    .help =
        "An entry of `vms`, under the VM's name. `defaults` takes the same keys, but for `after`, "
        "`publishes`, `uses`, `shares`, `controls`, `creates` and `devices`, and sets what every "
        "VM has unless it says otherwise.",
    .keys = vm_keys,
};

static const struct section defaults_section = {
    .title = "Virtual machine",
    .keys = vm_keys,
    .shared = true,
};

static const struct key program_keys[] = {
    {.name = "image",
     .kind = VALUE_IMAGE,
     .offset = offsetof(struct program, image),
     .help = "The program: a static ELF64 file for Almond. Required."},
    {.name = "cmdline",
     .kind = VALUE_TEXT,
     .offset = offsetof(struct program, cmdline),
     .max = CMDLINE_MAX,
     .fallback = "",
     .help = "Its arguments."},
    {.name = "memory",
     .kind = VALUE_SIZE,
     .offset = offsetof(struct program, memory),
     .min = 4 * KIB,
     .max = MZ_VMM_HEAP_MAX,
     .multiple = 4 * KIB,
     .fallback = "1M",
     .help = "Its heap."},
    RESTART_KEY(program),
    PRIORITY_KEY(program),
    QUOTAS_KEY(program),
    MAY_POWEROFF_KEY(program),
    COMMON_KEYS(program, PROGRAM_CAP),
    END_OF_KEYS};

const struct section program_section = {
    .title = "Native program",
    .help = "An entry of `programs`, under the program's name.",
    .keys = program_keys,
};

static const struct key monitor_keys[] = {
    {.name = "system",
     .kind = VALUE_PATH,
     .offset = offsetof(struct monitor, system),
     .help = "The description of what runs inside: a file like this one, whose `machine` says "
             "nothing here. Required."},
    {.name = "memory",
     .kind = VALUE_SIZE,
     .offset = offsetof(struct monitor, memory),
     .min = 4 * MIB,
     .max = 32 * GIB,
     .multiple = 2 * MIB,
     .help = "The memory of all that is inside, and 4M for the monitor itself; a multiple of 2M. "
             "Required."},
    {.name = "domains",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct monitor, domains),
     .min = 1,
     .max = SYSTEM_DOMAINS,
     .fallback_note = "what is described",
     .help = "How many VMs, programs and monitors may be inside at a time, at all levels."},
    {.name = "cmdline",
     .kind = VALUE_TEXT,
     .offset = offsetof(struct monitor, cmdline),
     .max = CMDLINE_MAX,
     .fallback = "",
     .help = "The monitor's options, as in `loglevel=debug`."},
    RESTART_KEY(monitor),
    {.name = "priority",
     .kind = VALUE_COUNT,
     .offset = offsetof(struct monitor, priority),
     .min = 1,
     .max = PRIORITY_MAX,
     .fallback_note = "100, and one for each level inside",
     .help = "The higher goes first. Nobody inside can have a higher one than the monitor."},
    {.name = "quotas",
     .kind = VALUE_SECTION,
     .offset = offsetof(struct monitor, quotas),
     .section = &monitor_quota_section,
     .help = "Further limits."},
    COLOUR_KEY(monitor),
    AFTER_KEY(monitor),
    AUTOSTART_KEY(monitor),
    CPUS_KEY(monitor),
    STOP_TIMEOUT_KEY(monitor),
    LOG_KEY(monitor),
    END_OF_KEYS};

const struct section monitor_section = {
    .title = "Nested monitor",
    .help = "An entry of `monitors`, under the monitor's name: a system of its own inside of this "
            "one.",
    .keys = monitor_keys,
};

static const struct key system_keys[] = {
    {.name = "console",
     .kind = VALUE_SECTION,
     .offset = offsetof(struct system, console),
     .section = &console_section,
     .help = "The console that the VMs share."},
    {.name = "machine",
     .kind = VALUE_SECTION,
     .offset = offsetof(struct system, machine),
     .section = &machine_section,
     .help = "The machine below the system."},
    {.name = "defaults",
     .kind = VALUE_SECTION,
     .offset = offsetof(struct system, defaults),
     .section = &defaults_section,
     .help = "What every VM has unless it says otherwise."},
    {.name = "vms",
     .kind = VALUE_TABLE,
     .max = SYSTEM_VMS,
     .section = &vm_section,
     .help =
         "The virtual machines by name, at most " DIGITS(SYSTEM_VMS) ", started in this order."},
    {.name = "programs",
     .kind = VALUE_TABLE,
     .max = SYSTEM_PROGRAMS,
     .section = &program_section,
     .help = "Native L4 programs by name, at most " DIGITS(SYSTEM_PROGRAMS) "."},
    {.name = "monitors",
     .kind = VALUE_TABLE,
     .max = SYSTEM_MONITORS,
     .section = &monitor_section,
     .help = "Systems inside of this one by name, at most " DIGITS(SYSTEM_MONITORS) "."},
    END_OF_KEYS};

const struct section system_section = {
    .title = "Top level",
    .help = "A description needs `vms`, `programs` or `monitors`; everything else has a default.",
    .keys = system_keys,
};
