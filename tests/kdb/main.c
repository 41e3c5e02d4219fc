/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A root task for the kernel debugger to look at: threads that wait for each
 * other, one that waits in a queue, one in a space of its own.  It says who they
 * are, enters the debugger, and then tells what is typed.
 */
#include <l4/ipc.h>
#include <l4/kdebug.h>
#include <l4/kip.h>
#include <l4/misc.h>
#include <l4/schedule.h>
#include <l4/self.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/console.h>
#include <stdio.h>

#define IMAGE_BASE  0x1000000ul
#define IMAGE_LOG2  20
#define UTCB_AREA   0xb0000000ul
#define UTCB_LOG2   14
#define STACK_BYTES 4096
#define FRESH       5 /* the first free thread number behind UserBase */

extern char rt_image_start[], rt_image_end[];

enum who { LEFT, RIGHT, SENDER, REMOTE, THREADS };

static L4_ThreadId_t me, threads[THREADS];
static char stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));

static void wait_for_right(void)
{
    for (;;)
        L4_Receive(threads[RIGHT]);
}

static void wait_for_left(void)
{
    for (;;)
        L4_Receive(threads[LEFT]);
}

static void send_to_left(void)
{
    for (;;) {
        L4_LoadMR(1, 0x1234);
        L4_LoadMR(2, 0x5678);
        L4_Set_MsgTag(L4_MakeTag(0x77, 2, 0));
        L4_Send(threads[LEFT]);
    }
}

static void sleep(void)
{
    for (;;)
        L4_Sleep(L4_TimePeriod(600 * 1000000));
}

/* The message for which a new thread waits. */
static void start(enum who who, void (*fn)(void))
{
    L4_Word_t *top = (L4_Word_t *)&stacks[who][STACK_BYTES];

    *--top = 0;
    *--top = 0;
    L4_LoadMR(1, (L4_Word_t)fn);
    L4_LoadMR(2, (L4_Word_t)top);
    L4_Set_MsgTag(L4_MakeTag(0, 2, 0));
    L4_Send(threads[who]);
}

static void spawn(enum who who, void (*fn)(void))
{
    L4_Word_t size = L4_UtcbSize(L4_Kip()), own = L4_MyLocalId().raw & ~(size - 1);

    threads[who] = L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()) + FRESH + who, 1);
    if (!L4_ThreadControl(threads[who], me, me, me, (void *)(own + (1 + who) * size)))
        printf("kdbtest: no thread %u\n", who);
    start(who, fn);
}

/* It has our image, from us. */
static void spawn_remote(void (*fn)(void))
{
    L4_ThreadId_t t = threads[REMOTE] =
        L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()) + FRESH + REMOTE, 1);
    L4_Fpage_t image = L4_FpageAddRights(L4_FpageLog2(IMAGE_BASE, IMAGE_LOG2), L4_FullyAccessible);
    L4_MapItem_t item = L4_MapItem(image, IMAGE_BASE);
    L4_Word_t old;

    if (!L4_ThreadControl(t, t, me, L4_nilthread, (void *)~0ul) ||
        !L4_SpaceControl(t, 0, L4_FpageLog2((L4_Word_t)L4_Kip(), 12),
                         L4_FpageLog2(UTCB_AREA, UTCB_LOG2), L4_nilthread, &old) ||
        !L4_ThreadControl(t, t, me, me, (void *)UTCB_AREA))
        printf("kdbtest: no space\n");
    start(REMOTE, fn);
    L4_Receive(t); /* its first page fault */
    L4_LoadMRs(1, 2, item.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    L4_Reply(t);
}

/* sigma0 gives our pages to this thread only: let it have them before others touch them. */
static void touch_image(void)
{
    for (char *p = rt_image_start; p < rt_image_end; p += 4096)
        *(volatile char *)p;
}

int main(void)
{
    L4_SignedWord_t c;

    rt_set_putchar(L4_KDB_PrintChar);
    touch_image();
    me = L4_MyGlobalId();
    spawn(LEFT, wait_for_right);
    spawn(RIGHT, wait_for_left);
    spawn(SENDER, send_to_left);
    spawn_remote(sleep);
    L4_Sleep(L4_TimePeriod(50000));
    printf("kdbtest: me %lx left %lx right %lx sender %lx remote %lx\n", me.raw, threads[LEFT].raw,
           threads[RIGHT].raw, threads[SENDER].raw, threads[REMOTE].raw);
    L4_KDB_Enter("kdbtest enters");
    printf("kdbtest: goes on\n");
    for (;;) {
        c = L4_KDB_ReadChar();
        if (c >= ' ')
            printf("kdbtest: read %c\n", (char)c);
        else
            L4_Sleep(L4_TimePeriod(10000));
    }
}
