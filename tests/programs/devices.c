/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that claims devices.  It expects a serial port at 0x3e8 with interrupt 5, the ports
 * of the PCI configuration, the memory from 0xfe000000 to 0xfec00000 and one message interrupt to be
 * its own, and QEMU's device `edu` on the bus.  Its command line says what it does:
 *
 *   all       everything that it may and must not do
 *   before    touch a port that it has not claimed: its end
 *   after     touch a port that it has given back: its end
 *   memory    touch device memory that it has given back: its end
 *   holds     claim all that it may, raise an interrupt and end at once: the next life gets it again
 */
#include <string.h>

#include <l4/arch.h>
#include <l4/kip.h>
#include <l4/protocol.h>
#include <marzipan/device.h>
#include <marzipan/task.h>

#include "check.h"

#define PAGE UINT64_C(4096)

/* The serial port. */
#define PORT     0x3e8u
#define IER      (PORT + 1)
#define IIR      (PORT + 2)
#define MCR      (PORT + 4)
#define SCRATCH  (PORT + 7)
#define IER_THRE 2u
#define MCR_OUT2 0x0bu
#define IRQ      5u

/* PCI configuration; QEMU's edu, whose registers are in its first BAR. */
#define CONFIG_ADDRESS 0xcf8u
#define CONFIG_DATA    0xcfcu
#define PCI_FUNCTIONS  256u
#define EDU_ID         0x11e81234u
#define EDU_MAGIC      0x010000edu /* version 1.0 */
#define EDU_NEGATE     (0x04 / 4)
#define EDU_RAISE      (0x60 / 4)
#define EDU_ACK        (0x64 / 4)
#define CAP_MSI        5u

#define MEMORY     UINT64_C(0xfe000000)
#define MEMORY_END UINT64_C(0xfec00000)
#define WINDOW     0x40000000ul /* of this program's space: nothing else is there */

static L4_ThreadId_t m;

int main(void);

static void out8(unsigned port, unsigned value)
{
    __asm__ volatile("outb %b0, %w1" : : "a"(value), "Nd"(port));
}

static unsigned in8(unsigned port)
{
    uint8_t value;

    __asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static uint32_t config_read(unsigned function, unsigned reg)
{
    uint32_t value;

    __asm__ volatile("outl %0, %w1" : : "a"(1u << 31 | function << 8 | reg), "Nd"(CONFIG_ADDRESS));
    __asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(CONFIG_DATA));
    return value;
}

static void config_write(unsigned function, unsigned reg, uint32_t value)
{
    config_read(function, reg);
    __asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(CONFIG_DATA));
}

static enum mz_error claim_ports(unsigned first, unsigned count)
{
    struct mz_fpage ports;

    return mz_device_claim_ports(m, first, count, L4_CompleteAddressSpace, &ports);
}

/* Where a block of device memory is now; NULL: *error says why there is none. */
static volatile uint32_t *claim(uint64_t address, uint64_t size, enum mz_device_caching how,
                                uint64_t *mapped, enum mz_error *error)
{
    L4_Fpage_t window = L4_Fpage(WINDOW, 0x400000);
    struct mz_fpage page;

    *error = mz_device_claim_memory(m, address, size, how, window, &page, mapped);
    return *error ? NULL : (volatile uint32_t *)L4_Address(mz_landed(window, page));
}

static void refuse_memory(uint64_t address, uint64_t size, enum mz_error expected)
{
    enum mz_error error;
    uint64_t mapped;

    claim(address, size, MZ_DEVICE_UNCACHED, &mapped, &error);
    check("memory", error, expected);
    check("release memory", mz_device_release_memory(m, address, size), expected);
}

static void test_ports(void)
{
    check("another's port", claim_ports(0x2f0, 8), MZ_ERR_DENIED);
    check("the console", claim_ports(0x3f8, 8), MZ_ERR_DENIED);
    check("more than is there", claim_ports(PORT & ~0xfu, 16), MZ_ERR_DENIED);
    check("all ports", claim_ports(0, 0x10000), MZ_ERR_DENIED);
    check("too many ports", claim_ports(0, 0x20000), MZ_ERR_DENIED);
    check("no ports", claim_ports(PORT, 0), MZ_ERR_BAD_ARG);
    check("three ports", claim_ports(PORT, 3), MZ_ERR_BAD_ARG);
    check("unaligned", claim_ports(PORT + 1, 2), MZ_ERR_BAD_ARG);
    check("huge", claim_ports(0x80000000, 0x80000000), MZ_ERR_DENIED);
    check("release another's", mz_device_release_ports(m, 0x3f8, 8), MZ_ERR_DENIED);
    check("ports", claim_ports(PORT, 8), MZ_OK);
    out8(SCRATCH, 0x5a);
    expect("a serial port", in8(SCRATCH) == 0x5a);
    check("release ports", mz_device_release_ports(m, PORT, 8), MZ_OK);
    check("ports again", claim_ports(PORT, 8), MZ_OK);
    expect("the same serial port", in8(SCRATCH) == 0x5a);
}

