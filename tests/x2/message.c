/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts that devices send as messages (MSI), with QEMU's "edu" as the device: a write to one of its
 * registers raises an interrupt, which its status register then shows, and another one ends.
 */
#include "x2.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA    0xcfc

#define EDU            0x11e81234 /* device, vendor */
#define PCI_COMMAND    0x04
#define COMMAND_MEMORY 2
#define COMMAND_MASTER 4 /* messages are writes to memory */
#define PCI_BAR0       0x10
#define PCI_CAPABILITY 0x34
#define CAPABILITY_MSI 5
#define MSI_ENABLE     (1u << 16)
#define MSI_64         (1u << 23)

#define EDU_AT     0x68000000ul
#define EDU_STATUS (0x24 / 4)
#define EDU_RAISE  (0x60 / 4)
#define EDU_END    (0x64 / 4)

static uint32_t device; /* what selects its configuration space */
static volatile uint32_t *edu;

static void out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "d"(port));
}

static uint32_t config_read(uint32_t at)
{
    uint32_t value;

    out32(CONFIG_ADDRESS, device | at);
    __asm__ volatile("inl %1, %0" : "=a"(value) : "d"((uint16_t)CONFIG_DATA));
    return value;
}

static void config_write(uint32_t at, uint32_t value)
{
    out32(CONFIG_ADDRESS, device | at);
    out32(CONFIG_DATA, value);
}

static bool find_device(void)
{
    L4_Fpage_t bar;

    for (unsigned n = 0; n < 32; n++) {
        device = 1u << 31 | n << 11;
        if (config_read(0) != EDU)
            continue;
        bar = L4_FpageLog2(config_read(PCI_BAR0) & ~0xfffu, 12);
        config_write(PCI_COMMAND, COMMAND_MEMORY | COMMAND_MASTER);
        edu = (volatile uint32_t *)EDU_AT;
        return !L4_IsNilFpage(
            L4_Sigma0_GetPage_RcvWindow(L4_nilthread, bar, L4_FpageLog2(EDU_AT, 12)));
    }
    return false;
}

/* Where the capability is; 0: there is none. */
static uint32_t find_capability(uint32_t id)
{
    for (uint32_t at = config_read(PCI_CAPABILITY) & 0xfc; at; at = config_read(at) >> 8 & 0xfc)
        if ((config_read(at) & 0xff) == id)
            return at;
    return 0;
}

static L4_ThreadId_t message_thread(void)
{
    return L4_GlobalId(L4_ThreadIdSystemBase(L4_Kip()) - 1, 1);
}

static bool program(L4_Word_t address, L4_Word_t data)
{
    uint32_t at = find_capability(CAPABILITY_MSI), control;

    if (!at)
        return false;
    control = config_read(at);
    config_write(at + 4, (uint32_t)address);
    config_write(at + 8, 0);
    config_write(at + (control & MSI_64 ? 12 : 8), (uint32_t)data);
    config_write(at, control | MSI_ENABLE);
    return true;
}

static enum result hear_message(void)
{
    EXPECT_EQUAL(plain(hear(message_thread())), L4_MakeTag(L4_LABEL_INTERRUPT, 0, 0).raw);
    EXPECT_EQUAL(edu[EDU_STATUS], 1);
    edu[EDU_END] = 1;
    return PASS;
}

static enum result exchange(void)
{
    edu[EDU_RAISE] = 1;
    EXPECT_PASS(hear_message());
    edu[EDU_RAISE] = 1; /* before the reply: it is kept */
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(message_thread(), SOON)));
    EXPECT_PASS(hear_message());
    L4_Set_MsgTag(L4_Niltag);
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(message_thread(), SOON)));
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(message_thread(), A_WHILE)));
    return PASS;
}

CHECK_ALMOND(message_interrupt, "almond", "a device's message arrives as an interrupt")
{
    L4_Word_t data, address = L4_InterruptMessage(message_thread(), &data);
    enum result good;

    EXPECT(L4_Almond()->features & L4_ALMOND_F_MSI);
    EXPECT_EQUAL(address & 0xfff00000, 0xfee00000);
    if (!find_device())
        return SKIP;
    EXPECT(L4_AssociateInterrupt(message_thread(), me));
    address = L4_InterruptMessage(message_thread(), &data);
    EXPECT(program(address, data));
    good = exchange();
    EXPECT(L4_DeassociateInterrupt(message_thread()));
    edu[EDU_RAISE] = 1; /* nobody wants to know */
    edu[EDU_END] = 1;
    return good;
}

static L4_Word_t do_ask(L4_Word_t irq, L4_Word_t b)
{
    return L4_InterruptMessage((L4_ThreadId_t){.raw = irq}, &b);
}

CHECK_ALMOND(message_refused, "almond", "InterruptMessage: for the handler, and for messages only")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t data, r;

    EXPECT_EQUAL(L4_InterruptMessage(L4_GlobalId(4, 1), &data), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    EXPECT_EQUAL(L4_InterruptMessage(me, &data), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    EXPECT_EQUAL(L4_InterruptMessage(L4_nilthread, &data), 0);
    EXPECT(ask(t, do_ask, message_thread().raw, 0, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    EXPECT(L4_AssociateInterrupt(message_thread(), t));
    EXPECT(ask(t, do_ask, message_thread().raw, 0, &r));
    EXPECT(L4_DeassociateInterrupt(message_thread()));
    EXPECT_EQUAL(r & 0xfff00000, 0xfee00000);
    return PASS;
}
