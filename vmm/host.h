/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The world below the VMM: the kernel and the monitor.  Nothing else in the VMM
 * knows that it runs on L4.
 */
#ifndef VMM_HOST_H
#define VMM_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "marzipan/exit.h"
#include "marzipan/log.h"
#include "marzipan/vmm.h"

/* Find the kernel and the monitor. */
void host_init(const struct mz_boot *boot);

/*
 * The VMM's threads have numbers: 0 the first one, n < vcpus that of vCPU n.  What is notified
 * ends the thread's run, or its next one, or its host_wait(), with these bits:
 * MZ_NOTIFY_*, and those for use between the VMM's threads.
 */
#define HOST_VCPUS       8u
#define HOST_NOTIFY_LOCK (UINT64_C(1) << 63) /* see lock.h */

unsigned host_self(void);
/* Start thread n, which runs this function; it must not return. */
enum mz_error host_start(unsigned n, void (*run)(unsigned n));
void host_notify(unsigned n, uint64_t bits);
uint64_t host_wait(void);

/* Is thread n on the caller's processor?  It says where it is by host_here(). */
bool host_shares(unsigned n);
void host_here(void);
/* If it is ready there, it goes on at once, on the caller's time. */
void host_let_run(unsigned n);

/* Run the guest of the calling thread until something concerns the VMM: enum l4_vcpu_exit. */
unsigned host_run(void);
/* Why host_run() returned L4_EXIT_ERROR, or host_map() false: X.2's error code. */
uint64_t host_error(void);

/* Show [from, from + size) of the own space to the guest at this address. */
bool host_map(gpa_t to, void *from, uint64_t size);

/* What the kernel knows: L4_ALMOND_F_*, L4_ALMOND_Q_*, and the TSC's frequency. */
uint64_t host_features(void);
uint64_t host_quirks(void);
uint64_t host_tsc_khz(void);
/* The date, in ns since 1970, or 0. */
uint64_t host_date_ns(const struct mz_boot *boot);

static inline uint64_t host_tsc(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

void host_log(enum mz_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whom to call. */
L4_ThreadId_t host_monitor(void);

/* Let the monitor take what is in the output ring. */
void host_flush_console(void);

/* The first guest instruction ran when the TSC was `tsc`. */
void host_started(uint64_t tsc);

/* End the VM.  The text, up to 64 bytes, continues the sentence that the monitor begins
 * for the kind: "triple fault", "access outside its memory and devices", ...  Of several threads
 * that end it the first one's word counts. */
_Noreturn void host_exit(enum mz_exit_cause kind, uint64_t detail, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Called by host_exit() before it ends the VM. */
extern void (*host_before_exit)(void);

#endif