/* The next message must be this interrupt. */
static void hear(const char *what, unsigned number)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait_Timeout(L4_TimePeriod(20000000), &from);

    expect(what, L4_IpcSucceeded(tag) && L4_IsThreadEqual(from, L4_GlobalId(number, 1)) &&
                     L4_LABEL_PROTOCOL(L4_Label(tag)) == L4_LABEL_INTERRUPT);
}

static void answer(unsigned number)
{
    L4_Set_MsgTag(L4_Niltag);
    L4_Send_Timeout(L4_GlobalId(number, 1), L4_TimePeriod(20000000));
}

static void raise_serial(void)
{
    out8(MCR, MCR_OUT2);
    out8(IER, 0);
    out8(IER, IER_THRE);
}

static void test_interrupt(void)
{
    L4_ThreadId_t me = L4_Myself();

    check("another's interrupt", mz_device_claim_interrupt(m, 4, me), MZ_ERR_DENIED);
    check("no interrupt", mz_device_claim_interrupt(m, ~0u, me), MZ_ERR_DENIED);
    check("for the monitor", mz_device_claim_interrupt(m, IRQ, m), MZ_ERR_BAD_ID);
    check("release before", mz_device_release_interrupt(m, IRQ), MZ_ERR_BAD_ID);
    check("release the console's", mz_device_release_interrupt(m, 4), MZ_ERR_BAD_ID);
    check("release no interrupt", mz_device_release_interrupt(m, ~0u), MZ_ERR_BAD_ID);
    check("interrupt", mz_device_claim_interrupt(m, IRQ, me), MZ_OK);
    check("interrupt twice", mz_device_claim_interrupt(m, IRQ, me), MZ_ERR_EXISTS);
    for (unsigned i = 0; i < 3; i++) {
        raise_serial();
        hear("an interrupt", IRQ);
        out8(IER, 0);
        in8(IIR);
        answer(IRQ);
    }
    check("release", mz_device_release_interrupt(m, IRQ), MZ_OK);
    check("release twice", mz_device_release_interrupt(m, IRQ), MZ_ERR_BAD_ID);
    raise_serial();
    expect("silence", L4_IpcFailed(L4_Receive_Timeout(L4_GlobalId(IRQ, 1), L4_TimePeriod(20000))));
    out8(IER, 0);
    in8(IIR);
}

static uint8_t stack[4096] __attribute__((aligned(16)));

static void wait_for_ever(void)
{
    for (;;)
        L4_Sleep(L4_Never);
}

/* A handler that ends gives its interrupt back. */
static void test_handler(void)
{
    L4_ThreadId_t handler = L4_nilthread;

    check("a thread",
          mz_task_create_thread(m, 1, (L4_Word_t)wait_for_ever,
                                (L4_Word_t)(stack + sizeof(stack) - 8), &handler),
          MZ_OK);
    check("for another thread", mz_device_claim_interrupt(m, IRQ, handler), MZ_OK);
    check("taken", mz_device_claim_interrupt(m, IRQ, L4_Myself()), MZ_ERR_EXISTS);
    check("its end", mz_task_delete_thread(m, handler), MZ_OK);
    check("for what is no more", mz_device_claim_interrupt(m, IRQ, handler), MZ_ERR_BAD_ID);
    check("free again", mz_device_claim_interrupt(m, IRQ, L4_Myself()), MZ_OK);
    check("release", mz_device_release_interrupt(m, IRQ), MZ_OK);
}

static void test_memory_refusals(void)
{
    refuse_memory(MEMORY, 0, MZ_ERR_BAD_ARG);
    refuse_memory(MEMORY + 8, PAGE, MZ_ERR_BAD_ARG);
    refuse_memory(MEMORY, PAGE + 8, MZ_ERR_BAD_ARG);
    refuse_memory(MEMORY - PAGE, PAGE, MZ_ERR_DENIED);
    refuse_memory(MEMORY - PAGE, 2 * PAGE, MZ_ERR_DENIED);
    refuse_memory(MEMORY_END - PAGE, 2 * PAGE, MZ_ERR_DENIED);
    refuse_memory(MEMORY_END, PAGE, MZ_ERR_DENIED);
    refuse_memory(0, PAGE, MZ_ERR_DENIED);
    refuse_memory(0x1000000, PAGE, MZ_ERR_DENIED); /* the monitor itself */
    refuse_memory(0xfee00000, PAGE, MZ_ERR_DENIED);
    refuse_memory(MEMORY, -MEMORY, MZ_ERR_DENIED);
    refuse_memory(MEMORY, -PAGE, MZ_ERR_DENIED);
    refuse_memory(UINT64_C(1) << 40, PAGE, MZ_ERR_DENIED);
}

static unsigned find_edu(void)
{
    for (unsigned function = 0; function < PCI_FUNCTIONS; function++) {
        if (config_read(function, 0) == EDU_ID)
            return function;
    }
    expect("edu on the bus", false);
    return 0;
}

