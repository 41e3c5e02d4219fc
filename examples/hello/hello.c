/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest L4 program: it runs as the root task, right on the kernel.  It looks into the
 * kernel interface page, makes a second thread, and talks with it.
 */
#include <stdio.h>
#include <string.h>

#include <l4/ipc.h>
#include <l4/kdebug.h>
#include <l4/kip.h>
#include <l4/thread.h>
#include <rt/console.h>

#define STACK 4096

static L4_ThreadId_t first;
static char stack[STACK] __attribute__((aligned(16)));

int main(void);

/* The second thread: it sends the answer and waits for ever. */
static void second(void)
{
    L4_LoadMR(1, 6 * 7);
    L4_Set_MsgTag(L4_MakeTag(1, 1, 0));
    L4_Send(first);
    for (;;)
        L4_Sleep(L4_Never);
}

int main(void)
{
    L4_ThreadId_t me = L4_Myself(), other = L4_GlobalId(L4_ThreadNo(me) + 1, 1);
    /* A local id lies in its thread's UTCB: the next one is a UTCB further. */
    L4_Word_t size = L4_UtcbSize(L4_Kip()), utcb = (L4_MyLocalId().raw & ~(size - 1)) + size;
    L4_MsgTag_t tag;

    first = me;
    memset(stack, 0,
           sizeof(stack)); /* now it is there: the second thread has nobody to ask for it */
    rt_set_putchar(L4_KDB_PrintChar);
    printf("hello from thread %lu on %s, %lu processors\n", L4_ThreadNo(me),
           L4_KernelVersionString(L4_Kip()), L4_NumProcessors(L4_Kip()));

    /* In our space, scheduled and paged by us, with the second UTCB of our area. */
    if (!L4_ThreadControl(other, me, me, me, (void *)utcb)) {
        printf("no second thread: error %lu\n", L4_ErrorCode());
        return 1;
    }
    L4_Start_SpIp(other, (L4_Word_t)(stack + STACK - sizeof(L4_Word_t)), (L4_Word_t)second);
    tag = L4_Receive(other);
    printf("thread %lu says %lu\n", L4_ThreadNo(other), L4_IpcSucceeded(tag) ? L4_MR(1) : 0);
    for (;;)
        L4_Sleep(L4_Never); /* the root task has nowhere to return to */
}
