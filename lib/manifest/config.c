/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <manifest/fdt.h>
#include <manifest/spans.h>

#include <rt/text.h>

#define MIB             UINT64_C(0x100000)
#define CHUNK           (2 * MIB)
#define RAM_MAX         (UINT64_C(32) << 30)
#define KMEM_MAX        (UINT64_C(64) << 30)
#define HISTORY_DEFAULT 16384u
#define HISTORY_MIN     1024u
#define HISTORY_MAX     (1u << 20)
#define PRIORITY_MAX    200u
#define THREADS_MAX     32u
#define MONITOR_THREADS 4096u /* with all that is below it    */
#define WINDOWS_MAX     128u
#define MODULES_MAX     4095u /* characters of all their names */
#define TIME_MAX        3600000u
#define DELAY_MAX       60000u
#define LOG_LEVEL_MAX   3u
#define WEIGHT_MAX      10000u

static const char *const colours[] = {"green", "cyan", "yellow", "magenta", "blue", "red", NULL};
static const char *const restarts[] = {"never", "on-failure", "always", NULL};

/* A property of a domain's node, and a key of config_set(). */
struct key {
    const char *name;
    bool described; /* only a description says it: no key of config_set() */
    enum { NUMBER, SIZE, WORD, FLAG, TEXT } kind; /* uint32_t, uint64_t, uint32_t, bool, char * */
    uint16_t offset;
    uint64_t low, high;       /* TEXT: high is the longest          */
    const char *const *words; /* WORD: the value is their number    */
};

#define KEY(kind, name, field, low, high)                                                          \
    {                                                                                              \
        name, false, kind, offsetof(struct domain_config, field), low, high, NULL                  \
    }
#define KEY_WORD(name, field, words)                                                               \
    {                                                                                              \
        name, false, WORD, offsetof(struct domain_config, field), 0, 0, words                      \
    }
#define DESCRIBED(kind, name, field, low, high)                                                    \
    {                                                                                              \
        name, true, kind, offsetof(struct domain_config, field), low, high, NULL                   \
    }

/* clang-format off */
static const struct key keys[] = {
    KEY(SIZE, "memory", memory, 1, RAM_MAX),
    KEY(SIZE, "kernel-memory", kernel_memory, 0, KMEM_MAX),
    KEY(NUMBER, "vcpus", vcpus, 1, CONFIG_VCPUS),
    KEY(NUMBER, "priority", priority, 1, PRIORITY_MAX),
    KEY(NUMBER, "threads", threads, 1, THREADS_MAX),
    KEY(NUMBER, "weight", weight, 1, WEIGHT_MAX),
    KEY(NUMBER, "cap", cap, 0, CONFIG_VCPUS * 100),
    KEY(NUMBER, "cpus", cpus, 1, UINT32_MAX),
    KEY(NUMBER, "log-level", log_level, 0, LOG_LEVEL_MAX),
    KEY(NUMBER, "watchdog-ms", watchdog_ms, 100, TIME_MAX),
    KEY(NUMBER, "stop-ms", stop_ms, 0, TIME_MAX),
    KEY_WORD("restart", restart.when, restarts),
    KEY(NUMBER, "restart-limit", restart.limit, 0, RESTART_HISTORY),
    KEY(NUMBER, "restart-window-ms", restart.window_ms, 1000, TIME_MAX),
    KEY(NUMBER, "restart-delay-ms", restart.delay_ms, 0, DELAY_MAX),
    KEY_WORD("colour", colour, colours),
    KEY(FLAG, "may-poweroff", may_poweroff, 0, 0),
    KEY(TEXT, "kernel", module, 1, MZ_NAME_MAX - 1),
    KEY(TEXT, "module", module, 1, MZ_NAME_MAX - 1),
    KEY(TEXT, "initrd", initrd, 0, MZ_NAME_MAX - 1),
    KEY(TEXT, "cmdline", cmdline, 0, MZ_CMDLINE_MAX - 1),
    KEY(TEXT, "after", after, 0, CONFIG_LIST_MAX),
    KEY(TEXT, "publishes", publishes, 0, CONFIG_LIST_MAX),
    KEY(TEXT, "uses", uses, 0, CONFIG_LIST_MAX),
    KEY(TEXT, "shares", shares, 0, CONFIG_LIST_MAX),
    DESCRIBED(NUMBER, "budget-us", budget_us, 100, CONFIG_PERIOD_MAX_US),
    DESCRIBED(NUMBER, "period-us", reservation_us, CONFIG_PERIOD_MIN_US, CONFIG_PERIOD_MAX_US),
    DESCRIBED(FLAG, "manual", manual, 0, 0),
    DESCRIBED(TEXT, "controls", controls, 0, CONFIG_LIST_MAX),
    DESCRIBED(TEXT, "interrupts", devices[SPAN_INTERRUPTS], 0, CONFIG_LIST_MAX),
    DESCRIBED(TEXT, "ports", devices[SPAN_PORTS], 0, CONFIG_LIST_MAX),
    DESCRIBED(TEXT, "device-memory", devices[SPAN_MEMORY], 0, 2 * CONFIG_LIST_MAX), /* with places */
    DESCRIBED(NUMBER, "message-interrupts", messages, 0, 64),
    DESCRIBED(SIZE, "creates", creates, 0, KMEM_MAX),
    DESCRIBED(TEXT, "system", system, 1, MZ_NAME_MAX - 1),
    DESCRIBED(TEXT, "modules", modules, 1, MODULES_MAX),
    DESCRIBED(NUMBER, "domains", windows, 1, WINDOWS_MAX),
};
/* clang-format on */
#define KEYS (sizeof(keys) / sizeof(keys[0]))

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

