/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts and notifications to a thread of another space that waits and has a higher priority:
 * from the instruction that causes them to the thread's next one.
 */
#include "kbench.h"

#define ROUNDS       64
#define OWN_PRIORITY 200
#define HIS_PRIORITY 250

/* The first serial port: it interrupts at once if its interrupt is allowed while it has nothing to
 * send. */
#define COM1_IRQ 4
#define IER      0x3f9
#define IIR      0x3fa
#define MCR      0x3fc
#define LSR      0x3fd
#define IER_THRE 2
#define MCR_OUT2 0x0b
#define LSR_IDLE 0x40

static volatile uint64_t ended;

static void out(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static void interrupt_handler(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;) {
        ended = now();
        L4_Set_MsgTag(L4_Niltag);
        L4_ReplyWait(from, &from);
    }
}

static void lower(void)
{
    out(IER, 0);
    in(IIR);
}

static uint64_t interrupt(void)
{
    uint64_t begin;

    while (!(in(LSR)&LSR_IDLE))
        ;
    begin = now();
    out(IER, IER_THRE);
    lower();
    return ended - begin;
}

static void listener(void)
{
    L4_ThreadId_t from;

    for (;;) {
        L4_Wait(&from);
        ended = now();
    }
}

static L4_ThreadId_t notified;

static uint64_t notification(void)
{
    uint64_t begin = now();

    L4_Notify(notified, 1);
    return ended - begin;
}

static void measure(const char *name, uint64_t (*once)(void))
{
    uint64_t sum = 0;

    once();
    for (unsigned i = 0; i < ROUNDS; i++)
        sum += once();
    report(name, sum / ROUNDS);
}

static void bench_interrupt(void)
{
    L4_ThreadId_t irq = L4_GlobalId(COM1_IRQ, 1), t = start_far(interrupt_handler);

    L4_Set_Priority(t, HIS_PRIORITY);
    lower();
    out(MCR, MCR_OUT2);
    if (!L4_AssociateInterrupt(irq, t))
        fail("an interrupt");
    measure("interrupt_to_thread", interrupt);
    L4_DeassociateInterrupt(irq);
    kill(t);
}

static void bench_notification(void)
{
    notified = start_far(listener);
    L4_Set_Priority(notified, HIS_PRIORITY);
    measure("notification", notification);
    kill(notified);
}

void bench_events(void)
{
    L4_Set_Priority(me, OWN_PRIORITY);
    bench_notification();
    bench_interrupt();
    L4_Set_Priority(me, 255);
}
