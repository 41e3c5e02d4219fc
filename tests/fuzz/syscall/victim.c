/* SPDX-License-Identifier: BSD-2-Clause */
/* A victim: one random operation after the other, until somebody stops it. */
#include "fuzz.h"

/* How often, of all. */
static const struct {
    unsigned weight;
    operation *run;
} operations[] = {
    {400, message},      {60, dialogue},    {30, unmap},           {60, exchange},
    {40, thread_switch}, {50, privileged},  {20, clock},           {40, extend},
    {30, garbage},       {30, raw_syscall}, {40, touch},           {10, instruction},
    {1, debugger},       {15, run_guest},   {5, thread_registers}, {10, segments},
};

#define COUNT (sizeof(operations) / sizeof(operations[0]))

static void step(struct victim *v)
{
    unsigned sum = 0, at;

    for (unsigned i = 0; i < COUNT; i++)
        sum += operations[i].weight;
    at = (unsigned)below(&v->random, sum);
    for (unsigned i = 0; i < COUNT; i++) {
        if (at < operations[i].weight) {
            operations[i].run(v);
            return;
        }
        at -= operations[i].weight;
    }
}

_Noreturn void victim(void)
{
    L4_Word_t sp = (L4_Word_t)__builtin_frame_address(0);
    struct victim *v = (struct victim *)(sp & ~(STATE_BYTES - 1));

    __asm__ volatile("push $2; popf" : : : "cc", "memory"); /* whatever it did to its flags */
    L4_Set_ExceptionHandler(root);
    for (;;) {
        v->calls++;
        step(v);
    }
}
