/* SPDX-License-Identifier: BSD-2-Clause */
#include "console.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <l4/ipc.h>
#include <l4/vcpu.h>

#include <books/memory.h>

#include "line.h"
#include "log.h"

/* Domains' output leaves this much of the line's queue to the log and the operator. */
#define RESERVE   2048u
#define LINE_ROOM (RESERVE + SCREEN_LINE + 64)
#define PORTION   256u
#define PROMPT_MS 200u /* a line without an end is shown after one to two of these */

static enum { VIEW_ALL, VIEW_LOG, VIEW_FOCUS } view;
static struct domain *focus; /* VIEW_FOCUS                                */
static uint64_t log_at;      /* VIEW_LOG: position in the log's ring      */
static bool mid_line;        /* the terminal's cursor is not in column 0  */
static unsigned log_lost;    /* log lines that did not fit into the queue */
static uint32_t history;     /* bytes of each backlog                     */

static void emit(const void *bytes, size_t count)
{
    if (!count)
        return;
    line_write(bytes, count);
    mid_line = ((const char *)bytes)[count - 1] != '\n';
}

void console_start_line(void)
{
    if (mid_line)
        emit("\r\n", 2);
}

static unsigned history_pages(void)
{
    return (unsigned)((history + MEM_PAGE - 1) / MEM_PAGE);
}

bool console_open(struct domain *d)
{
    uint64_t phys = mem_take_pages(0, history_pages());

    if (phys == MEM_NONE)
        return false;
    fifo_init(&d->screen.backlog, mem_at(phys), history);
    return true;
}

void console_close(struct domain *d)
{
    if (focus == d)
        console_show_all();
    mem_give_pages(0, mem_address(d->screen.backlog.buffer), history_pages());
}

bool console_init(uint32_t bytes)
{
    history = bytes;
    FOR_EACH_DOMAIN(d)
    {
        if (!console_open(d))
            return false;
    }
    return true;
}

void console_attach(struct domain *d)
{
    d->out_tail = d->in_head = d->log_tail = 0;
    d->ring_broken = d->input_lost = false;
    d->flusher = L4_nilthread;
}

/* One complete line in the view of all domains. */
static void emit_line(struct domain *d)
{
    char prefix[MZ_NAME_MAX + 24];

    console_start_line();
    snprintf(prefix, sizeof(prefix), "%s[%s]\033[0m ", config_colour(&d->config), d->config.name);
    emit(prefix, strlen(prefix));
    emit(d->screen.line, d->screen.length);
    emit("\r\n", 2);
    screen_next_line(&d->screen);
}

/* Whether the domain's output may go on as things are. */
static bool has_room(const struct domain *d)
{
    if (d == domain_shell)
        return line_room() >= PORTION;
    if (view == VIEW_ALL)
        return line_room() >= LINE_ROOM;
    return view != VIEW_FOCUS || focus != d || fifo_room(&d->screen.backlog) >= PORTION;
}

/* Show the focused domain's backlog as far as the line takes it. */
static void show_backlog(void)
{
    uint8_t part[PORTION];

    while (view == VIEW_FOCUS && fifo_used(&focus->screen.backlog) &&
           line_room() >= RESERVE + PORTION) {
        emit(part, fifo_get(&focus->screen.backlog, part, sizeof(part)));
        line_pump();
    }
}

static void show_log(void)
{
    uint8_t part[PORTION];

    while (view == VIEW_LOG && line_room() >= RESERVE + PORTION) {
        size_t n = fifo_peek(log_ring(), &log_at, part, sizeof(part));

        if (!n)
            break;
        emit(part, n);
        line_pump();
    }
}

/* Take up to PORTION bytes in; the number taken. */
static size_t take_portion(struct domain *d, uint32_t available)
{
    uint8_t part[PORTION];
    size_t n = 0;

    while (n < PORTION && n < available && has_room(d)) {
        uint8_t byte = d->rings->out[(d->out_tail + n) % MZ_OUT_SIZE];

        part[n++] = byte;
        if (d != domain_shell && screen_add(&d->screen, byte)) {
            if (view == VIEW_ALL)
                emit_line(d);
            else
                screen_next_line(&d->screen);
        }
    }
    if (d == domain_shell) /* as it comes, in any view */
        emit(part, n);
    else
        fifo_put(&d->screen.backlog, part, n);
    return n;
}

/* The domain's output counter, once: it cannot keep us here by writing on. */
static uint32_t read_head(struct domain *d)
{
    uint32_t head = __atomic_load_n(&d->rings->out_head, __ATOMIC_ACQUIRE);

    if (ring_available(head, d->out_tail, MZ_OUT_SIZE) >= 0)
        return head;
    if (!d->ring_broken)
        log_warn("%s %s: its console ring's counter makes no sense; output was lost",
                 domain_kind(d), d->config.name);
    d->ring_broken = true;
    d->out_tail = head;
    return head;
}

bool console_drain(struct domain *d)
{
    uint32_t head;

    if (!d->rings)
        return true;
    head = read_head(d);
    for (;;) {
        d->out_tail += (uint32_t)take_portion(d, head - d->out_tail);
        __atomic_store_n(&d->rings->out_tail, d->out_tail, __ATOMIC_RELEASE);
        if (view == VIEW_FOCUS && focus == d)
            show_backlog();
        line_pump();
        if (d->out_tail == head)
            return true;
        if (!has_room(d))
            return false;
    }
}

