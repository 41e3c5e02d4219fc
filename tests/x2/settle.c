/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting until the other threads have done what they can.  Each processor has a
 * thread of the lowest priority: when that runs, all others there wait.
 */
#include "guest.h"

#define PROCESSORS   32
#define STACK_BYTES  2048
#define FIRST_UTCB   191 /* those below are for workers */
#define FIRST_NUMBER 500 /* likewise */
#define ROUNDS       3   /* a thread that wakes another one of an idle processor */
#define WINDOWS      10  /* the host may take a time slice away from one */
#define PATIENCE     20  /* milliseconds, for those who never wait */

_Static_assert(FIRST_UTCB + PROCESSORS <= 256 - GUEST_STATES * 4096 / 512, "UTCBs of IA32");

static char stacks[PROCESSORS][STACK_BYTES] __attribute__((aligned(16)));
static L4_ThreadId_t pulse_thread[PROCESSORS];
static volatile L4_Word_t beats[PROCESSORS];

/* No answer: the root thread may be waiting for anybody by then. */
static void pulse(void)
{
    L4_Word_t n = L4_ThreadNo(L4_MyGlobalId()) - L4_ThreadNo(pulse_thread[0]);

    for (;;)
        if (L4_IpcSucceeded(L4_Receive(me)))
            beats[n]++;
}

void settle_init(void)
{
    L4_Word_t size = L4_UtcbSize(L4_Kip()), utcb = (L4_MyLocalId().raw & ~(size - 1));

    for (L4_Word_t n = 0; n < processor_count() && n < PROCESSORS; n++) {
        L4_ThreadId_t t = L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()) + FIRST_NUMBER + n, 1);
        L4_Word_t top = (L4_Word_t)&stacks[n][STACK_BYTES] - 2 * sizeof(L4_Word_t);

        pulse_thread[n] = t;
        L4_ThreadControl(t, me, me, me, (void *)(utcb + (FIRST_UTCB + n) * size));
        L4_Set_ProcessorNo(t, n);
        L4_Set_Priority(t, 0);
        L4_Start_SpIp(t, top, (L4_Word_t)pulse);
    }
}

/* Until each processor has had nothing else to do, or its time is over. */
static void beat_once(void)
{
    L4_Word_t before[PROCESSORS], left = processor_count();

    for (L4_Word_t n = 0; n < processor_count(); n++) {
        before[n] = beats[n];
        L4_Set_MsgTag(L4_Niltag);
        L4_Reply(pulse_thread[n]); /* it may not have got to the last one yet */
    }
    for (int ms = 0; left && ms < PATIENCE; ms++) {
        L4_Sleep(L4_TimePeriod(ms ? 1000 : 200));
        left = 0;
        for (L4_Word_t n = 0; n < processor_count(); n++)
            left += beats[n] == before[n];
    }
}

bool counts_share(L4_Word_t us, L4_Word_t least, L4_Word_t most)
{
    for (int i = 0; i < WINDOWS; i++) {
        L4_Word_t a, b;

        shared[0] = shared[1] = 0;
        L4_Sleep(L4_TimePeriod(us));
        a = shared[0];
        b = shared[1];
        if (a && b && a >= least * (b / 4) && a <= most * (b / 4))
            return true;
        printf("# counts of %lu and %lu in %lu us\n", a, b, us);
    }
    return false;
}

void settle(void)
{
    for (int i = 0; i < ROUNDS; i++)
        beat_once();
}
