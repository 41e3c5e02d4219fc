/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that tries to reach whom it may not: sigma0, and every thread that another
 * program could have.  With the argument "victim" it is that other program: it waits, and says
 * so if a message or a notification comes.
 */
#include <string.h>

#include <l4/arch.h>
#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/sigma0.h>
#include <l4/vcpu.h>

#include <marzipan/native.h>
#include <marzipan/task.h>

#define GENERATIONS 64u
#define SLOTS       64u
#define DOMAINS     3u
#define DEBUG_PORT  0x80u

static unsigned failures, tried;

int main(void);

static void expect(bool good, const char *what, L4_ThreadId_t whom)
{
    tried++;
    if (good)
        return;
    failures++;
    native_print("FAIL: %s reached 0x%lx, error 0x%lx\n", what, whom.raw, L4_ErrorCode());
}

/* Nobody there, as for a thread that does not exist: not even a time-out. */
static bool unreachable(L4_MsgTag_t tag, unsigned phase)
{
    return L4_IpcFailed(tag) && L4_ErrorCode() == (L4_IPC_NO_PARTNER << 1 | phase);
}

static void try_ipc(L4_ThreadId_t to)
{
    L4_Set_MsgTag(L4_MakeTag(0x55, 0, 0));
    expect(unreachable(L4_Send_Timeout(to, L4_ZeroTime), 0), "a send", to);
    expect(unreachable(L4_Receive_Timeout(to, L4_ZeroTime), 1), "a receive", to);
    expect(!L4_Notify(to, 1), "a notification", to);
}

static void try_others(void)
{
    L4_Word_t first = L4_ThreadIdUserBase(L4_Kip()) + 64; /* where the monitor's numbers begin */

    for (unsigned n = 0; n < DOMAINS * SLOTS; n++) {
        for (L4_Word_t generation = 1; generation <= GENERATIONS; generation++) {
            L4_ThreadId_t to = L4_GlobalId(first + n, generation << 6 | 1);

            if (!L4_IsThreadEqual(to, L4_Myself()))
                try_ipc(to);
        }
    }
}

static void try_sigma0(void)
{
    L4_ThreadId_t sigma0 = L4_Sigma0Id();

    try_ipc(sigma0);
    L4_Set_MsgTag(L4_MakeTag(L4_LABEL_SIGMA0, 2, 0));
    L4_LoadMR(1, L4_IoFpageLog2(DEBUG_PORT, 0).raw);
    L4_LoadMR(2, 0);
    expect(unreachable(L4_Call(sigma0), 0), "a request for a port", sigma0);
}

/* A thread whose pager is sigma0 touches a port: the fault must not get there. */
static void fault_to_sigma0(void)
{
    L4_Set_Pager(L4_Sigma0Id());
    __asm__ volatile("outb %%al, $0x80" : : "a"(0));
    failures++;
    native_print("FAIL: sigma0 gave a port away\n");
    native_exit(MZ_EXIT_INTERNAL, failures, "reached");
}

static uint8_t stack[4096] __attribute__((aligned(16)));

static void try_fault(void)
{
    L4_ThreadId_t t;

    expect(mz_task_create_thread(native_monitor(), 1, (L4_Word_t)fault_to_sigma0,
                                 (L4_Word_t)(stack + sizeof(stack) - 8), &t) == MZ_OK,
           "no thread for a fault", L4_nilthread);
    L4_Sleep(L4_TimePeriod(100000)); /* nothing tells that a thread stays where it is */
}

static _Noreturn void be_victim(void)
{
    L4_ThreadId_t from;

    native_print("waiting to be reached\n");
    for (;;) {
        L4_Wait(&from);
        native_print("FAIL: reached by 0x%lx\n", from.raw);
    }
}

int main(void)
{
    if (strcmp(native_boot()->cmdline, "victim") == 0)
        be_victim();
    try_sigma0();
    try_others();
    try_fault();
    native_print("%u tries, %u failures\n", tried, failures);
    native_exit(failures ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, 0, "");
}
