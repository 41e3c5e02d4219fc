/* SPDX-License-Identifier: BSD-2-Clause */
#include "service.h"

#include <marzipan/console_server.h>
#include <marzipan/device_server.h>
#include <marzipan/directory_server.h>
#include <marzipan/exit_server.h>
#include <marzipan/log_server.h>
#include <marzipan/machine_server.h>
#include <marzipan/memory_server.h>
#include <marzipan/monitor_server.h>
#include <marzipan/operator_server.h>
#include <marzipan/schedule_server.h>
#include <marzipan/statistics_server.h>
#include <marzipan/task_server.h>
#include <marzipan/vm_server.h>
#include <rt/text.h>

#include "console.h"
#include "log.h"
#include "power.h"

#define EXIT_CODE_MAX 127u

void service_waits_no_more(struct domain *d, L4_ThreadId_t t)
{
    if (L4_IsThreadEqual(d->flusher, t))
        d->flusher = L4_nilthread;
    if (L4_IsThreadEqual(d->event_waiter, t))
        d->event_waiter = L4_nilthread;
}

enum mz_error serve_console_flush(struct mz_caller *caller)
{
    struct domain *d = caller->domain;

    service_log_drain(d);
    if (console_drain(d) || !L4_IsNilThread(d->flusher))
        return MZ_OK;
    d->flusher = caller_thread(caller);
    return MZ_LATER;
}

enum mz_error service_deny(struct domain *d, const char *what, const char *whom)
{
    char clean[64];

    text_copy(clean, sizeof(clean), whom, sizeof(clean));
    if (service_log_allowed(d))
        log_warn("%s %s: refused to %s %s; the description does not allow it", domain_kind(d),
                 d->config.name, what, clean);
    return MZ_ERR_DENIED;
}

enum mz_error serve_machine_power_off(struct mz_caller *caller, uint32_t code)
{
    if (!caller->domain->config.may_poweroff)
        return MZ_ERR_DENIED;
    if (code > EXIT_CODE_MAX)
        return MZ_ERR_BAD_ARG;
    power_off(code, "asked for by a domain that may");
}

static bool dispatch(struct mz_request *q, struct mz_caller *caller)
{
    switch (mz_interface(q)) {
    case MZ_INTERFACE_CONSOLE:
        return mz_console_dispatch(q, caller);
    case MZ_INTERFACE_DEVICE:
        return mz_device_dispatch(q, caller);
    case MZ_INTERFACE_DIRECTORY:
        return mz_directory_dispatch(q, caller);
    case MZ_INTERFACE_EXIT:
        return mz_exit_dispatch(q, caller);
    case MZ_INTERFACE_LOG:
        return mz_log_dispatch(q, caller);
    case MZ_INTERFACE_MACHINE:
        return mz_machine_dispatch(q, caller);
    case MZ_INTERFACE_MEMORY:
        return mz_memory_dispatch(q, caller);
    case MZ_INTERFACE_MONITOR:
        if (caller->domain->config.monitor)
            return mz_monitor_dispatch(q, caller);
        break;
    case MZ_INTERFACE_OPERATOR:
        if (caller->domain == domain_shell)
            return mz_operator_dispatch(q, caller);
        break;
    case MZ_INTERFACE_SCHEDULE:
        return mz_schedule_dispatch(q, caller);
    case MZ_INTERFACE_STATISTICS:
        return mz_statistics_dispatch(q, caller);
    case MZ_INTERFACE_TASK:
        return mz_task_dispatch(q, caller);
    case MZ_INTERFACE_VM:
        return mz_vm_dispatch(q, caller);
    default:
        return false;
    }
    mz_refuse(q, MZ_ERR_DENIED);
    return true;
}

enum mz_error service_request(L4_MsgTag_t tag, struct call *call)
{
    struct mz_request q = mz_request(NULL);
    struct mz_caller caller = {call->domain, call->slot};
    L4_MsgTag_t answer;

    mz_received_by(&q, caller_thread(&caller), tag);
    if (!dispatch(&q, &caller))
        mz_refuse(&q, MZ_ERR_NO_INTERFACE);
    call->domain->requests++;
    call->no_reply = L4_IsNilThread(q.from);
    answer = mz_answer_by(&q);
    call->results = (unsigned)L4_UntypedWords(answer);
    call->items = (unsigned)L4_TypedWords(answer);
    if (call->results + call->items)
        L4_StoreMRs(1, (int)(call->results + call->items), call->w);
    call->domain->refused += L4_Label(answer) != MZ_OK;
    return (enum mz_error)L4_Label(answer);
}
