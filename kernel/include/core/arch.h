/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the core asks of an architecture.  All of it runs with interrupts off
 * unless said otherwise.
 */
#ifndef CORE_ARCH_H
#define CORE_ARCH_H

#include "types.h"

struct thread;
struct space;

/* ---- processors (arch/x86/switch.c, entry.S) ---- */

/*
 * Load what belongs to `next` into the processor: page tables (if the space
 * differs), the kernel entry stack (TSS.rsp0), the UTCB pointer word that users
 * read at gs:0, the IO bitmap, and CR0.TS unless its FPU state is the live one.
 */
void arch_switch(struct thread *next);

/* The page table without a user part. */
word_t arch_kernel_table(void);
/* Map the page `va` of the thread table to this page of the pool, for all processors. */
void arch_table_page(void *va, const void *page);

/* At boot: start all other processors; each ends in cpu_enter_idle(). */
void arch_start_others(void);
/* Make processor n enter its kernel. */
void arch_ipi(unsigned n);
/* Forget all translations of the user part (and of the copy window). */
void arch_flush(void);
/* In a loop that waits for another processor. */
void arch_pause(void);

/* Resume next->frame in user mode. */
_Noreturn void arch_return_to_user(struct thread *next);

/* ThreadLocal: its index-th segment becomes this one; false: the processor has no such. */
bool arch_local_set(struct thread *cur, word_t index, word_t low, word_t high);
/* On its processor: what of that is in registers goes to memory. */
void arch_local_unload(struct thread *t);

/* Wait for an interrupt with interrupts on; returns with them off. */
void arch_idle(void);

/* Let pending interrupts in for a moment. */
void arch_interrupt_window(void);

/* ---- user memory ---- */

/* Copy n bytes at user address va of the current space; false if unreadable. */
bool arch_user_read(void *dst, word_t va, size_t n);

enum copy_fault { COPY_NO_FAULT, COPY_FROM, COPY_TO, COPY_OUTSIDE };

struct copy_result {
    word_t copied;         /* bytes                                                              */
    enum copy_fault fault; /* whose space does not let it, or which leaves the user area */
    word_t address;        /* where                                                      */
};

/* Copy up to n bytes from one space to another. */
struct copy_result arch_copy_string(struct space *from, word_t src, struct space *to, word_t dst,
                                    word_t n);

/* ---- time (plat/pc) ---- */
extern u64 tsc_khz;
u64 arch_tsc(void);
u64 arch_tsc_to_us(u64 tsc); /* TSC ticks since boot -> microseconds; fast, no 64-bit overflow */
u64 arch_us_to_tsc(u64 us);  /* saturates */

/* X.2's clock: microseconds since boot. */
static inline u64 system_clock(void)
{
    return arch_tsc_to_us(arch_tsc());
}

/* Set this processor's alarm to TSC value `when`: TODO_TIMER then.  It may ring too early. */
void arch_timer_set(u64 when);

/* All system calls shall tell trace(), or none. */
void arch_trace_calls(bool on);

/* ---- interrupts (plat/pc) ---- */
unsigned arch_irq_count(void);         /* sources, = ThreadInfo.SystemBase       */
bool arch_irq_available(unsigned irq); /* may users have it?                     */
void arch_irq_unmask(unsigned irq);
void arch_irq_mask(unsigned irq);
/* It goes to processor n. */
void arch_irq_route(unsigned irq, unsigned n);
/* What a device has to write where to raise it; false: it is an input of an interrupt controller. */
bool arch_irq_message(unsigned irq, word_t *address, word_t *data);
/* On an interrupt the platform acknowledges it at the local APIC, keeps the source quiet as far as
 * that can be, and notes it in cpu.irqs for kernel_exit(). */

/* ---- IO ports (arch/x86/io.c) ---- */
/* Grant or take away port access in a space's bitmap; false: out of memory. */
bool arch_io_set(struct space *s, u16 port, bool allow);
bool arch_io_test(const struct space *s, u16 port);
void arch_io_free(struct space *s);

/* ---- console (plat/pc/serial.c) ---- */
void arch_console_putc(char c);
int arch_console_getc(void); /* -1: nothing there */

#endif
