/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/devices/lapic.c vmm/devices/lapic_registers.c vmm/devices/lapic_timer.c vmm/devices/apic_bus.c vmm/devices/ioapic.c
// CFLAGS: -Ivmm -Ibuild/idl -Ilib/l4/include
/* Local APIC, its timer, IPIs between two of them, MSIs, and the IO-APIC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "devices/apic_bus.h"
#include "devices/ioapic.h"

#define BASE_X2APIC 0x400u
#define SVR         0x80f
#define ICR         0x830

static struct apic_bus bus;
static struct lapic lapics[2];
static struct ioapic ioapic;
static uint64_t now, timer;
static unsigned signals[8]; /* that came, by APIC_MODE_* */
static uint8_t start_vector;

static uint64_t get_now(void *context)
{
    return now;
}

static void set_timer(void *context, uint64_t when)
{
    timer = when;
}

static void changed(void *context)
{
}

/* Whoever is told takes what is there at once. */
static void signal_lapic(void *context, uint8_t mode, uint8_t vector)
{
    signals[mode]++;
    if (mode == APIC_MODE_START)
        start_vector = vector;
    lapic_gather(context);
}

static void end_of_level(void *context, uint8_t vector)
{
    ioapic_end(&ioapic, vector);
}

static void command(void *context, struct lapic *from, uint64_t icr)
{
    apic_bus_command(&bus, from, icr);
}

static const struct lapic_ops ops = {get_now,      set_timer,    changed,
                                     signal_lapic, end_of_level, command};

static void deliver(void *context, const struct apic_message *message)
{
    apic_bus_deliver(&bus, message);
}

static bool write_msr(unsigned n, uint32_t msr, uint64_t value)
{
    return lapic_msr_write(&lapics[n], msr, value);
}

static uint64_t read_msr(unsigned n, uint32_t msr)
{
    uint64_t value;
    assert_true(lapic_msr_read(&lapics[n], msr, &value));
    return value;
}

/* Two local APICs, switched on, in x2APIC mode. */
static int setup(void **state)
{
    now = 1000;
    timer = 0;
    memset(signals, 0, sizeof(signals));
    memset(&bus, 0, sizeof(bus));
    for (unsigned i = 0; i < 2; i++) {
        lapic_init(&lapics[i], i, i == 0, &ops, &lapics[i]);
        apic_bus_add(&bus, &lapics[i]);
        write_msr(i, MSR_APIC_BASE, read_msr(i, MSR_APIC_BASE) | BASE_X2APIC);
        write_msr(i, SVR, 0x1ff);
    }
    ioapic_init(&ioapic, deliver, NULL);
    return 0;
}

static uint32_t page_read(unsigned n, unsigned offset)
{
    struct mmio_device page = lapic_page(&lapics[n]);
    return (uint32_t)page.read(page.device, offset, 4);
}

static void page_write(unsigned n, unsigned offset, uint32_t value)
{
    struct mmio_device page = lapic_page(&lapics[n]);
    page.write(page.device, offset, 4, value);
}

static void modes(void **state)
{
    lapic_init(&lapics[0], 5, true, &ops, &lapics[0]);
    uint64_t base = read_msr(0, MSR_APIC_BASE), value;
    assert_int_equal(base, LAPIC_BASE | 0x900);
    assert_int_equal(page_read(0, 0x20), 5u << 24);
    assert_false(lapic_msr_read(&lapics[0], 0x802, &value)); /* not in this mode */
    assert_false(write_msr(0, MSR_APIC_BASE, base + 0x1000));
    assert_false(write_msr(0, MSR_APIC_BASE, LAPIC_BASE | BASE_X2APIC));
    assert_true(write_msr(0, MSR_APIC_BASE, base | BASE_X2APIC));
    assert_int_equal(read_msr(0, 0x802), 5);
    assert_int_equal(read_msr(0, 0x80d), 0x20);
    assert_int_equal(page_read(0, 0x20), UINT32_MAX); /* the page is gone */
    assert_false(write_msr(0, MSR_APIC_BASE, base));
    assert_true(write_msr(0, MSR_APIC_BASE, LAPIC_BASE));
    assert_false(write_msr(0, MSR_APIC_BASE, base | BASE_X2APIC));
    assert_true(write_msr(0, MSR_APIC_BASE, base));
}