/* NULL if the value is in range; else what is wrong with it, until the next call. */
static const char *out_of_range(uint64_t value, uint64_t low, uint64_t high)
{
    static char what[96];

    if (value >= low && value <= high)
        return NULL;
    snprintf(what, sizeof(what), "is %llu; it must be from %llu to %llu", (unsigned long long)value,
             (unsigned long long)low, (unsigned long long)high);
    return what;
}

/* A 32-bit property in [low, high]; *value keeps its default if it is not there. */
static int number(const struct reader *r, const char *name, uint32_t low, uint32_t high,
                  uint32_t *value)
{
    const char *what;

    if (!fdt_prop(r->fdt, r->node, name, NULL))
        return 0;
    if (!fdt_u32(r->fdt, r->node, name, value))
        return fault(r, name, "is not a 32-bit number");
    what = out_of_range(*value, low, high);
    return what ? fault(r, name, what) : 0;
}

/* The number of a word, or -1 with `what` saying which there are. */
static int word_number(const char *const *words, const char *value, char *what, size_t size)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], value) == 0)
            return i;
    }
    snprintf(what, size, "is none of");
    for (int i = 0; words[i]; i++)
        text_add(what, size, "%s %s", i ? "," : "", words[i]);
    return -1;
}

/* Set a word or text. NULL, or what is wrong. */
static const char *set_text(struct domain_config *c, const struct key *k, const char *value)
{
    static char what[96];
    void *field = (uint8_t *)c + k->offset;

    if (k->kind == WORD) {
        int n = word_number(k->words, value, what, sizeof(what));

        if (n >= 0)
            *(uint32_t *)field = (uint32_t)n;
        return n < 0 ? what : NULL;
    }
    if (strlen(value) < k->low)
        return "is missing";
    if (strlen(value) > k->high)
        return "is too long";
    *(const char **)field = value;
    return NULL;
}

static int read_key(const struct reader *r, struct domain_config *c, const struct key *k)
{
    void *field = (uint8_t *)c + k->offset;
    uint64_t high = field == &c->threads && c->monitor ? MONITOR_THREADS : k->high;
    const char *text, *what;

    if (!fdt_prop(r->fdt, r->node, k->name, NULL))
        return 0;
    switch (k->kind) {
    case NUMBER:
        return number(r, k->name, (uint32_t)k->low, (uint32_t)high, field);
    case SIZE:
        if (!fdt_u64(r->fdt, r->node, k->name, field))
            return fault(r, k->name, "is not a 64-bit number");
        what = out_of_range(*(uint64_t *)field, k->low, k->high);
        break;
    case FLAG:
        *(bool *)field = true;
        return 0;
    default:
        text = fdt_string(r->fdt, r->node, k->name);
        what = text ? set_text(c, k, text) : "is not a text";
    }
    return what ? fault(r, k->name, what) : 0;
}

const char *config_complete(struct domain_config *c, const char **property)
{
    *property = "memory";
    if (!c->memory)
        return "is missing";
    if (config_has_ram(c) && c->memory % CHUNK)
        return "is not a multiple of 2 MiB";
    if (!config_has_ram(c) && c->memory > MZ_VMM_HEAP_MAX)
        return "is more than 16 MiB";
    *property = c->program ? "module" : "kernel";
    if (!c->module)
        return "is missing";
    *property = !c->system ? "system" : !c->modules ? "modules" : "domains";
    if (c->monitor && (!c->system || !c->modules || !c->windows))
        return "is missing";
    *property = "budget-us";
    if (c->budget_us && c->reservation_us <= c->budget_us)
        return "needs a longer period-us";
    c->memory = (c->memory + 4095) & ~UINT64_C(4095);
    if (!c->kernel_memory)
        c->kernel_memory = CONFIG_KERNEL_MEMORY(c->memory);
    if (c->initrd && !*c->initrd)
        c->initrd = NULL;
    if (!c->program && c->threads < c->vcpus + 1)
        c->threads = c->vcpus + 1; /* the vCPUs and the VM space's thread */
    return NULL;
}

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

/* Append to the text of this key, which is or comes into `room`. */
static const char *append(struct domain_config *c, const struct key *k, const char *value,
                          struct config_texts *room)
{
    const char **field = (const char **)(void *)((uint8_t *)c + k->offset);
    size_t before = *field ? strlen(*field) : 0, size = k->high + 1;
    char *to = *field && *field >= room->bytes && *field < room->bytes + room->used
                   ? (char *)(uintptr_t)*field
                   : NULL;

