/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of what a thread is at. */
#include "kdb.h"

static const char *name(const char *const names[], unsigned count, unsigned n)
{
    return n < count && names[n] ? names[n] : "?";
}

const char *kdb_state(const struct thread *t)
{
    static const char *const names[] = {
        [THREAD_INACTIVE] = "inactive", [THREAD_READY] = "ready",
        [THREAD_SENDING] = "sending",   [THREAD_RECEIVING] = "receiving",
        [THREAD_TRANSFER] = "transfer", [THREAD_SLEEPING] = "sleeping",
        [THREAD_STOPPED] = "stopped"};

    return name(names, ARRAY_SIZE(names), t->state);
}

const char *kdb_kipc(const struct thread *t)
{
    static const char *const names[] = {[KIPC_NONE] = "-",
                                        [KIPC_START] = "start",
                                        [KIPC_PAGE_FAULT] = "page fault",
                                        [KIPC_IO_FAULT] = "io fault",
                                        [KIPC_EXCEPTION] = "exception",
                                        [KIPC_PREEMPTION] = "preemption",
                                        [KIPC_IRQ] = "interrupt",
                                        [KIPC_STRING_FAULT] = "page fault in a string"};

    return name(names, ARRAY_SIZE(names), t->kipc);
}

const char *kdb_continuation(const struct thread *t)
{
    static const char *const names[] = {[CONT_NONE] = "user mode",
                                        [CONT_CALL] = "its system call, once more",
                                        [CONT_EXCEPTION] = "reporting an exception",
                                        [CONT_RECEIVE] = "its receive phase",
                                        [CONT_TRANSFER] = "its message",
                                        [CONT_FAULT] = "its message, behind a page fault",
                                        [CONT_UNMAP] = "an unmap",
                                        [CONT_ATTRIBUTES] = "a memory control",
                                        [CONT_PREEMPTION] = "reporting a preemption"};

    if (t->cont == CONT_NONE && t->flags & TF_GUEST)
        return "its guest";
    return name(names, ARRAY_SIZE(names), t->cont);
}
