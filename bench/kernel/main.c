/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs all measurements, on several processors those that need them, and ends QEMU through its debug exit device. */
#include <l4/kdebug.h>
#include <rt/console.h>
#include "kbench.h"

#define ISA_DEBUG_EXIT 0xf4

extern char rt_image_start[], rt_image_end[];

L4_ThreadId_t me;

static void end(uint8_t code)
{
    __asm__ volatile("outb %0, %1" : : "a"(code), "Nd"((uint16_t)ISA_DEBUG_EXIT));
    for (;;)
        L4_Sleep(L4_Never);
}

void report(const char *name, unsigned long long value)
{
    printf("kbench %s %llu\n", name, value);
}

void fail(const char *what)
{
    printf("kbench: failed: %s, error %lu\n", what, L4_ErrorCode());
    end(1);
}

int main(void)
{
    rt_set_putchar(L4_KDB_PrintChar);
    for (L4_Word_t p = (L4_Word_t)rt_image_start; p < (L4_Word_t)rt_image_end; p += 4096)
        *(volatile char *)p; /* sigma0 gives our pages to this thread only */
    me = L4_MyGlobalId();
    if (L4_NumProcessors(L4_Kip()) > 1) {
        bench_scaling();
    } else {
        bench_ipc();
        bench_idl();
        bench_faults();
        bench_vcpu();
        bench_threads();
        bench_mappings();
        bench_latency();
        bench_events(); /* from here on the root task has ports */
    }
    printf("kbench: done\n");
    end(0);
    return 0;
}
