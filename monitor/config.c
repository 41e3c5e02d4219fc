/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <manifest/fdt.h>

#include "text.h"

#define MIB               UINT64_C(0x100000)
#define CHUNK             (2 * MIB)
#define RAM_MAX           (UINT64_C(32) << 30)
#define HISTORY_DEFAULT   16384u
#define HISTORY_MIN       1024u
#define HISTORY_MAX       (1u << 20)
#define PRIORITY_DEFAULT  100u
#define PRIORITY_MAX      200u
#define THREADS_DEFAULT   8u
#define THREADS_MAX       32u
#define WINDOWS_MAX       128u
#define RESTART_LIMIT     5u
#define STOP_MS_DEFAULT   30000u
#define WEIGHT_DEFAULT    100u
#define WEIGHT_MAX        10000u
#define PERIOD_MAX_US     10000000u
#define RESTART_WINDOW_MS 60000u
#define RESTART_DELAY_MS  1000u
#define CMDLINE_LAST      (MZ_CMDLINE_MAX - 1)

/* What reading one node needs, and where its fault goes. */
struct reader {
    const struct fdt *fdt;
    int node;
    const char *path; /* the node's name, for the fault's text */
    char *error;
    size_t error_size;
};

static int fault(const struct reader *r, const char *property, const char *what)
{
    snprintf(r->error, r->error_size, "system.dtb, node %s: property %s %s", r->path, property,
             what);
    return -1;
}

/* A 32-bit property in [low, high]; *value keeps its default if it is not there. */
static int number(const struct reader *r, const char *name, uint32_t low, uint32_t high,
                  uint32_t *value)
{
    char what[64];

    if (!fdt_prop(r->fdt, r->node, name, NULL))
        return 0;
    if (!fdt_u32(r->fdt, r->node, name, value))
        return fault(r, name, "is not a 32-bit number");
    if (*value >= low && *value <= high)
        return 0;
    snprintf(what, sizeof(what), "is %u; it must be from %u to %u", *value, low, high);
    return fault(r, name, what);
}

static int read_name(const struct reader *r, struct domain_config *c)
{
    const char *name = fdt_string(r->fdt, r->node, "name");

    if (!name || !*name)
        return fault(r, "name", "is missing");
    if (strlen(name) >= sizeof(c->name))
        return fault(r, "name", "is too long");
    text_copy(c->name, sizeof(c->name), name, sizeof(c->name));
    if (strcmp(c->name, name) != 0)
        return fault(r, "name", "has characters that cannot be printed");
    return 0;
}

static int read_memory(const struct reader *r, struct domain_config *c)
{
    if (!fdt_u64(r->fdt, r->node, "memory", &c->memory) || !c->memory)
        return fault(r, "memory", "is missing or not a 64-bit number");
    if (config_has_ram(c) && c->memory % CHUNK)
        return fault(r, "memory", "is not a multiple of 2 MiB");
    if (c->memory > (config_has_ram(c) ? RAM_MAX : MZ_VMM_HEAP_MAX))
        return fault(r, "memory",
                     config_has_ram(c) ? "is more than 32 GiB" : "is more than 16 MiB");
    c->memory = (c->memory + 4095) & ~UINT64_C(4095);
    c->kernel_memory = MIB * (1 + c->windows) + c->memory / (c->monitor ? 64 : 256);
    if (fdt_prop(r->fdt, r->node, "kernel-memory", NULL) &&
        !fdt_u64(r->fdt, r->node, "kernel-memory", &c->kernel_memory))
        return fault(r, "kernel-memory", "is not a 64-bit number");
    return 0;
}

static int read_images(const struct reader *r, struct domain_config *c)
{
    const char *property = c->program ? "module" : "kernel";

    c->module = fdt_string(r->fdt, r->node, property);
    if (!c->module || !*c->module)
        return fault(r, property, "is missing");
    c->initrd = fdt_string(r->fdt, r->node, "initrd");
    if (c->initrd && !*c->initrd)
        c->initrd = NULL;
    c->cmdline = fdt_string(r->fdt, r->node, "cmdline");
    if (!c->cmdline)
        c->cmdline = "";
    if (strlen(c->cmdline) > CMDLINE_LAST)
        return fault(r, "cmdline", "is longer than 2047 bytes");
    return 0;
}

