/* SPDX-License-Identifier: BSD-2-Clause */
/* What the native test programs share: calls to the monitor, and a line on the console. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include <l4/ipc.h>
#include <l4/message.h>
#include <l4/thread.h>

#include <marzipan/errors.h>
#include <marzipan/vmm.h>

static inline const struct mz_boot *child_boot(void)
{
    return (const struct mz_boot *)(uintptr_t)MZ_VMM_BOOT;
}

static inline struct mz_console *child_rings(void)
{
    return (struct mz_console *)(uintptr_t)MZ_VMM_CONSOLE;
}

/* Call the monitor; results go to w.  Returns the reply's label, or -1 if the IPC failed. */
long child_call(L4_Word_t op, unsigned words, L4_Word_t *w);

/* Write a line through the console ring. */
void child_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

_Noreturn void child_exit(enum mz_exit kind, L4_Word_t detail, const char *text);

#endif
