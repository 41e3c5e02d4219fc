/* SPDX-License-Identifier: BSD-2-Clause */
#include "service.h"

#include "console.h"
#include "kernel_memory.h"
#include "lifecycle.h"
#include "log.h"
#include "power.h"
#include "space.h"
#include "text.h"
#include "thread.h"

#define EXIT_TEXT_WORDS    8u
#define LOG_TEXT_WORDS     60u
#define EXIT_CODE_MAX      127u
#define LOG_LINES_A_SECOND 50u
#define USER_END           (L4_WORD_BITS == 64 ? UINT64_C(0x00007ffffffff000) : 0xc0000000)

static enum mz_error console_flush(struct call *c)
{
    struct domain *d = c->domain;

    if (console_drain(d) || !L4_IsNilThread(d->flusher))
        return MZ_OK;
    d->flusher = d->thread[c->slot];
    c->no_reply = true;
    return MZ_OK;
}

/* How each kind of enum mz_exit ends the VM. */
static const struct {
    enum ending ending;
    const char *text;
} exits[] = {
    [MZ_EXIT_POWEROFF] = {ENDING_SUCCESS, "powered off"},
    [MZ_EXIT_REBOOT] = {ENDING_REBOOT, "rebooted"},
    [MZ_EXIT_TRIPLE_FAULT] = {ENDING_FAILURE, "triple fault"},
    [MZ_EXIT_BAD_ACCESS] = {ENDING_FAILURE, "access outside its memory and devices"},
    [MZ_EXIT_BAD_INSN] = {ENDING_FAILURE, "instruction that cannot be emulated"},
    [MZ_EXIT_BAD_IMAGE] = {ENDING_FINAL, "unusable kernel or initrd"},
    [MZ_EXIT_HALTED] = {ENDING_FAILURE, "all processors halted with interrupts off"},
    [MZ_EXIT_WATCHDOG] = {ENDING_FAILURE, "its watchdog was not fed"},
    [MZ_EXIT_INTERNAL] = {ENDING_FAILURE, "internal error of its VMM"},
};

static enum mz_error exit_vm(struct call *c)
{
    char text[EXIT_TEXT_WORDS * sizeof(L4_Word_t) + 1];
    L4_Word_t kind = c->w[0];

    if (kind < MZ_EXIT_POWEROFF || kind > MZ_EXIT_INTERNAL)
        return MZ_ERR_BAD_ARG;
    text_copy(text, sizeof(text), &c->w[2], (c->words - 2) * sizeof(L4_Word_t));
    c->no_reply = true;
    if (text[0])
        lifecycle_end(c->domain, exits[kind].ending, "%s %s", exits[kind].text, text);
    else if (c->w[1])
        lifecycle_end(c->domain, exits[kind].ending, "%s (0x%lx)", exits[kind].text, c->w[1]);
    else
        lifecycle_end(c->domain, exits[kind].ending, "%s", exits[kind].text);
    return MZ_OK;
}

/* A domain may fill a page of the log each second, and not push out all the others' lines. */
bool service_log_allowed(struct domain *d)
{
    uint64_t now = now_ms();

    if (now - d->log_since_ms >= 1000) {
        if (d->log_left_out)
            log_warn("%s %s: %u lines of its log were left out", domain_kind(d), d->config.name,
                     d->log_left_out);
        d->log_since_ms = now;
        d->log_lines = d->log_left_out = 0;
    }
    if (d->log_lines == LOG_LINES_A_SECOND) {
        d->log_left_out++;
        return false;
    }
    d->log_lines++;
    return true;
}

static enum mz_error log_line(struct call *c)
{
    char text[LOG_TEXT_WORDS * sizeof(L4_Word_t) + 1];

    if (c->w[0] > MZ_LOG_DEBUG)
        return MZ_ERR_BAD_ARG;
    if (c->w[0] > c->domain->config.log_level || !log_shows((enum mz_level)c->w[0]) ||
        !service_log_allowed(c->domain))
        return MZ_OK;
    text_copy(text, sizeof(text), &c->w[1], (c->words - 1) * sizeof(L4_Word_t));
    log_write((enum mz_level)c->w[0], "%s %s: %s", domain_kind(c->domain), c->domain->config.name,
              text);
    return MZ_OK;
}

static enum mz_error thread_create_call(struct call *c)
{
    struct domain *d = c->domain;
    unsigned slot = (unsigned)c->w[0];
    enum mz_error error;

    if (c->w[0] <= SLOT_MAIN || c->w[0] >= SLOT_OWN_END || c->w[1] >= USER_END ||
        c->w[2] >= USER_END)
        return MZ_ERR_BAD_ARG;
    error = thread_create(d, slot);
    if (error)
        return error;
    if (!thread_start(d, slot, c->w[1], c->w[2])) {
        thread_delete(d, slot);
        return MZ_ERR_BAD_ARG;
    }
    c->w[0] = d->thread[slot].raw;
    c->results = 1;
    return MZ_OK;
}

