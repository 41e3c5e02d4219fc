/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a native program needs of the world around it: its boot page, its console, the monitor.
 * The monitor's interfaces are called by their generated stubs, with native_monitor() as the server.
 */
#ifndef MARZIPAN_NATIVE_H
#define MARZIPAN_NATIVE_H

#include <stdbool.h>
#include <stddef.h>

#include <l4/ipc.h>
#include <l4/message.h>
#include <l4/thread.h>

#include <marzipan/exit.h>
#include <marzipan/log.h>
#include <marzipan/vmm.h>

static inline const struct mz_boot *native_boot(void)
{
    return (const struct mz_boot *)(uintptr_t)MZ_VMM_BOOT;
}

static inline struct mz_console *native_rings(void)
{
    return (struct mz_console *)(uintptr_t)MZ_VMM_CONSOLE;
}

static inline L4_ThreadId_t native_monitor(void)
{
    return (L4_ThreadId_t){.raw = (L4_Word_t)native_boot()->monitor};
}

/* Write to the console, at most 255 bytes at a time. */
void native_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line for the log, at most 200 bytes; the later one is there with the next call that takes it, at
 * the program's end at the latest, and costs none: see idl/log.idl. */
void native_log(enum mz_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void native_log_later(enum mz_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes that the output ring has room for; MZ_OUT_SIZE: the monitor has taken all. */
uint32_t native_room(void);

/* Put a byte there, without telling the monitor. */
void native_put(uint8_t byte);

/* A byte of the input ring, or -1. */
int native_get(void);

/* End, for ever or until the next start; the text, its first 64 bytes, goes to the log. */
_Noreturn void native_exit(enum mz_exit_cause cause, uint64_t detail, const char *text);

#endif
