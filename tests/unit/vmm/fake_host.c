/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_host.h"

#include <stdarg.h>
#include <stdio.h>

#include "l4/almond.h"

jmp_buf fake_exit;
enum mz_exit_cause fake_exit_kind;
char fake_exit_text[65];
unsigned fake_flushes, fake_syncs, fake_maps;
unsigned fake_self, fake_processors = 1;
int fake_let_run = -1;
uint64_t fake_notified[HOST_VCPUS];
unsigned fake_reason = L4_EXIT_SYNC;
void (*host_before_exit)(void);

void host_init(const struct mz_boot *boot)
{
}

unsigned host_run(void)
{
    fake_syncs += fake_reason == L4_EXIT_SYNC;
    return fake_reason;
}

uint64_t host_error(void)
{
    return 0;
}

unsigned host_self(void)
{
    return fake_self;
}

enum mz_error host_start(unsigned n, void (*run)(unsigned n))
{
    return MZ_OK;
}

void host_notify(unsigned n, uint64_t bits)
{
    fake_notified[n] |= bits;
}

uint64_t host_wait(void)
{
    return 0;
}

bool host_shares(unsigned n)
{
    return n % fake_processors == fake_self % fake_processors;
}

void host_let_run(unsigned n)
{
    fake_let_run = (int)n;
}

void host_here(void)
{
}

bool host_map(gpa_t to, void *from, uint64_t size)
{
    fake_maps++;
    return true;
}

uint64_t host_features(void)
{
    return 0;
}

uint64_t host_quirks(void)
{
    return 0;
}

uint64_t host_tsc_khz(void)
{
    return 1000000;
}

uint64_t host_date_ns(const struct mz_boot *boot)
{
    return 0;
}

void host_log(enum mz_log_level level, const char *format, ...)
{
}

void host_flush_console(void)
{
    fake_flushes++;
}

void host_started(uint64_t tsc)
{
}

_Noreturn void host_exit(enum mz_exit_cause kind, uint64_t detail, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(fake_exit_text, sizeof(fake_exit_text), format, args);
    va_end(args);
    fake_exit_kind = kind;
    longjmp(fake_exit, 1);
}