/* What only a monitor has. */
static int read_monitor(const struct reader *r, struct domain_config *c)
{
    static const char *const refused[] = {"cap", "budget-us", "watchdog-ms", "publishes", "uses"};

    if (!c->monitor)
        return 0;
    c->system = fdt_string(r->fdt, r->node, "system");
    c->modules = fdt_string(r->fdt, r->node, "modules");
    if (!c->system || !c->modules)
        return fault(r, c->system ? "modules" : "system", "is missing");
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (fdt_prop(r->fdt, r->node, refused[i], NULL))
            return fault(r, refused[i], "is not for monitors");
    }
    c->windows = 1;
    if (number(r, "domains", 1, WINDOWS_MAX, &c->windows))
        return -1;
    c->threads += THREADS_DEFAULT * c->windows;
    return 0;
}

static int read_restart(const struct reader *r, struct domain_config *c)
{
    static const char *const words[] = {"never", "on-failure", "always"};
    const char *when = fdt_string(r->fdt, r->node, "restart");
    struct restart_policy *p = &c->restart;

    *p = (struct restart_policy){RESTART_NEVER, RESTART_LIMIT, RESTART_WINDOW_MS, RESTART_DELAY_MS};
    if (when) {
        unsigned i = 0;

        while (i < 3 && strcmp(when, words[i]) != 0)
            i++;
        if (i == 3)
            return fault(r, "restart", "is none of never, on-failure, always");
        p->when = (enum restart_when)i;
    }
    if (number(r, "restart-limit", 0, RESTART_HISTORY, &p->limit) ||
        number(r, "restart-window-ms", 0, UINT32_MAX, &p->window_ms))
        return -1;
    return number(r, "restart-delay-ms", 0, 60000, &p->delay_ms);
}

static int read_colour(const struct reader *r, struct domain_config *c, unsigned index)
{
    static const struct {
        const char *name, *escape;
    } colours[] = {{"green", "\033[32m"},   {"cyan", "\033[36m"}, {"yellow", "\033[33m"},
                   {"magenta", "\033[35m"}, {"blue", "\033[34m"}, {"red", "\033[31m"}};
    const unsigned count = sizeof(colours) / sizeof(colours[0]);
    const char *name = fdt_string(r->fdt, r->node, "colour");
    unsigned i = index % (count - 1); /* red only when asked for */

    if (name) {
        for (i = 0; i < count && strcmp(name, colours[i].name) != 0; i++)
            ;
        if (i == count)
            return fault(r, "colour", "is none of red, green, yellow, blue, magenta, cyan");
    }
    c->colour = colours[i].escape;
    return 0;
}

static int read_domain(const struct reader *r, struct domain_config *c, unsigned index)
{
    c->vcpus = 1;
    c->priority = PRIORITY_DEFAULT;
    c->threads = THREADS_DEFAULT;
    c->stop_ms = STOP_MS_DEFAULT;
    c->weight = WEIGHT_DEFAULT;
    c->log_level = MZ_LOG_INFO;
    if (read_name(r, c) || read_monitor(r, c) || read_memory(r, c) || read_images(r, c) || read_restart(r, c) ||
        read_colour(r, c, index))
        return -1;
    c->after = fdt_string(r->fdt, r->node, "after");
    c->publishes = fdt_string(r->fdt, r->node, "publishes");
    c->uses = fdt_string(r->fdt, r->node, "uses");
    c->may_poweroff = fdt_prop(r->fdt, r->node, "may-poweroff", NULL) != NULL;
    if (number(r, "vcpus", 1, CONFIG_VCPUS, &c->vcpus) ||
        number(r, "priority", 1, PRIORITY_MAX, &c->priority) ||
        number(r, "threads", 1, THREADS_MAX * (1 + c->windows), &c->threads) ||
        number(r, "weight", 1, WEIGHT_MAX, &c->weight) ||
        number(r, "cap", 1, CONFIG_VCPUS * 100, &c->cap) ||
        number(r, "budget-us", 1, PERIOD_MAX_US, &c->budget_us) ||
        number(r, "period-us", 1, PERIOD_MAX_US, &c->reservation_us) ||
        number(r, "cpus", 1, UINT32_MAX, &c->cpus) ||
        number(r, "log-level", MZ_LOG_ERROR, MZ_LOG_DEBUG, &c->log_level) ||
        number(r, "watchdog-ms", 1, UINT32_MAX, &c->watchdog_ms) ||
        number(r, "stop-ms", 0, UINT32_MAX, &c->stop_ms))
        return -1;
    if (c->budget_us && c->reservation_us <= c->budget_us)
        return fault(r, "budget-us", "needs a longer period-us");
    if (!c->program && c->threads < c->vcpus + 1)
        c->threads = c->vcpus + 1; /* the vCPUs and the VM space's thread */
    return 0;
}

