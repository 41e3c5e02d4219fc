/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/ioapic.h"

enum { OFFSET_SELECT = 0x00, OFFSET_WINDOW = 0x10, OFFSET_EOI = 0x40 };
enum { REG_ID, REG_VERSION, REG_ARBITRATION, REG_REDIRECT = 0x10 };

#define VERSION (0x20u | (IOAPIC_PINS - 1) << 16) /* 0x20: has the EOI register */

#define RTE_PENDING    (UINT64_C(1) << 12)
#define RTE_REMOTE_IRR (UINT64_C(1) << 14)
#define RTE_LEVEL      (UINT64_C(1) << 15)
#define RTE_MASKED     (UINT64_C(1) << 16)
#define RTE_WRITABLE   (UINT64_C(0xff0000000001ffff) & ~(RTE_PENDING | RTE_REMOTE_IRR))

void ioapic_init(struct ioapic *ioapic,
                 void (*deliver)(void *context, const struct apic_message *message), void *context)
{
    *ioapic = (struct ioapic){.deliver = deliver, .context = context, .id = IOAPIC_ID << 24};
    for (unsigned i = 0; i < IOAPIC_PINS; i++)
        ioapic->redirect[i] = RTE_MASKED;
}

static void send(struct ioapic *ioapic, unsigned pin)
{
    uint64_t entry = ioapic->redirect[pin];
    struct apic_message message = {
        .destination = (uint32_t)(entry >> 56),
        .logical = entry >> 11 & 1,
        .level = entry & RTE_LEVEL,
        .mode = entry >> 8 & 7,
        .vector = (uint8_t)entry,
    };
    if (entry & RTE_LEVEL)
        ioapic->redirect[pin] |= RTE_REMOTE_IRR;
    ioapic->deliver(ioapic->context, &message);
}

/* Deliver what a pin has to say, if its entry lets it. */
static void service(struct ioapic *ioapic, unsigned pin)
{
    uint64_t entry = ioapic->redirect[pin];
    uint32_t bit = 1u << pin;
    if (entry & RTE_MASKED)
        return;
    if (entry & RTE_LEVEL) {
        if ((ioapic->lines & bit) && !(entry & RTE_REMOTE_IRR))
            send(ioapic, pin);
    } else if (ioapic->pending & bit) {
        ioapic->pending &= ~bit;
        send(ioapic, pin);
    }
}

void ioapic_set(void *device, unsigned pin, bool level)
{
    struct ioapic *ioapic = device;
    uint32_t bit = 1u << pin;
    if (pin >= IOAPIC_PINS)
        return;
    if (level && !(ioapic->lines & bit))
        ioapic->pending |= bit;
    ioapic->lines = level ? ioapic->lines | bit : ioapic->lines & ~bit;
    service(ioapic, pin);
}

void ioapic_end(struct ioapic *ioapic, uint8_t vector)
{
    for (unsigned pin = 0; pin < IOAPIC_PINS; pin++) {
        uint64_t entry = ioapic->redirect[pin];
        if ((uint8_t)entry == vector && (entry & RTE_REMOTE_IRR)) {
            ioapic->redirect[pin] &= ~RTE_REMOTE_IRR;
            service(ioapic, pin);
        }
    }
}

static uint32_t read_register(const struct ioapic *ioapic)
{
    uint32_t reg = ioapic->select;
    if (reg == REG_ID || reg == REG_ARBITRATION)
        return ioapic->id;
    if (reg == REG_VERSION)
        return VERSION;
    if (reg < REG_REDIRECT || reg >= REG_REDIRECT + 2 * IOAPIC_PINS)
        return UINT32_MAX;
    reg -= REG_REDIRECT;
    return (uint32_t)(ioapic->redirect[reg / 2] >> 32 * (reg % 2));
}

static void write_register(struct ioapic *ioapic, uint32_t value)
{
    uint32_t reg = ioapic->select;
    if (reg == REG_ID)
        ioapic->id = value & 0x0f000000;
    if (reg < REG_REDIRECT || reg >= REG_REDIRECT + 2 * IOAPIC_PINS)
        return;
    unsigned pin = (reg - REG_REDIRECT) / 2, shift = 32 * (reg % 2);
    uint64_t writable = RTE_WRITABLE & UINT64_C(0xffffffff) << shift;
    uint64_t entry = (ioapic->redirect[pin] & ~writable) | ((uint64_t)value << shift & writable);
    if (!(entry & RTE_LEVEL))
        entry &= ~RTE_REMOTE_IRR;
    ioapic->redirect[pin] = entry;
    service(ioapic, pin);
}

static uint64_t page_read(void *device, uint64_t offset, unsigned size)
{
    struct ioapic *ioapic = device;
    if (offset == OFFSET_SELECT)
        return ioapic->select;
    return offset == OFFSET_WINDOW ? read_register(ioapic) : 0;
}

static void page_write(void *device, uint64_t offset, unsigned size, uint64_t value)
{
    struct ioapic *ioapic = device;
    if (offset == OFFSET_SELECT)
        ioapic->select = value & 0xff;
    else if (offset == OFFSET_WINDOW)
        write_register(ioapic, (uint32_t)value);
    else if (offset == OFFSET_EOI)
        ioapic_end(ioapic, (uint8_t)value);
}

struct mmio_device ioapic_page(struct ioapic *ioapic)
{
    return (struct mmio_device){IOAPIC_BASE, IOAPIC_SIZE, page_read, page_write, ioapic};
}