/* Its registers, after memory and bus master were switched on. */
static volatile uint32_t *edu_registers(unsigned edu, uint64_t *address)
{
    volatile uint32_t *registers;
    enum mz_error error;
    uint64_t mapped;

    config_write(edu, 4, config_read(edu, 4) | 6);
    *address = config_read(edu, 0x10) & ~0xfu;
    registers = claim(*address, 0x100000, MZ_DEVICE_UNCACHED, &mapped, &error);
    check("edu's registers", error, MZ_OK);
    expect("all of them", mapped == 0x100000);
    return registers;
}

static void program_msi(unsigned edu, const struct mz_device_message *message)
{
    unsigned cap = config_read(edu, 0x34) & 0xfc;

    while (cap && (config_read(edu, cap) & 0xff) != CAP_MSI)
        cap = config_read(edu, cap) >> 8 & 0xfc;
    expect("edu has MSI", cap != 0);
    config_write(edu, cap + 4, (uint32_t)message->address);
    config_write(edu, cap + 8, (uint32_t)(message->address >> 32));
    config_write(edu, cap + 12, message->data);
    config_write(edu, cap, config_read(edu, cap) | 1u << 16);
}

static void test_edu(void)
{
    struct mz_device_message message, more;
    volatile uint32_t *registers;
    uint64_t address, mapped;
    enum mz_error error;
    unsigned edu;

    check("the bus", claim_ports(CONFIG_ADDRESS, 8), MZ_OK);
    edu = find_edu();
    registers = edu_registers(edu, &address);
    expect("edu's name", registers[0] == EDU_MAGIC);
    registers[EDU_NEGATE] = 0x12345678;
    expect("edu works", registers[EDU_NEGATE] == ~0x12345678u);
    check("for the monitor", mz_device_claim_message_interrupt(m, m, &message), MZ_ERR_BAD_ID);
    check("message", mz_device_claim_message_interrupt(m, L4_Myself(), &message), MZ_OK);
    check("one more", mz_device_claim_message_interrupt(m, L4_Myself(), &more), MZ_ERR_QUOTA);
    expect("an address", message.address >= 0xfee00000 && message.address < 0xfef00000);
    program_msi(edu, &message);
    for (unsigned i = 0; i < 3; i++) {
        registers[EDU_RAISE] = 1;
        hear("a message interrupt", message.number);
        registers[EDU_ACK] = 1;
        answer(message.number);
    }
    check("release", mz_device_release_interrupt(m, message.number), MZ_OK);
    check("another one", mz_device_claim_message_interrupt(m, L4_Myself(), &more), MZ_OK);
    registers = claim(address, PAGE, MZ_DEVICE_WRITE_COMBINING, &mapped, &error);
    check("with other caching", error, MZ_OK);
    expect("one page of it", mapped == PAGE && registers[0] == EDU_MAGIC);
    check("release memory", mz_device_release_memory(m, address, 0x100000), MZ_OK);
}

static void touch_released_memory(void)
{
    volatile uint32_t *registers;
    uint64_t address;

    check("the bus", claim_ports(CONFIG_ADDRESS, 8), MZ_OK);
    registers = edu_registers(find_edu(), &address);
    expect("edu's name", registers[0] == EDU_MAGIC);
    check("release memory", mz_device_release_memory(m, address, 0x100000), MZ_OK);
    native_print("now %u failures, %x\n", failures(), (unsigned)registers[0]);
}

static void hold(void)
{
    struct mz_device_message message;
    enum mz_error error;
    uint64_t mapped;

    check("ports", claim_ports(PORT, 8), MZ_OK);
    check("interrupt", mz_device_claim_interrupt(m, IRQ, L4_Myself()), MZ_OK);
    check("message", mz_device_claim_message_interrupt(m, L4_Myself(), &message), MZ_OK);
    claim(MEMORY, MEMORY_END - MEMORY, MZ_DEVICE_UNCACHED, &mapped, &error);
    check("memory", error, MZ_OK);
    expect("4 MiB", mapped == 0x400000);
    raise_serial();
    native_print("life %lu: %u failures\n", (unsigned long)native_boot()->incarnation, failures());
    native_exit(native_boot()->incarnation < 3 ? MZ_EXIT_REBOOT : MZ_EXIT_POWEROFF, 0, "");
}

int main(void)
{
    const char *act = native_boot()->cmdline;

    m = native_monitor();
    L4_Set_ExceptionHandler(L4_Pager());
    if (strcmp(act, "holds") == 0)
        hold();
    if (strcmp(act, "before") == 0)
        in8(SCRATCH);
    if (strcmp(act, "after") == 0) {
        check("ports", claim_ports(PORT, 8), MZ_OK);
        in8(SCRATCH);
        check("release", mz_device_release_ports(m, PORT, 8), MZ_OK);
        native_print("released, %u failures\n", failures());
        in8(SCRATCH);
    }
    if (strcmp(act, "memory") == 0)
        touch_released_memory();
    test_ports();
    test_interrupt();
    test_handler();
    test_memory_refusals();
    test_edu();
    finish();
}
