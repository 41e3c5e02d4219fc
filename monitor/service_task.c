/* SPDX-License-Identifier: BSD-2-Clause */
/* The interfaces `task` and `exit`: what a domain asks and says for itself. */
#include <marzipan/exit_server.h>
#include <marzipan/task_server.h>
#include <rt/text.h>

#include "lifecycle.h"
#include "log.h"
#include "service.h"
#include "space.h"
#include "supply.h"
#include "thread.h"

#define USER_END (L4_WORD_BITS == 64 ? UINT64_C(0x00007ffffffff000) : 0xc0000000)

enum mz_error serve_exit_now(struct mz_caller *caller, enum mz_exit_cause why, uint64_t detail,
                             const char *text)
{
    static const struct {
        enum ending ending;
        const char *text;
    } causes[] = {
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
    bool own = caller->domain->config.program && why == MZ_EXIT_INTERNAL; /* it has no VMM */
    char more[65] = "";

    if (text[0])
        text_copy(more, sizeof(more), text, sizeof(more));
    else if (detail)
        text_add(more, sizeof(more), "(0x%llx)", (unsigned long long)detail);
    lifecycle_end(caller->domain, causes[why].ending, "%s%s%s", own ? "failed" : causes[why].text,
                  !more[0] ? ""
                  : own    ? ": "
                           : " ",
                  more);
    return MZ_LATER;
}

enum mz_error serve_task_create_thread(struct mz_caller *caller, uint32_t index, uint64_t ip,
                                       uint64_t sp, L4_ThreadId_t *result)
{
    struct domain *d = caller->domain;
    enum mz_error error;

    if (index <= SLOT_MAIN || index >= SLOT_OWN_END || ip >= USER_END || sp >= USER_END)
        return MZ_ERR_BAD_ARG;
    error = thread_create(d, index);
    if (error)
        return error;
    if (!thread_start(d, index, (L4_Word_t)ip, (L4_Word_t)sp)) {
        thread_delete(d, index);
        return MZ_ERR_BAD_ARG;
    }
    *result = d->thread[index];
    return MZ_OK;
}

/* The slot of an id that must name a living thread in the own space of the caller's domain. */
static enum mz_error own_slot(const struct mz_caller *caller, L4_ThreadId_t id, unsigned *slot)
{
    return thread_find(id, slot) == caller->domain && *slot < SLOT_OWN_END ? MZ_OK : MZ_ERR_BAD_ID;
}

enum mz_error serve_task_delete_thread(struct mz_caller *caller, L4_ThreadId_t id)
{
    struct domain *d = caller->domain;
    unsigned slot;
    enum mz_error error = own_slot(caller, id, &slot);

    if (error)
        return error;
    if (slot == SLOT_MAIN)
        return MZ_ERR_DENIED;
    service_waits_no_more(d, id);
    thread_delete(d, slot);
    return slot == caller->slot ? MZ_LATER : MZ_OK;
}

enum mz_error serve_task_set_priority(struct mz_caller *caller, L4_ThreadId_t id, uint32_t priority)
{
    unsigned slot;
    enum mz_error error = own_slot(caller, id, &slot);

    if (error)
        return error;
    if (priority > caller->domain->config.priority)
        return MZ_ERR_BAD_ARG;
    return thread_set_priority(caller->domain, slot, priority);
}

enum mz_error serve_task_create_space(struct mz_caller *caller, L4_ThreadId_t *result)
{
    unsigned slot;
    enum mz_error error = space_create(caller->domain, &slot);

    if (!error)
        *result = caller->domain->thread[slot];
    return error;
}

enum mz_error serve_task_delete_space(struct mz_caller *caller, L4_ThreadId_t id)
{
    unsigned slot;

    if (thread_find(id, &slot) != caller->domain || !space_slot(slot))
        return MZ_ERR_BAD_ID;
    thread_delete(caller->domain, slot);
    return MZ_OK;
}

enum mz_error serve_task_started(struct mz_caller *caller, uint64_t tsc)
{
    struct domain *d = caller->domain;

    if (d->started) /* once a life */
        return MZ_OK;
    d->started = true;
    lifecycle_ready(d);
    log_info("%s %s: first guest instruction at tsc=%llu", domain_kind(d), d->config.name,
             (unsigned long long)tsc);
    return MZ_OK;
}

enum mz_error serve_task_alive(struct mz_caller *caller)
{
    lifecycle_alive(caller->domain);
    return MZ_OK;
}

enum mz_error serve_task_own_usage(struct mz_caller *caller, struct mz_task_usage *result)
{
    const struct domain *d = caller->domain;

    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &result->kernel_memory,
                         &result->kernel_memory_limit);
    result->memory = d->memory.used;
    result->memory_limit = d->memory.limit;
    result->threads = (uint32_t)d->threads.used;
    result->threads_limit = (uint32_t)d->threads.limit;
    return MZ_OK;
}