/* The line is busy, and the ring goes away: its last words at least reach the backlog. */
static void keep_rest(struct domain *d)
{
    for (uint32_t head = read_head(d); d->out_tail != head; d->out_tail++)
        fifo_put(&d->screen.backlog, &d->rings->out[d->out_tail % MZ_OUT_SIZE], 1);
}

void console_detach(struct domain *d)
{
    if (!d->rings)
        return;
    if (!console_drain(d))
        keep_rest(d);
    if (view == VIEW_ALL && d->screen.length)
        emit_line(d);
    screen_next_line(&d->screen);
    d->screen.escape = ESCAPE_NONE;
    d->flusher = L4_nilthread;
    d->rings = NULL;
}

/* Go on with a domain whose Call waits for the ring to drain. */
static void continue_flush(struct domain *d)
{
    if (L4_IsNilThread(d->flusher) || !console_drain(d))
        return;
    L4_Set_MsgTag(L4_Niltag);
    L4_Reply(d->flusher);
    d->flusher = L4_nilthread;
}

void console_pump(void)
{
    static unsigned turn;

    line_pump();
    if (log_lost && line_room() >= RESERVE) {
        unsigned lost = log_lost;

        log_lost = 0;
        console_say("%u lines of the log did not fit here; Ctrl-] l shows them", lost);
    }
    show_log();
    show_backlog();
    continue_flush(domain_shell);
    for (unsigned i = 0; i < domain_end; i++)
        continue_flush(&domains[(turn + i) % domain_end]);
    turn++;
}

uint64_t console_poll(void)
{
    static uint64_t next;
    uint64_t now;
    unsigned waiting = 0;

    if (view != VIEW_ALL)
        return 0;
    FOR_EACH_DOMAIN(d)
    {
        waiting += d->screen.length != 0;
    }
    if (!waiting)
        return 0;
    now = now_ms();
    if (now < next)
        return next - now;
    FOR_EACH_DOMAIN(d)
    {
        struct screen *s = &d->screen;

        if (s->length && s->aged && line_room() >= LINE_ROOM)
            emit_line(d);
        s->aged = s->length != 0;
    }
    line_pump();
    next = now + PROMPT_MS;
    return PROMPT_MS;
}

void console_say(const char *format, ...)
{
    char line[160];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    console_start_line();
    emit("\033[7m", 4);
    emit(line, strlen(line));
    emit("\033[0m\r\n", 6);
    line_pump();
}

void console_dump(const char *line)
{
    console_start_line();
    emit(line, strlen(line));
    emit("\r\n", 2);
    line_drain();
}

void console_log(const char *line, size_t length)
{
    if (view == VIEW_LOG) {
        show_log();
        return;
    }
    if (line_room() < length + 2) {
        log_lost++;
        return;
    }
    console_start_line();
    emit(line, length);
    line_pump();
}

void console_show_all(void)
{
    view = VIEW_ALL;
    focus = NULL;
    console_say("all VMs; Ctrl-] h shows the keys");
}

void console_show_log(void)
{
    console_say("the log; Ctrl-] a leads back");
    view = VIEW_LOG;
    focus = NULL;
    log_at = 0;
    show_log();
}

void console_focus(struct domain *d)
{
    view = VIEW_ALL;
    console_say("%s %s; Ctrl-] a leads back to all%s", domain_kind(d), d->config.name,
                d->rings ? "" : "; it is down");
    view = VIEW_FOCUS;
    focus = d;
    show_backlog();
}

struct domain *console_focused(void)
{
    return view == VIEW_FOCUS ? focus : NULL;
}

void console_type(struct domain *d, const uint8_t *bytes, size_t count)
{
    struct mz_console *rings = d->rings;
    size_t n = 0;

    if (!rings) {
        console_say("%s is down; nothing was typed", d->config.name);
        return;
    }
    while (n < count) {
        uint32_t tail = __atomic_load_n(&rings->in_tail, __ATOMIC_ACQUIRE);
        int used = ring_available(d->in_head, tail, MZ_IN_SIZE);

        if (used < 0 || used == (int)MZ_IN_SIZE)
            break;
        rings->in[d->in_head++ % MZ_IN_SIZE] = bytes[n++];
    }
    __atomic_store_n(&rings->in_head, d->in_head, __ATOMIC_RELEASE);
    if (n < count && !d->input_lost)
        log_warn("%s %s: it does not read its input; what is typed gets lost", domain_kind(d),
                 d->config.name);
    d->input_lost = n < count;
    if (L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY)
        L4_Notify(d->thread[SLOT_MAIN], MZ_NOTIFY_INPUT);
}

size_t console_untype(struct domain *d, uint8_t bytes[static MZ_IN_SIZE])
{
    uint32_t tail = d->rings ? __atomic_load_n(&d->rings->in_tail, __ATOMIC_ACQUIRE) : d->in_head;
    int used = ring_available(d->in_head, tail, MZ_IN_SIZE);

    for (int i = 0; i < used; i++)
        bytes[i] = d->rings->in[(tail + (unsigned)i) % MZ_IN_SIZE];
    if (used <= 0)
        return 0;
    d->in_head = tail;
    __atomic_store_n(&d->rings->in_head, tail, __ATOMIC_RELEASE);
    return (size_t)used;
}
