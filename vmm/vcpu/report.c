/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/report.h"

/* clang-format off */
static const char *const names[L4_EXIT_COUNT] = {
    "error", "io", "cpuid", "msr", "hlt", "npf", "timer", "notify", "irq window", "shutdown", "cr",
    "exception", "invalid", "vmmcall", "xsetbv", "wbinvd", "mwait", "pause", "rdpmc", "task",
    "sync", "virt insn", "rdtsc", "unknown", "int", "syscall"
};
/* clang-format on */

void report_state(struct vcpu *v, enum mz_log_level level)
{
    const struct l4_vcpu_state *st = v->state;
    const uint64_t *g = st->gpr;
    vcpu_sync(v);
    host_log(level, "rip %lx rflags %lx cs %x:%lx ss %x cpl %u", st->rip, st->rflags,
             st->seg[L4_SEG_CS].selector, st->seg[L4_SEG_CS].base, st->seg[L4_SEG_SS].selector,
             vcpu_cpl(v));
    host_log(level, "rax %lx rcx %lx rdx %lx rbx %lx rsp %lx rbp %lx", g[0], g[1], g[2], g[3], g[4],
             g[5]);
    host_log(level, "rsi %lx rdi %lx r8 %lx r9 %lx r10 %lx r11 %lx", g[6], g[7], g[8], g[9], g[10],
             g[11]);
    host_log(level, "r12 %lx r13 %lx r14 %lx r15 %lx", g[12], g[13], g[14], g[15]);
    host_log(level, "cr0 %lx cr2 %lx cr3 %lx cr4 %lx efer %lx", st->cr0, st->cr2, st->cr3, st->cr4,
             st->efer);
    host_log(level, "gs %lx idt %lx gdt %lx exit %x qual %lx %lx inject %lx",
             st->seg[L4_SEG_GS].base, st->seg[L4_SEG_IDTR].base, st->seg[L4_SEG_GDTR].base,
             st->exit, st->qual[0], st->qual[1], st->inject);
}

/* The host's counters of a vCPU are in its state page. */
void report_exits(const struct vcpu *vcpus, unsigned count, enum mz_log_level level)
{
    uint64_t sums[L4_EXIT_COUNT] = {0}, mmio = 0, runs = 0, host_intrs = 0;
    for (const struct vcpu *v = vcpus; v < vcpus + count; v++) {
        for (unsigned i = 0; i < L4_EXIT_COUNT; i++)
            sums[i] += v->exits[i];
        mmio += v->mmio_exits;
        runs += v->state->runs;
        host_intrs += v->state->host_intrs;
    }
    for (unsigned i = 0; i < L4_EXIT_COUNT; i++) {
        if (sums[i])
            host_log(level, "exits %-10s %8lu", names[i], sums[i]);
    }
    host_log(level, "of the npf %lu on devices; %lu MiB filled; VMRUN %lu, host interrupts %lu",
             mmio, vcpus->board->ram.filled_chunks * CHUNK_SIZE / MIB(1), runs, host_intrs);
}
