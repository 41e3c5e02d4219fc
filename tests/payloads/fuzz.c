/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random MSR, IO and CPUID instructions: seed=N repeats a run, count=N is its length (0: for
 * ever), kinds= some of "mic".  Left out is what ends or restarts the VM by right (ACPI's
 * registers, the local APIC's INIT) and what this program itself stands on.
 */
#include "payload.h"

enum { MSR_EFER = 0xc0000080, MSR_X2APIC_ICR = 0x830, MSR_APIC_BASE = 0x1b };
enum { COM1 = 0x3f8, COM1_LAST = 0x3ff, PORT_RESET = 0xcf9, PORT_FAST_A20 = 0x92, PORT_KBC = 0x64 };

static uint64_t state;
static struct acpi_register acpi[2];
static uint64_t faults;

static uint64_t random64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Mostly the numbers where MSRs are, sometimes any. */
static uint32_t random_msr(void)
{
    uint64_t r = random64();

    switch (r >> 61) {
    case 0:
    case 1:
    case 2:
        return (uint32_t)(r & 0x1fff);
    case 3:
    case 4:
        return (uint32_t)(0xc0000000 | (r & 0x1fff));
    case 5:
        return (uint32_t)(0xc0010000 | (r & 0x1fff));
    case 6:
        return (uint32_t)(0x800 | (r & 0xff));
    default:
        return (uint32_t)r;
    }
}

static void count_trap(void)
{
    if (trap_vector >= 0)
        faults++;
}

static void fuzz_msr(void)
{
    uint32_t msr = random_msr();
    uint64_t value = random64() >> (random64() & 63);
    uint32_t low, high;

    trap_vector = -1;
    if (random64() & 1) {
        __asm__ volatile(GUARDED("rdmsr") : "=a"(low), "=d"(high) : "c"(msr), "0"(0), "1"(0));
        value = (uint64_t)high << 32 | low;
    }
    if (trap_vector < 0 && msr != MSR_EFER && msr != MSR_X2APIC_ICR && msr != MSR_APIC_BASE)
        __asm__ volatile(GUARDED("wrmsr")
                         :
                         : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
    count_trap();
}

static bool port_is_excluded(uint16_t port)
{
    for (unsigned i = 0; i < 2; i++)
        if (acpi[i].is_io && port >= acpi[i].address - 3 && port <= acpi[i].address)
            return true;
    return port == PORT_RESET || port == PORT_RESET - 1 || port == PORT_RESET - 2 ||
           port == PORT_RESET - 3 || (port + 3 >= COM1 && port <= COM1_LAST) ||
           (port >= PORT_FAST_A20 - 3 && port <= PORT_FAST_A20) ||
           (port >= PORT_KBC - 3 && port <= PORT_KBC);
}

static void fuzz_io(void)
{
    uint64_t r = random64();
    uint16_t port = r & 1 ? (uint16_t)(r >> 16) : (uint16_t)(r >> 16 & 0xfff);
    uint32_t value = (uint32_t)random64();

    if (port_is_excluded(port))
        return;
    switch (r >> 1 & 7) {
    case 0:
        __asm__ volatile("outb %%al, %%dx" : : "a"(value), "d"(port));
        break;
    case 1:
        __asm__ volatile("outw %%ax, %%dx" : : "a"(value), "d"(port));
        break;
    case 2:
        __asm__ volatile("outl %%eax, %%dx" : : "a"(value), "d"(port));
        break;
    case 3:
        __asm__ volatile("inb %%dx, %%al" : "+a"(value) : "d"(port));
        break;
    case 4:
        __asm__ volatile("inw %%dx, %%ax" : "+a"(value) : "d"(port));
        break;
    default:
        __asm__ volatile("inl %%dx, %%eax" : "+a"(value) : "d"(port));
    }
}

static void fuzz_cpuid(void)
{
    static const uint32_t bases[] = {0, 0x40000000, 0x80000000, 0xc0000000};
    uint64_t r = random64();
    uint32_t reg[4];

    cpuid(r & 1 ? (uint32_t)(r >> 32) : bases[r >> 1 & 3] + (uint32_t)(r >> 32 & 0x3f),
          (uint32_t)(r >> 8 & 0xf), reg);
}

void payload_main(void)
{
    uint64_t seed = argument_number("seed", 1), count = argument_number("count", 10000);
    const char *kinds = argument("kinds", "mic");
    char kind[4] = {kinds[0], kinds[0] ? kinds[1] : 0, 0, 0};
    unsigned n = kind[1] ? 2 : 1;

    if (n == 2 && kinds[2])
        kind[n++] = kinds[2];
    state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    acpi_find(&acpi[0], &acpi[1]);
    print("fuzz: begins, seed %lu\n", seed);
    for (uint64_t i = 0; !count || i < count; i++) {
        char k = kind[random64() % n];
        if (k == 'm')
            fuzz_msr();
        else if (k == 'i')
            fuzz_io();
        else
            fuzz_cpuid();
    }
    console_init();
    print("fuzz: done, %lu faults\n", faults);
}
