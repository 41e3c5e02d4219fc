/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of a local APIC, by MSRs and in its page. */
#include "devices/lapic.h"
#include "devices/lapic_timer.h"

/* Register numbers: MSR - 0x800, or offset / 16 in the page. */
/* clang-format off */
enum lapic_register {
    REG_ID = 0x02, REG_VERSION = 0x03, REG_TPR = 0x08, REG_APR = 0x09, REG_PPR = 0x0a,
    REG_EOI = 0x0b, REG_LDR = 0x0d, REG_DFR = 0x0e, REG_SVR = 0x0f, REG_ISR = 0x10, REG_TMR = 0x18,
    REG_IRR = 0x20, REG_ESR = 0x28, REG_ICR = 0x30, REG_ICR_HIGH = 0x31, REG_LVT_TIMER = 0x32,
    REG_LVT_ERROR = 0x37, REG_INITIAL = 0x38, REG_CURRENT = 0x39, REG_DIVIDE = 0x3e,
    REG_SELF_IPI = 0x3f
};
/* clang-format on */

#define VERSION (0x14u | (LVT_COUNT - 1) << 16)

#define BASE_BSP    (UINT64_C(1) << 8)
#define BASE_X2APIC (UINT64_C(1) << 10)
#define BASE_ENABLE (UINT64_C(1) << 11)
#define BASE_MODE   (BASE_X2APIC | BASE_ENABLE)

#define SVR_ALL 0x1ffu

#define LVT_ALL     0x1f7ffu /* without the read-only delivery status */
#define ICR_PENDING 0x1000u
#define ICR_ALL     UINT64_C(0xffffffff000ccfff)
#define ICR_SELF    0x40000u

static uint32_t map_word(const uint64_t map[4], unsigned word)
{
    return (uint32_t)(map[word / 2] >> 32 * (word % 2));
}

static bool read_register(struct lapic *lapic, unsigned reg, uint64_t *value)
{
    switch (reg) {
    case REG_ID:
        *value = lapic_x2apic(lapic) ? lapic->id : lapic->id << 24;
        break;
    case REG_VERSION:
        *value = VERSION;
        break;
    case REG_TPR:
        *value = lapic->tpr;
        break;
    case REG_APR:
        *value = 0;
        break;
    case REG_PPR:
        *value = lapic_priority(lapic);
        break;
    case REG_LDR:
        *value = lapic->ldr;
        break;
    case REG_DFR:
        *value = lapic->dfr;
        break;
    case REG_SVR:
        *value = lapic->svr;
        break;
    case REG_ISR ... REG_ISR + 7:
        *value = map_word(lapic->isr, reg - REG_ISR);
        break;
    case REG_TMR ... REG_TMR + 7:
        *value = map_word(lapic->tmr, reg - REG_TMR);
        break;
    case REG_IRR ... REG_IRR + 7:
        lapic_gather(lapic); /* Linux looks here when it takes a processor offline */
        *value = map_word(lapic->irr, reg - REG_IRR);
        break;
    case REG_ESR:
        *value = lapic->esr;
        break;
    case REG_ICR:
        *value = lapic->icr;
        break;
    case REG_ICR_HIGH:
        *value = lapic->icr >> 32;
        break;
    case REG_LVT_TIMER ... REG_LVT_ERROR:
        *value = lapic->lvt[reg - REG_LVT_TIMER];
        break;
    case REG_INITIAL:
        *value = lapic->initial;
        break;
    case REG_CURRENT:
        *value = lapic_timer_current(lapic);
        break;
    case REG_DIVIDE:
        *value = lapic->divide;
        break;
    default:
        return false;
    }
    return true;
}

static void write_svr(struct lapic *lapic, uint32_t value)
{
    lapic->svr = value & SVR_ALL;
    if (!(value & LAPIC_SVR_ENABLE)) {
        for (unsigned i = 0; i < LVT_COUNT; i++)
            lapic->lvt[i] |= LVT_MASKED;
    }
    lapic->ops->changed(lapic->context);
}

static void write_lvt(struct lapic *lapic, enum lapic_lvt entry, uint32_t value)
{
    value &= entry == LVT_TIMER ? LVT_ALL | LVT_TIMER_MODE : LVT_ALL;
    if (!(lapic->svr & LAPIC_SVR_ENABLE))
        value |= LVT_MASKED;
    if (entry == LVT_TIMER && ((value ^ lapic->lvt[entry]) & LVT_TIMER_MODE))
        lapic_timer_stop(lapic);
    lapic->lvt[entry] = value;
}

static void write_icr(struct lapic *lapic, uint64_t value)
{
    lapic->icr = value & ICR_ALL & ~(uint64_t)ICR_PENDING;
    lapic->ops->send(lapic->context, lapic, lapic->icr);
}