static void every_register_is_safe(void **state)
{
    for (uint32_t msr = MSR_X2APIC_FIRST; msr <= MSR_X2APIC_LAST; msr++) {
        uint64_t value;
        lapic_msr_read(&lapics[0], msr, &value);
        lapic_msr_write(&lapics[0], msr, 0xf1);
        lapic_msr_write(&lapics[0], msr, UINT64_MAX);
    }
    lapic_init(&lapics[0], 0, true, &ops, &lapics[0]);
    for (unsigned offset = 0; offset < LAPIC_SIZE; offset++) {
        page_read(0, offset);
        page_write(0, offset, UINT32_MAX);
    }
    assert_false(write_msr(1, 0x80b, 1)); /* EOI takes only 0 */
    assert_false(write_msr(1, 0x802, 1)); /* read-only */
    assert_false(write_msr(1, 0x838, UINT64_C(1) << 32));
}

static void priorities(void **state)
{
    lapic_accept(&lapics[0], 0x31);
    lapic_accept(&lapics[0], 0x52);
    assert_int_equal(lapic_pending(&lapics[0]), 0x52);
    lapic_take(&lapics[0], 0x52);
    assert_int_equal(lapic_pending(&lapics[0]), -1); /* 0x31 is below what is in service */
    lapic_accept(&lapics[0], 0x58);
    assert_int_equal(lapic_pending(&lapics[0]), -1); /* the same class waits, too */
    lapic_accept(&lapics[0], 0x61);
    assert_int_equal(lapic_pending(&lapics[0]), 0x61);
    assert_int_equal(read_msr(0, 0x80a), 0x50);
    lapic_eoi(&lapics[0]);
    lapic_set_tpr(&lapics[0], 0x60);
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    lapic_set_tpr(&lapics[0], 0);
    assert_int_equal(lapic_pending(&lapics[0]), 0x61);
    write_msr(0, SVR, 0xff); /* switched off by software */
    assert_int_equal(lapic_pending(&lapics[0]), -1);
}

static void deadline_timer(void **state)
{
    write_msr(0, 0x832, 0x400ec);
    write_msr(0, MSR_TSC_DEADLINE, 5000);
    assert_int_equal(timer, 5000);
    assert_int_equal(read_msr(0, MSR_TSC_DEADLINE), 5000);
    now = 4999;
    lapic_timer(&lapics[0]);
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    now = 5000;
    lapic_timer(&lapics[0]);
    assert_int_equal(lapic_pending(&lapics[0]), 0xec);
    assert_int_equal(timer, 0);
    assert_int_equal(read_msr(0, MSR_TSC_DEADLINE), 0);
    write_msr(0, MSR_TSC_DEADLINE, 9000);
    write_msr(0, 0x832, 0xec); /* another mode stops it */
    assert_int_equal(timer, 0);
    write_msr(0, MSR_TSC_DEADLINE, 9000);
    assert_int_equal(timer, 0);
}

static void counting_timer(void **state)
{
    write_msr(0, 0x83e, 0x3); /* by 16 */
    write_msr(0, 0x832, 0x30);
    write_msr(0, 0x838, 100);
    assert_int_equal(timer, 1000 + 1600);
    now = 1800;
    assert_int_equal(read_msr(0, 0x839), 50);
    now = 2600;
    lapic_timer(&lapics[0]);
    assert_int_equal(lapic_pending(&lapics[0]), 0x30);
    assert_int_equal(timer, 0);
    write_msr(0, 0x83e, 0xb);     /* by 1 */
    write_msr(0, 0x832, 0x20030); /* periodic */
    write_msr(0, 0x838, 10000);
    assert_int_equal(timer, 12600);
    now = 12700;
    lapic_timer(&lapics[0]);
    assert_int_equal(timer, 22600);
    now = 99999; /* periods that were slept through are lost */
    lapic_timer(&lapics[0]);
    assert_int_equal(timer, 109999);
    write_msr(0, 0x838, 1); /* no faster than this */
    now = timer;
    lapic_timer(&lapics[0]);
    assert_true(timer >= now + 1000);
}

