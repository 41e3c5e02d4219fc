/* SPDX-License-Identifier: BSD-2-Clause */
#include "host.h"

#include <stdarg.h>
#include <stdio.h>

#include <l4/misc.h>
#include <l4/schedule.h>
#include <l4/vcpu.h>

#include <marzipan/console.h>
#include <marzipan/task.h>

#define EXIT_TEXT     64 /* what the interfaces take */
#define LOG_TEXT      200
#define NS_PER_SECOND UINT64_C(1000000000)
#define NS_PER_TICK   UINT64_C(1000) /* of L4's clock */

void (*host_before_exit)(void);

static L4_ThreadId_t monitor;

void host_init(const struct mz_boot *boot)
{
    monitor.raw = boot->monitor;
}

L4_ThreadId_t host_monitor(void)
{
    return monitor;
}

unsigned host_run(void)
{
    return L4_VcpuRun();
}

uint64_t host_error(void)
{
    return L4_ErrorCode();
}

bool host_map(gpa_t to, void *from, uint64_t size)
{
    L4_Fpage_t page = L4_Fpage((L4_Word_t)from, size);
    L4_Set_Rights(&page, L4_FullyAccessible);
    return L4_VcpuMap(page, to.raw);
}

uint64_t host_features(void)
{
    return L4_Almond() ? L4_Almond()->features : 0;
}

uint64_t host_quirks(void)
{
    return L4_Almond() ? L4_Almond()->quirks : 0;
}

uint64_t host_tsc_khz(void)
{
    return L4_Almond() ? L4_Almond()->tsc_khz : 0;
}

uint64_t host_date_ns(const struct mz_boot *boot)
{
    if (boot->boot_clock == 0)
        return 0;
    return boot->boot_clock * NS_PER_SECOND + L4_SystemClock().raw * NS_PER_TICK;
}

void host_log(enum mz_log_level level, const char *format, ...)
{
    char text[LOG_TEXT + 1];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    mz_log_write(monitor, level, text);
}

void host_flush_console(void)
{
    mz_console_flush(monitor);
}

/* An event in the kernel's trace. */
static void note(const char *name, uint64_t number)
{
    if (L4_Almond()->features & L4_ALMOND_F_TRACE)
        L4_TraceWrite(L4_TraceName(name), number);
}

void host_started(uint64_t tsc)
{
    note("started", tsc);
    mz_task_started(monitor, tsc);
}

/* Only one thread gets beyond this, so that the last words and the cause are those of one end. */
static void first_to_end(void)
{
    static L4_Word_t first;
    L4_Word_t self = L4_Myself().raw, expected = 0;
    if (__atomic_compare_exchange_n(&first, &expected, self, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST) ||
        expected == self)
        return;
    for (;;)
        L4_Sleep(L4_Never);
}

_Noreturn void host_exit(enum mz_exit_cause kind, uint64_t detail, const char *format, ...)
{
    char text[EXIT_TEXT + 1];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    first_to_end();
    void (*last_words)(void) = host_before_exit;
    host_before_exit = NULL;
    if (last_words)
        last_words();
    note("exit", kind);
    for (;;)
        mz_exit_now(monitor, kind, detail, text);
}
