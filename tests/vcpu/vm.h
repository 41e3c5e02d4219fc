/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small VM for tests: 64 KiB of memory at guest-physical 0, and the state page
 * of the root task's first thread, which is its vCPU.
 *
 *   0x0000 real-mode interrupt table   0x1000 code       0x2000 PML4   0x3000 PDPT
 *   0x4000 page directory              0x5000 IDT        0x6000 GDT
 *   0x7000 stack, downwards from 0x8000                  0x9000 data
 */
#ifndef VM_H
#define VM_H

#include <l4/thread.h>
#include <l4/vcpu.h>
#include <stdbool.h>
#include <stdint.h>

#define RAM_SIZE 0x10000u
#define CODE     0x1000u
#define IDT      0x5000u
#define GDT      0x6000u
#define STACK    0x8000u
#define DATA     0x9000u

#define UTCB_AREA 0xbf000000ul
#define STATE     (UTCB_AREA + 0x10000)
#define STATE_2   (UTCB_AREA + 0x12000)

extern uint8_t ram[RAM_SIZE];
extern struct l4_vcpu_state *const vs;
extern L4_ThreadId_t vm_space;

/* Make the VM space and the vCPU. */
bool vm_create(void);
/* Map a page of ram at its place, or all of it; take it away again. */
bool vm_map(uint32_t at, unsigned log2);
void vm_unmap(uint32_t at, unsigned log2);

/* A piece of guest code of guest.S. */
#define GUEST(name)     extern const uint8_t guest_##name[], guest_##name##_end[]
#define LOAD_REAL(name) vm_load_real(guest_##name, guest_##name##_end)
#define LOAD_LONG(name) vm_load_long(guest_##name, guest_##name##_end)

/* Fresh memory with the code at CODE, all of it mapped, and a state to run it in: real mode, or
 * 64-bit mode with the first 2 MiB mapped 1:1. */
void vm_load_real(const uint8_t *code, const uint8_t *end);
void vm_load_long(const uint8_t *code, const uint8_t *end);
/* A gate of the 64-bit IDT, or of the real-mode table. */
void vm_gate(unsigned vector, uint32_t handler);
void vm_vector(unsigned vector, uint16_t handler);

/* Run until an exit; expect this one.  Prints what came instead. */
bool vm_expect(enum l4_vcpu_exit reason);
/* vm_expect(), then behind the instruction. */
bool vm_expect_skip(enum l4_vcpu_exit reason);
/* An OUT of AL to this port. */
bool vm_expect_out(uint16_t port, uint8_t al);

uint64_t rdtsc(void);

/* A second thread in the root task: it comes before the first, which runs at MAIN_PRIORITY. */
#define MAIN_PRIORITY   100
#define HELPER_PRIORITY 150
L4_ThreadId_t helper_create(void);
void helper_run(void (*function)(void));
bool helper_start(void (*function)(void)); /* both */
void helper_end(void);

struct test {
    const char *name;
    bool (*run)(void);
};

extern const struct test exit_tests[], event_tests[], life_tests[], safety_tests[];

/* In a test: fail with the line. */
#define CHECK(c)                                                                                   \
    do {                                                                                           \
        if (!(c)) {                                                                                \
            failed(__FILE__, __LINE__, #c);                                                        \
            return false;                                                                          \
        }                                                                                          \
    } while (0)
void failed(const char *file, int line, const char *what);

void bench(void);

#endif