enum kind { VM, PROGRAM, MONITOR };

static int read_list(struct reader *r, const char *list, enum kind kind, unsigned limit,
                     struct system_config *config)
{
    int parent = fdt_child(r->fdt, FDT_ROOT, list);
    unsigned count = 0;

    for (int n = fdt_first_child(r->fdt, parent); n != FDT_NONE; n = fdt_next_sibling(r->fdt, n)) {
        struct domain_config *c = &config->domain[config->count];

        r->node = n;
        r->path = fdt_name(r->fdt, n);
        if (count++ == limit) {
            snprintf(r->error, r->error_size, "system.dtb: more than %u %s", limit, list);
            return -1;
        }
        c->program = kind != VM;
        c->monitor = kind == MONITOR;
        if (read_domain(r, c, config->count))
            return -1;
        for (unsigned i = 0; i < config->count; i++) {
            if (strcmp(config->domain[i].name, c->name) == 0)
                return fault(r, "name", "is that of another VM or program, too");
        }
        config->count++;
    }
    return 0;
}

static int read_console(struct reader *r, struct system_config *config)
{
    const char *focus;

    r->node = fdt_child(r->fdt, FDT_ROOT, "console");
    r->path = "console";
    if (number(r, "history", HISTORY_MIN, HISTORY_MAX, &config->history))
        return -1;
    focus = fdt_string(r->fdt, r->node, "focus");
    if (!focus || !*focus)
        return 0;
    for (unsigned i = 0; i < config->count; i++) {
        if (strcmp(config->domain[i].name, focus) == 0)
            config->focus = (int)i;
    }
    return config->focus < 0 ? fault(r, "focus", "names no VM") : 0;
}

int config_read(const void *blob, size_t blob_size, struct system_config *config, char *error,
                size_t error_size)
{
    struct fdt fdt;
    struct reader r = {&fdt, FDT_ROOT, "/", error, error_size};
    int code = fdt_open(&fdt, blob, blob_size);
    const char *compatible;

    memset(config, 0, sizeof(*config));
    config->focus = -1;
    config->history = HISTORY_DEFAULT;
    if (code) {
        snprintf(error, error_size, "system.dtb: %s", fdt_error_text(code));
        return -1;
    }
    compatible = fdt_string(&fdt, FDT_ROOT, "compatible");
    if (!compatible || strcmp(compatible, "marzipan,system-1") != 0)
        return fault(&r, "compatible", "is not marzipan,system-1");
    if (read_list(&r, "vms", VM, CONFIG_VMS, config) ||
        read_list(&r, "programs", PROGRAM, CONFIG_PROGRAMS, config) ||
        read_list(&r, "monitors", MONITOR, CONFIG_MONITORS, config) || read_console(&r, config))
        return -1;
    r.node = fdt_child(&fdt, FDT_ROOT, "exit");
    r.path = "exit";
    if (number(&r, "isa-debug-exit", 1, 0xffff, &config->debug_exit))
        return -1;
    if (!config->count) {
        snprintf(error, error_size, "system.dtb: it describes no VM and no program");
        return -1;
    }
    return 0;
}