/* Registers that both forms of access share. */
static bool write_register(struct lapic *lapic, unsigned reg, uint32_t value)
{
    switch (reg) {
    case REG_TPR:
        lapic_set_tpr(lapic, value);
        break;
    case REG_EOI:
        lapic_eoi(lapic);
        break;
    case REG_SVR:
        write_svr(lapic, value);
        break;
    case REG_ESR:
        lapic->esr = 0;
        break;
    case REG_LVT_TIMER ... REG_LVT_ERROR:
        write_lvt(lapic, reg - REG_LVT_TIMER, value);
        break;
    case REG_INITIAL:
        lapic_timer_start(lapic, value);
        break;
    case REG_DIVIDE:
        lapic->divide = value & 0xb;
        break;
    default:
        return false;
    }
    return true;
}

static bool write_x2apic(struct lapic *lapic, unsigned reg, uint64_t value)
{
    switch (reg) {
    case REG_ICR:
        write_icr(lapic, value);
        return true;
    case REG_SELF_IPI:
        write_icr(lapic, ICR_SELF | (value & 0xff));
        return true;
    case REG_EOI:
    case REG_ESR:
        return value == 0 && write_register(lapic, reg, 0);
    default:
        return value >> 32 == 0 && write_register(lapic, reg, (uint32_t)value);
    }
}

static void write_xapic(struct lapic *lapic, unsigned reg, uint32_t value)
{
    switch (reg) {
    case REG_LDR:
        lapic->ldr = value & 0xff000000;
        break;
    case REG_DFR:
        lapic->dfr = value | 0x0fffffff;
        break;
    case REG_ICR:
        write_icr(lapic, (lapic->icr & ~UINT64_C(0xffffffff)) | value);
        break;
    case REG_ICR_HIGH:
        lapic->icr = (lapic->icr & UINT32_MAX) | (uint64_t)value << 32;
        break;
    default:
        write_register(lapic, reg, value);
        break;
    }
}

/* The page cannot be moved.  Of the mode changes, those that the architecture
 * forbids are refused: into x2APIC only from xAPIC, out of it only to disabled. */
static bool write_base(struct lapic *lapic, uint64_t value)
{
    uint64_t from = lapic->base & BASE_MODE, to = value & BASE_MODE;
    if ((value & ~(BASE_MODE | BASE_BSP)) != LAPIC_BASE || to == BASE_X2APIC)
        return false;
    if ((from == BASE_MODE && to == BASE_ENABLE) || (from == 0 && to == BASE_MODE))
        return false;
    lapic->base = LAPIC_BASE | to | (lapic->base & BASE_BSP);
    if (to == 0 && from != 0)
        lapic_reset(lapic);
    if (to == BASE_MODE)
        lapic->ldr = lapic_x2apic_ldr(lapic);
    return true;
}

bool lapic_msr_read(struct lapic *lapic, uint32_t msr, uint64_t *value)
{
    if (msr == MSR_APIC_BASE) {
        *value = lapic->base;
        return true;
    }
    if (msr == MSR_TSC_DEADLINE) {
        *value = lapic_timer_mode(lapic) == TIMER_DEADLINE ? lapic->deadline : 0;
        return true;
    }
    unsigned reg = msr - MSR_X2APIC_FIRST;
    if (!lapic_x2apic(lapic) || reg == REG_DFR || reg == REG_ICR_HIGH)
        return false;
    return read_register(lapic, reg, value);
}

bool lapic_msr_write(struct lapic *lapic, uint32_t msr, uint64_t value)
{
    if (msr == MSR_TSC_DEADLINE) {
        lapic_timer_set_deadline(lapic, value);
        return true;
    }
    if (msr == MSR_APIC_BASE)
        return write_base(lapic, value);
    return lapic_x2apic(lapic) && write_x2apic(lapic, msr - MSR_X2APIC_FIRST, value);
}

static bool page_visible(const struct lapic *lapic, uint64_t offset)
{
    return (lapic->base & BASE_MODE) == BASE_ENABLE && offset % 16 == 0;
}

static uint64_t page_read(void *device, uint64_t offset, unsigned size)
{
    uint64_t value = 0;
    if (!page_visible(device, offset))
        return UINT64_MAX;
    read_register(device, (unsigned)(offset / 16), &value);
    return (uint32_t)value;
}

static void page_write(void *device, uint64_t offset, unsigned size, uint64_t value)
{
    if (page_visible(device, offset))
        write_xapic(device, (unsigned)(offset / 16), (uint32_t)value);
}

struct mmio_device lapic_page(struct lapic *lapic)
{
    return (struct mmio_device){LAPIC_BASE, LAPIC_SIZE, page_read, page_write, lapic};
}