/* The slot of an id that must name a living thread of the caller's own domain. */
static enum mz_error own_slot(const struct call *c, L4_Word_t id, unsigned *slot)
{
    L4_ThreadId_t t = {.raw = id};

    return thread_find(t, slot) == c->domain ? MZ_OK : MZ_ERR_BAD_ID;
}

static enum mz_error thread_delete_call(struct call *c)
{
    unsigned slot;
    enum mz_error error = own_slot(c, c->w[0], &slot);

    if (error)
        return error;
    if (slot >= SLOT_OWN_END)
        return MZ_ERR_BAD_ID;
    if (slot == SLOT_MAIN) /* a domain ends by MZ_OP_EXIT */
        return MZ_ERR_DENIED;
    if (L4_IsThreadEqual(c->domain->flusher, c->domain->thread[slot]))
        c->domain->flusher = L4_nilthread;
    c->no_reply = slot == c->slot;
    thread_delete(c->domain, slot);
    return MZ_OK;
}

static enum mz_error thread_prio_call(struct call *c)
{
    unsigned slot;
    enum mz_error error = own_slot(c, c->w[0], &slot);

    if (error)
        return error;
    if (slot >= SLOT_OWN_END)
        return MZ_ERR_BAD_ID;
    if (c->w[1] > c->domain->config.priority)
        return MZ_ERR_BAD_ARG;
    return thread_set_priority(c->domain, slot, (unsigned)c->w[1]);
}

static enum mz_error space_create_call(struct call *c)
{
    enum mz_error error;
    unsigned slot;

    if (c->w[0]) /* no flags are defined yet */
        return MZ_ERR_BAD_ARG;
    error = space_create(c->domain, &slot);
    if (error)
        return error;
    c->w[0] = c->domain->thread[slot].raw;
    c->results = 1;
    return MZ_OK;
}

static enum mz_error space_delete_call(struct call *c)
{
    unsigned slot;
    enum mz_error error = own_slot(c, c->w[0], &slot);

    if (error)
        return error;
    if (!space_slot(slot))
        return MZ_ERR_BAD_ID;
    thread_delete(c->domain, slot);
    return MZ_OK;
}

static enum mz_error started(struct call *c)
{
    if (c->domain->started) /* once a life */
        return MZ_OK;
    c->domain->started = true;
    lifecycle_ready(c->domain);
    log_info("%s %s: first guest instruction at tsc=%lu", domain_kind(c->domain),
             c->domain->config.name, c->w[0]);
    return MZ_OK;
}

static enum mz_error alive(struct call *c)
{
    lifecycle_alive(c->domain);
    return MZ_OK;
}

static enum mz_error stats(struct call *c)
{
    const struct domain *d = c->domain;
    uint64_t used, limit;

    kernel_memory_get(d->number, &used, &limit);
    c->w[0] = d->memory.used;
    c->w[1] = d->memory.limit;
    c->w[2] = used;
    c->w[3] = limit;
    c->w[4] = d->threads.used;
    c->w[5] = d->threads.limit;
    c->results = 6;
    return MZ_OK;
}

static enum mz_error poweroff(struct call *c)
{
    if (!c->domain->config.may_poweroff)
        return MZ_ERR_DENIED;
    if (c->w[0] > EXIT_CODE_MAX)
        return MZ_ERR_BAD_ARG;
    power_off((unsigned)c->w[0], "asked for by a domain that may");
}

/* Operation, fewest and most argument words, handler. */
static const struct {
    unsigned op, least, most;
    enum mz_error (*handler)(struct call *);
} table[] = {
    {MZ_OP_CONSOLE_FLUSH, 0, 0, console_flush},
    {MZ_OP_EXIT, 2, 2 + EXIT_TEXT_WORDS, exit_vm},
    {MZ_OP_LOG, 1, 1 + LOG_TEXT_WORDS, log_line},
    {MZ_OP_THREAD_CREATE, 3, 3, thread_create_call},
    {MZ_OP_THREAD_DELETE, 1, 1, thread_delete_call},
    {MZ_OP_THREAD_PRIO, 2, 2, thread_prio_call},
    {MZ_OP_SPACE_CREATE, 1, 1, space_create_call},
    {MZ_OP_SPACE_DELETE, 1, 1, space_delete_call},
    {MZ_OP_STARTED, 1, 1, started},
    {MZ_OP_STATS, 0, 0, stats},
    {MZ_OP_POWEROFF, 1, 1, poweroff},
    {MZ_OP_ALIVE, 0, 0, alive},
};

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))
_Static_assert(TABLE_SIZE == MZ_OP_LAST - MZ_OP_CONSOLE_FLUSH, "a handler for each operation");

enum mz_error service_call(L4_Word_t op, struct call *call)
{
    L4_Word_t i = op - MZ_OP_CONSOLE_FLUSH;

    if (i >= TABLE_SIZE || table[i].op != op || call->words < table[i].least ||
        call->words > table[i].most)
        return MZ_ERR_BAD_MESSAGE;
    return table[i].handler(call);
}
