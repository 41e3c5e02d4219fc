/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a payload, a guest of a few hundred lines that does one nasty thing, builds upon.
 * It runs as a PVH guest in a VM and on bare QEMU, one processor, interrupts off.
 */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rt/ports.h>

/* The payload itself: prints what it saw; the machine is switched off when it returns. */
void payload_main(void);

/* The console: %s %d %u %x %c, with l for 64 bits. */
__attribute__((format(printf, 1, 2))) void print(const char *format, ...);
void console_init(void);
void console_put(char c);

/* A word NAME=VALUE of the command line. */
const char *argument(const char *name, const char *otherwise);
uint64_t argument_number(const char *name, uint64_t otherwise);

/* The machine. */
extern uint64_t entry_tsc;
extern char image_start[], image_end[];

struct range {
    uint64_t start, end;
};
unsigned ram_ranges(struct range *ranges, unsigned max);
uint64_t ram_top(void);

/* Registers of the FADT: where hardware-reduced ACPI sleeps and resets. */
struct acpi_register {
    bool is_io;
    uint64_t address; /* 0: there is none */
    uint8_t value;
};
void acpi_find(struct acpi_register *sleep, struct acpi_register *reset);
_Noreturn void power_off(void);
_Noreturn void reboot(void);
_Noreturn void triple_fault(void);
_Noreturn void halt(void);

/* Exceptions: the vector that the last guarded instruction raised, -1 if none. */
void traps_init(void);
extern volatile int trap_vector;
extern volatile uint64_t trap_error, trap_address;

/* An instruction with a way out: when it faults, execution goes on behind it. */
#define GUARDED(insn)                                                                              \
    "771: " insn "\n772:\n"                                                                        \
    ".pushsection .fixups, \"a\"\n.quad 771b, 772b\n.popsection\n"

static inline uint64_t rdtsc(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

static inline void cpuid(uint32_t leaf, uint32_t sub, uint32_t reg[4])
{
    __asm__ volatile("cpuid"
                     : "=a"(reg[0]), "=b"(reg[1]), "=c"(reg[2]), "=d"(reg[3])
                     : "a"(leaf), "c"(sub));
}

#endif
