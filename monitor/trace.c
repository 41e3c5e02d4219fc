/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <l4/kip.h>
#include <l4/message.h>
#include <l4/vcpu.h>

#include <marzipan/trace.h>
#include <rt/ports.h>

#include "console.h"
#include "log.h"
#include "modules.h"
#include "supply.h"
#include "trace_names.h"

#define EVENT_WORDS (sizeof(struct l4_trace_event) / sizeof(L4_Word_t))
#define EVENTS_MAX  (64 / EVENT_WORDS) /* that TraceRead brings at once */
#define LINE        128

static unsigned size_log2; /* 0: off                     */
static uint16_t port;      /* 0: to the serial line      */

/* A number among the monitor's arguments; false, with a warning, if it is none of these. */
static bool read_number(const char *option, unsigned long min, unsigned long max,
                        unsigned long *value)
{
    char text[24], *end;

    if (!modules_option(option, text, sizeof(text)))
        return false;
    *value = strtoul(text, &end, 0);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && *value >= min && *value <= max)
        return true;
    log_warn("option %s=%s: write a number from %lu to %lu", option, text, min, max);
    return false;
}

static bool begin(unsigned log2)
{
    return L4_TraceSize(log2) && L4_TraceStart(L4_TRACE_ALL);
}

void trace_init(void)
{
    unsigned long log2, number;

    if (read_number("trace-port", 1, 0xffff, &number))
        port = (uint16_t)number;
    if (!read_number("trace", L4_TRACE_MIN_LOG2, L4_TRACE_MAX_LOG2, &log2))
        return;
    if (supply_is_nested() || !L4_Almond() || !(L4_Almond()->features & L4_ALMOND_F_TRACE)) {
        log_warn("option trace=%lu: this kernel has no trace, or another monitor has it", log2);
    } else if (!begin((unsigned)log2)) {
        log_warn("option trace=%lu: the kernel has no memory for so many events; take a lower "
                 "number",
                 log2);
    } else {
        size_log2 = (unsigned)log2;
        log_info("trace: the last %lu events of each processor are kept", 1ul << log2);
    }
}

bool trace_is_on(void)
{
    return size_log2 != 0;
}

void trace_note(const char *word, uint64_t number)
{
    if (trace_is_on())
        L4_TraceWrite(L4_TraceName(word), (L4_Word_t)number);
}

void trace_line(const char *format, ...)
{
    const size_t mark = sizeof(MZ_TRACE_MARK) - 1;
    char line[LINE];
    va_list args;

    memcpy(line, MZ_TRACE_MARK, mark);
    va_start(args, format);
    vsnprintf(line + mark, sizeof(line) - mark, format, args);
    va_end(args);
    if (!port)
        return console_dump(line);
    for (const char *c = line; *c; c++)
        out8(port, (uint8_t)*c);
    out8(port, '\n');
}

/* One processor's events: each tells its distance to the one before. */
static unsigned dump_processor(L4_Word_t cpu)
{
    struct l4_trace_event events[EVENTS_MAX];
    L4_Word_t from = 0, n;
    uint64_t tsc = 0;
    unsigned count = 0;

    while ((n = L4_TraceRead(cpu, &from)) != 0 && n <= EVENTS_MAX) {
        L4_StoreMRs(0, (int)(n * EVENT_WORDS), (L4_Word_t *)events);
        if (!count) {
            tsc = events[0].tsc;
            trace_line("cpu %lu %llx lost %lu", (unsigned long)cpu, (unsigned long long)tsc,
                       (unsigned long)from);
        }
        for (L4_Word_t i = 0; i < n; i++) {
            const struct l4_trace_event *e = &events[i];

            trace_line("%x %llx %x %llx %llx", e->type, (unsigned long long)(e->tsc - tsc),
                       e->thread, (unsigned long long)e->arg[0], (unsigned long long)e->arg[1]);
            tsc = e->tsc;
        }
        from += n;
        count += (unsigned)n;
    }
    return count;
}

unsigned trace_dump(void)
{
    L4_Word_t processors = L4_NumProcessors(L4_Kip());
    unsigned count = 0;

    L4_TraceStart(0);
    trace_line("version %u khz %llu cpus %lu interrupts %lu", MZ_TRACE_VERSION,
               (unsigned long long)L4_Almond()->tsc_khz, (unsigned long)processors,
               (unsigned long)L4_ThreadIdSystemBase(L4_Kip()));
    trace_names();
    for (L4_Word_t cpu = 0; cpu < processors; cpu++)
        count += dump_processor(cpu);
    trace_line("end %u", count);
    if (!begin(size_log2))
        size_log2 = 0;
    return count;
}
