/* SPDX-License-Identifier: BSD-2-Clause */
#include "tracenames.h"

#include <l4/almond.h>
#include <stddef.h>

/* SYS_* of the kernel's arch/entry.h; a test compares them. */
static const char *const calls[] = {
    "Ipc",
    "Unmap",
    "ExchangeRegisters",
    "ExchangeRegisters (local)",
    "ThreadControl",
    "SpaceControl",
    "Schedule",
    "ThreadSwitch",
    "ProcessorControl",
    "MemoryControl",
    "VcpuControl",
    "VcpuRun",
    "VcpuMap",
    "Notify",
    "KmemControl",
    "DomainControl",
    "CpuTime",
    "ThreadLocal",
    "TraceControl",
    "InterruptMessage",
};

static const char *const exits[] = {
    [L4_EXIT_ERROR] = "error",
    [L4_EXIT_IO] = "io",
    [L4_EXIT_CPUID] = "cpuid",
    [L4_EXIT_MSR] = "msr",
    [L4_EXIT_HLT] = "hlt",
    [L4_EXIT_NPF] = "nested page fault",
    [L4_EXIT_TIMER] = "timer",
    [L4_EXIT_NOTIFY] = "notify",
    [L4_EXIT_IRQ_WINDOW] = "irq window",
    [L4_EXIT_SHUTDOWN] = "shutdown",
    [L4_EXIT_CR] = "control register",
    [L4_EXIT_EXCEPTION] = "exception",
    [L4_EXIT_INVALID] = "invalid",
    [L4_EXIT_VMMCALL] = "vmmcall",
    [L4_EXIT_XSETBV] = "xsetbv",
    [L4_EXIT_WBINVD] = "wbinvd",
    [L4_EXIT_MWAIT] = "mwait",
    [L4_EXIT_PAUSE] = "pause",
    [L4_EXIT_RDPMC] = "rdpmc",
    [L4_EXIT_TASK] = "task switch",
    [L4_EXIT_SYNC] = "sync",
    [L4_EXIT_VIRT_INSN] = "virtualization instruction",
    [L4_EXIT_RDTSC] = "rdtsc",
    [L4_EXIT_UNKNOWN] = "unknown",
    [L4_EXIT_INT] = "int",
    [L4_EXIT_SYSCALL] = "syscall",
};

static const char *const exceptions[] = {
    "division error",
    "debug",
    NULL,
    "breakpoint",
    "overflow",
    "bound range",
    "invalid opcode",
    "no coprocessor",
    "double fault",
    NULL,
    "invalid TSS",
    "no segment",
    "stack",
    "general protection",
    "page fault",
    NULL,
    "x87",
    "alignment",
    "machine check",
    "SIMD",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

_Static_assert(COUNT(exits) == L4_EXIT_COUNT, "a name for each exit");

const char *trace_call_name(uint64_t number)
{
    return number < COUNT(calls) ? calls[number] : NULL;
}

const char *trace_exit_name(uint64_t reason)
{
    return reason < COUNT(exits) ? exits[reason] : NULL;
}

const char *trace_exception_name(uint64_t vector)
{
    return vector < COUNT(exceptions) ? exceptions[vector] : NULL;
}