static void messages_between_processors(void **state)
{
    write_msr(0, ICR, UINT64_C(1) << 32 | 0x41);
    assert_int_equal(lapic_pending(&lapics[1]), 0x41);
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    write_msr(0, ICR, 0x40000 | 0x42); /* self */
    assert_int_equal(lapic_pending(&lapics[0]), 0x42);
    write_msr(0, ICR, 0xc0000 | 0x43); /* all others */
    assert_int_equal(lapic_pending(&lapics[1]), 0x43);
    write_msr(1, ICR, UINT64_C(0xffffffff) << 32 | 0x44); /* broadcast */
    assert_int_equal(lapic_pending(&lapics[0]), 0x44);
    write_msr(0, ICR, UINT64_C(3) << 32 | 0x800 | 0x51); /* logical, cluster 0 */
    assert_int_equal(lapic_pending(&lapics[1]), 0x51);
    write_msr(0, ICR, UINT64_C(1) << 32 | 0x400); /* NMI */
    assert_int_equal(signals[APIC_MODE_NMI], 1);
    write_msr(0, 0x83f, 0x60);
    assert_int_equal(lapic_pending(&lapics[0]), 0x60);
    write_msr(0, ICR, 0x40000 | 0x05); /* vectors below 16 are illegal */
    assert_int_equal(read_msr(0, 0x828) & 0x40, 0x40);
}

static void init_and_start(void **state)
{
    write_msr(0, ICR, UINT64_C(1) << 32 | 0xc500); /* INIT, asserted */
    assert_int_equal(signals[APIC_MODE_INIT], 1);
    write_msr(0, ICR, UINT64_C(1) << 32 | 0x8500); /* and its end */
    assert_int_equal(signals[APIC_MODE_INIT], 1);
    write_msr(0, ICR, UINT64_C(1) << 32 | 0x600 | 0x9a);
    assert_int_equal(signals[APIC_MODE_START], 1);
    assert_int_equal(start_vector, 0x9a);
    write_msr(0, ICR, 0xc0000 | 0x4500); /* INIT to all others */
    assert_int_equal(signals[APIC_MODE_INIT], 2);
    assert_int_equal(signals[APIC_MODE_FIXED], 0);
}

static void init_keeps_id_and_mode(void **state)
{
    lapic_post(&lapics[1], 0x51, false);
    write_msr(1, 0x832, 0x20030);
    write_msr(1, 0x838, 1000);
    lapic_reset(&lapics[1]);
    assert_int_equal(read_msr(1, 0x802), 1);
    assert_int_equal(read_msr(1, 0x80d), 2);
    assert_int_equal(read_msr(1, SVR), 0xff);
    assert_int_equal(read_msr(1, 0x822), 0); /* IRR */
    assert_int_equal(timer, 0);
    lapic_post(&lapics[1], 0x51, false); /* it is switched off */
    assert_int_equal(signals[APIC_MODE_FIXED], 1);
}

static void posted_vectors_are_seen_in_the_register(void **state)
{
    lapics[1].posted[1] = 1u << 17;
    assert_int_equal(read_msr(1, 0x822), 1u << 17);
    assert_int_equal(lapic_pending(&lapics[1]), 0x51);
}

static void interrupts_by_message(void **state)
{
    apic_bus_msi(&bus, LAPIC_BASE | 1u << 12, 0x61);
    assert_int_equal(lapic_pending(&lapics[1]), 0x61);
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    apic_bus_msi(&bus, LAPIC_BASE | 1u << 12 | 0x4, 0x62); /* logical: bit 0 */
    assert_int_equal(lapic_pending(&lapics[0]), 0x62);
    apic_bus_msi(&bus, LAPIC_BASE | 3u << 12 | 0xc, 0x171); /* lowest priority of both */
    assert_int_equal(lapic_pending(&lapics[0]), 0x71);
    assert_int_equal(lapic_pending(&lapics[1]), 0x61);
    apic_bus_msi(&bus, LAPIC_BASE | 0xffu << 12, 0x81); /* all */
    assert_int_equal(lapic_pending(&lapics[0]), 0x81);
    assert_int_equal(lapic_pending(&lapics[1]), 0x81);
    apic_bus_msi(&bus, LAPIC_BASE | 7u << 12, 0x91); /* nobody */
}

