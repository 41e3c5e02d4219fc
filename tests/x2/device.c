/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts and IO ports, with the first serial port as the device. */
#include <l4/arch.h>
#include "x2.h"

#define COM1_IRQ 4
#define COM1     0x3f8
#define IER      (COM1 + 1)
#define IIR      (COM1 + 2)
#define MCR      (COM1 + 4)
#define LSR      (COM1 + 5)
#define IER_THRE 2
#define MCR_OUT2 0x0b /* the line to the interrupt controller, and DTR, RTS */
#define LSR_IDLE 0x40

#define RTC_INDEX 0x70
#define RTC_DATA  0x71

static L4_ThreadId_t irq_thread(void)
{
    return L4_GlobalId(COM1_IRQ, 1);
}

/* The transmitter is empty: allowing its interrupt raises it. */
static void raise_irq(void)
{
    do_out(IER, IER_THRE);
}

static void lower_irq(void)
{
    do_out(IER, 0);
    do_in(IIR, 0);
}

static void prepare_uart(void)
{
    while (!(do_in(LSR, 0) & LSR_IDLE))
        ;
    lower_irq();
    do_out(MCR, MCR_OUT2);
}

static enum result hear_irq(void)
{
    L4_MsgTag_t tag = hear(irq_thread());

    EXPECT_EQUAL(plain(tag), L4_MakeTag(L4_LABEL_INTERRUPT, 0, 0).raw);
    return PASS;
}

CHECK(interrupt, "6.2", "an interrupt arrives as a message, and the next after a reply")
{
    enum result first, second;

    prepare_uart();
    EXPECT(L4_AssociateInterrupt(irq_thread(), me));
    raise_irq();
    first = hear_irq();
    lower_irq();
    L4_Set_MsgTag(L4_Niltag);
    L4_Send_Timeout(irq_thread(), SOON);
    raise_irq();
    second = hear_irq();
    lower_irq();
    EXPECT(L4_DeassociateInterrupt(irq_thread()));
    EXPECT_EQUAL(first, PASS);
    EXPECT_EQUAL(second, PASS);
    return PASS;
}

CHECK(masked_until_reply, "6.2", "masked until the reply")
{
    L4_MsgTag_t early;

    prepare_uart();
    EXPECT(L4_AssociateInterrupt(irq_thread(), me));
    raise_irq();
    if (hear_irq() != PASS)
        return FAIL;
    lower_irq();
    raise_irq();
    early = L4_Receive_Timeout(irq_thread(), L4_TimePeriod(50000));
    lower_irq();
    EXPECT(L4_DeassociateInterrupt(irq_thread()));
    EXPECT(L4_IpcFailed(early));
    return PASS;
}

static void handler(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait(&from);

    for (;;) {
        shared[0]++;
        shared[1] = from.raw;
        shared[2] = tag.raw;
        do_out(IER, 0);
        L4_Set_MsgTag(L4_Niltag);
        tag = L4_ReplyWait(from, &from);
    }
}

CHECK_SPREAD(handler_thread, "6.2", "a handler thread in a loop of ReplyWait")
{
    L4_ThreadId_t t = spawn(handler);

    prepare_uart();
    settle();
    EXPECT(L4_AssociateInterrupt(irq_thread(), t));
    for (int i = 0; i < 5; i++) {
        raise_irq();
        settle();
        do_in(IIR, 0);
    }
    EXPECT(L4_DeassociateInterrupt(irq_thread()));
    EXPECT_EQUAL(shared[0], 5);
    EXPECT_EQUAL(shared[1], irq_thread().raw);
    return PASS;
}

CHECK(deassociated, "6.2", "no message after deassociation")
{
    L4_MsgTag_t tag;

    prepare_uart();
    EXPECT(L4_AssociateInterrupt(irq_thread(), me));
    EXPECT(L4_DeassociateInterrupt(irq_thread()));
    raise_irq();
    tag = L4_Receive_Timeout(irq_thread(), L4_TimePeriod(50000));
    lower_irq();
    EXPECT(L4_IpcFailed(tag));
    return PASS;
}

