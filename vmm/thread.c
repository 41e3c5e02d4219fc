/* SPDX-License-Identifier: BSD-2-Clause */
/* The VMM's threads: the part of host.h that is about them. */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/vcpu.h>

#include <marzipan/task.h>

#include "host.h"

#define STACK_SIZE   KIB(16)
#define RETURN_BYTES 8 /* a function finds the stack as if it had been called */

static struct thread {
    L4_ThreadId_t id;
    int processor; /* where it was when it last looked */
    void (*run)(unsigned n);
} threads[HOST_VCPUS];

unsigned host_self(void)
{
    return (unsigned)L4_UserDefinedHandle();
}

void host_here(void)
{
    __atomic_store_n(&threads[host_self()].processor, L4_ProcessorNo(), __ATOMIC_RELAXED);
}

/* A thread's number is that of its UTCB. */
static _Noreturn void begin(void)
{
    unsigned n = (unsigned)((L4_MyLocalId().raw - MZ_VMM_UTCB) / L4_UtcbSize(L4_Kip()));
    L4_Set_UserDefinedHandle(n);
    host_here();
    threads[n].run(n);
    __builtin_unreachable();
}

enum mz_error host_start(unsigned n, void (*run)(unsigned n))
{
    static _Alignas(16) uint8_t stacks[HOST_VCPUS - 1][STACK_SIZE];
    threads[0] = (struct thread){.id = L4_Myself(), .processor = L4_ProcessorNo()};
    threads[n].run = run;
    L4_Word_t top = (L4_Word_t)(stacks[n - 1] + STACK_SIZE - RETURN_BYTES);
    return mz_task_create_thread(host_monitor(), n, (L4_Word_t)begin, top, &threads[n].id);
}

void host_notify(unsigned n, uint64_t bits)
{
    L4_Notify(n == host_self() ? L4_Myself() : threads[n].id, bits);
}

uint64_t host_wait(void)
{
    L4_Word_t bits = 0;
    if (L4_IpcSucceeded(L4_Receive(L4_NotifyThread())))
        L4_StoreMR(1, &bits);
    return bits;
}

bool host_shares(unsigned n)
{
    return __atomic_load_n(&threads[n].processor, __ATOMIC_RELAXED) == L4_ProcessorNo();
}

void host_let_run(unsigned n)
{
    L4_ThreadSwitch(threads[n].id);
}