    if (before + strlen(value) > k->high)
        return "is too long";
    if (!to) {
        if (size > sizeof(room->bytes) - room->used)
            return "is too long";
        to = room->bytes + room->used;
        room->used += (uint32_t)size;
        text_copy(to, size, *field ? *field : "", size);
    }
    text_copy(to + before, size - before, value, size);
    *field = to;
    return NULL;
}

static const char *store(struct domain_config *c, const struct key *k, uint64_t n)
{
    const char *what = out_of_range(n, k->low, k->kind == FLAG ? 1 : k->high);

    if (what)
        return what;
    if (k->offset == offsetof(struct domain_config, memory) &&
        c->kernel_memory == CONFIG_KERNEL_MEMORY(c->memory))
        c->kernel_memory = 0; /* it was the default for what was before */
    if (k->kind == FLAG)
        *(bool *)((uint8_t *)c + k->offset) = n;
    else if (k->kind == SIZE)
        *(uint64_t *)(void *)((uint8_t *)c + k->offset) = n;
    else
        *(uint32_t *)(void *)((uint8_t *)c + k->offset) = (uint32_t)n;
    return NULL;
}

const char *config_set_number(struct domain_config *c, const char *name, uint64_t value)
{
    const struct key *k = find_key(name);

    return k && !k->described && k->kind != TEXT && k->kind != WORD ? store(c, k, value)
                                                                    : "is no key of a number";
}

const char *config_set(struct domain_config *c, const char *name, const char *value,
                       struct config_texts *room)
{
    const struct key *k = find_key(name);
    unsigned long long n;
    char *end;

    if (!k)
        return "is no key";
    if (k->described)
        return "is only for a description to say";
    if (k->kind == TEXT)
        return append(c, k, value, room);
    if (k->kind == WORD)
        return set_text(c, k, value);
    n = strtoull(value, &end, 0);
    if (!*value || *end)
        return "is not a number";
    return store(c, k, n);
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

static int read_domain(const struct reader *r, struct domain_config *c)
{
    const char *property, *what;

    if (read_name(r, c))
        return -1;
    for (size_t i = 0; i < KEYS; i++) {
        if (read_key(r, c, &keys[i]))
            return -1;
    }
    what = config_complete(c, &property);
    return what ? fault(r, property, what) : 0;
}

static int read_list(struct reader *r, const char *list, enum config_kind kind, unsigned limit,
                     struct system_config *config)
{
    int parent = fdt_child(r->fdt, FDT_ROOT, list);
    const char *property, *what;
    unsigned count = 0;

    for (int n = fdt_first_child(r->fdt, parent); n != FDT_NONE; n = fdt_next_sibling(r->fdt, n)) {
        struct domain_config *c = &config->domain[config->count];

        r->node = n;
        r->path = fdt_name(r->fdt, n);
        if (count++ == limit) {
            snprintf(r->error, r->error_size, "system.dtb: more than %u %s", limit, list);
            return -1;
        }
        config_defaults(c, kind, config->count);
        if (read_domain(r, c))
            return -1;
        for (unsigned i = 0; i < config->count; i++) {
            if (strcmp(config->domain[i].name, c->name) == 0)
                return fault(r, "name", "is that of another VM or program, too");
        }
        what = config_devices(config, c, &property);
        if (what)
            return fault(r, property, what);
        config->count++;
    }
    return 0;
}

/* The system's own: its devices are those that nobody else may have. */
static int read_shell(struct reader *r, struct system_config *config)
{
    r->node = fdt_child(r->fdt, FDT_ROOT, "shell");
    r->path = "shell";
    config_defaults(&config->shell, CONFIG_PROGRAM, 0);
    return r->node == FDT_NONE ? 0 : read_domain(r, &config->shell);
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
    if (read_list(&r, "vms", CONFIG_VM, CONFIG_VMS, config) ||
        read_list(&r, "programs", CONFIG_PROGRAM, CONFIG_PROGRAMS, config) ||
        read_list(&r, "monitors", CONFIG_MONITOR, CONFIG_MONITORS, config) ||
        read_shell(&r, config) || read_console(&r, config))
        return -1;
    r.node = fdt_child(&fdt, FDT_ROOT, "exit");
    r.path = "exit";
    if (number(&r, "isa-debug-exit", 1, 0xffff, &config->debug_exit))
        return -1;
    for (unsigned i = 0; i < config->count && config->debug_exit; i++) {
        if (spans_hold(config->domain[i].devices[SPAN_PORTS], config->debug_exit,
                       config->debug_exit))
            return fault(&r, "isa-debug-exit", "is the port of a VM or program, too");
    }
    if (!config->count) {
        snprintf(error, error_size, "system.dtb: it describes no VM and no program");
        return -1;
    }
    return 0;
}