static void xapic_logical_destinations(void **state)
{
    for (unsigned i = 0; i < 2; i++) {
        lapic_init(&lapics[i], i, i == 0, &ops, &lapics[i]);
        page_write(i, 0xf0, 0x1ff);
        page_write(i, 0xd0, 1u << (24 + i));
    }
    page_write(0, 0x310, 2u << 24);
    page_write(0, 0x300, 0x800 | 0x71);
    assert_int_equal(lapic_pending(&lapics[1]), 0x71);
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    page_write(0, 0xe0, 0x0fffffff); /* cluster model */
    page_write(0, 0xd0, 0x21u << 24);
    assert_true(lapic_matches(&lapics[0], 0x21, true));
    assert_false(lapic_matches(&lapics[0], 0x11, true));
    assert_false(lapic_matches(&lapics[0], 0x22, true));
}

static uint32_t io_read(uint8_t reg)
{
    struct mmio_device page = ioapic_page(&ioapic);
    page.write(page.device, 0, 4, reg);
    return (uint32_t)page.read(page.device, 0x10, 4);
}

static void io_write(uint8_t reg, uint32_t value)
{
    struct mmio_device page = ioapic_page(&ioapic);
    page.write(page.device, 0, 4, reg);
    page.write(page.device, 0x10, 4, value);
}

static void ioapic_registers(void **state)
{
    assert_int_equal(io_read(1), 0x20 | (IOAPIC_PINS - 1) << 16);
    assert_int_equal(io_read(0x10), 0x10000);
    io_write(0x11, 0x01ffffff);
    assert_int_equal(io_read(0x11), 0x01000000);
    for (unsigned reg = 0; reg < 256; reg++) {
        io_read((uint8_t)reg);
        io_write((uint8_t)reg, UINT32_MAX);
    }
    ioapic_set(&ioapic, IOAPIC_PINS, true);
    ioapic_set(&ioapic, 4, true);
}

static void edges(void **state)
{
    io_write(0x18, 0x51); /* pin 4, to processor 0 */
    ioapic_set(&ioapic, 4, true);
    assert_int_equal(lapic_pending(&lapics[0]), 0x51);
    lapic_take(&lapics[0], 0x51);
    lapic_eoi(&lapics[0]);
    ioapic_set(&ioapic, 4, true); /* still high: no edge */
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    ioapic_set(&ioapic, 4, false);
    io_write(0x18, 0x10051);
    ioapic_set(&ioapic, 4, true); /* masked: kept */
    assert_int_equal(lapic_pending(&lapics[0]), -1);
    io_write(0x18, 0x51);
    assert_int_equal(lapic_pending(&lapics[0]), 0x51);
}

static void levels(void **state)
{
    io_write(0x19, 1u << 24);
    io_write(0x18, 0x8052); /* level, to processor 1 */
    ioapic_set(&ioapic, 4, true);
    assert_int_equal(lapic_pending(&lapics[1]), 0x52);
    assert_true(io_read(0x18) & 0x4000); /* remote IRR */
    lapic_take(&lapics[1], 0x52);
    ioapic_set(&ioapic, 4, true);
    assert_int_equal(lapic_pending(&lapics[1]), -1);
    lapic_eoi(&lapics[1]); /* the line is still high: again */
    assert_int_equal(lapic_pending(&lapics[1]), 0x52);
    lapic_take(&lapics[1], 0x52);
    ioapic_set(&ioapic, 4, false);
    lapic_eoi(&lapics[1]);
    assert_int_equal(lapic_pending(&lapics[1]), -1);
    assert_false(io_read(0x18) & 0x4000);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(modes),
        TEST(every_register_is_safe),
        TEST(priorities),
        TEST(deadline_timer),
        TEST(counting_timer),
        TEST(messages_between_processors),
        TEST(init_and_start),
        TEST(init_keeps_id_and_mode),
        TEST(posted_vectors_are_seen_in_the_register),
        TEST(interrupts_by_message),
        TEST(xapic_logical_destinations),
        TEST(ioapic_registers),
        TEST(edges),
        TEST(levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