CHECK(bad_handlers, "4.4", "interrupts for threads that do not exist")
{
    EXPECT_EQUAL(L4_AssociateInterrupt(irq_thread(), new_id()), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT_EQUAL(L4_AssociateInterrupt(irq_thread(), L4_nilthread), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    return PASS;
}

/* ---- IO ports ---- */

static L4_Word_t do_in_twice(L4_Word_t port, L4_Word_t b)
{
    return do_in(port, 0) | do_in(port, 0) << 8;
}

CHECK_ALMOND_SPREAD(io_fault, "6.5", "an IO fault; the reply maps the port")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;
    struct fault f;

    do_in(RTC_DATA, 0); /* now it is ours */
    EXPECT(ask_fault(t, do_in_twice, RTC_DATA, 0, &f));
    EXPECT_EQUAL(plain(f.tag), L4_MakeTag(L4_LABEL_IO_FAULT | 6, 2, 0).raw);
    EXPECT_EQUAL(f.word[0] & 0xfffffff0, L4_IoFpageLog2(RTC_DATA, 0).raw);
    EXPECT(f.word[1] - (L4_Word_t)do_in < 64);
    EXPECT(resolve(t, L4_MapItem(L4_IoFpageLog2(RTC_DATA, 0), 0), &r));
    EXPECT(ask(t, do_in, RTC_DATA, 0, &r)); /* it keeps the port */
    EXPECT(ask_fault(t, do_in, RTC_INDEX, 0, &f));
    return PASS;
}

CHECK_ALMOND_SPREAD(io_another, "6.5", "a second port, while the first one is in use")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;
    struct fault f;

    do_in(RTC_DATA, 0);
    do_in(RTC_INDEX, 0);
    EXPECT(ask_fault(t, do_in, RTC_DATA, 0, &f));
    EXPECT(resolve(t, L4_MapItem(L4_IoFpageLog2(RTC_DATA, 0), 0), &r));
    EXPECT(ask_fault(t, do_in, RTC_INDEX, 0, &f));
    EXPECT(resolve(t, L4_MapItem(L4_IoFpageLog2(RTC_INDEX, 0), 0), &r));
    EXPECT(ask(t, do_in, RTC_DATA, 0, &r));
    return PASS;
}

static L4_Word_t do_in_long(L4_Word_t port, L4_Word_t b)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "d"((uint16_t)port));
    return value;
}

CHECK_ALMOND_SPREAD(io_width, "6.5", "the fault tells the width of the access")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_in_long, 0xcfc, 0, &f));
    EXPECT_EQUAL(L4_IoFpagePort((L4_Fpage_t){.raw = f.word[0]}), 0xcfc);
    EXPECT_EQUAL(L4_IoFpageSizeLog2((L4_Fpage_t){.raw = f.word[0]}), 2);
    EXPECT(resolve_fault(t, L4_MapItem(L4_Nilpage, 0), &f));
    return PASS;
}

CHECK_ALMOND_SPREAD(io_unmap, "4.9", "ports can be revoked")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;
    struct fault f;

    do_in(RTC_DATA, 0);
    EXPECT(ask_fault(t, do_in, RTC_DATA, 0, &f));
    EXPECT(resolve(t, L4_MapItem(L4_IoFpageLog2(RTC_DATA, 0), 0), &r));
    L4_UnmapFpage(L4_FpageAddRights(L4_IoFpageLog2(RTC_DATA, 0), L4_FullyAccessible));
    EXPECT(ask_fault(t, do_in, RTC_DATA, 0, &f));
    return PASS;
}

/* Nobody can give ports that he has not. */
CHECK_ALMOND_SPREAD(io_not_owned, "5.7", "ports that the sender has not")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_in, 0x1234, 0, &f));
    EXPECT(resolve_fault(t, L4_MapItem(L4_IoFpageLog2(0x1234, 0), 0), &f));
    return PASS;
}

static L4_Word_t do_disable_interrupts(L4_Word_t a, L4_Word_t b)
{
    __asm__ volatile("cli");
    return 0;
}

CHECK_ALMOND_SPREAD(cli_refused, "6.5", "cli is an exception")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r;
    struct fault f;

    EXPECT(ask(t, do_set_handler, me.raw, 0, &r));
    EXPECT(ask_fault(t, do_disable_interrupts, 0, 0, &f));
    EXPECT_EQUAL(L4_LABEL_PROTOCOL(L4_Label(f.tag)), L4_LABEL_ARCH_EXCEPTION);
    return PASS;
}
