/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The paravirtual clock of KVM, which Debian's kernels know: two structures that
 * the guest places in its memory, to turn the TSC into time since the VM's start
 * and that into the date.  The TSC is constant, so each is written only once.
 */
#ifndef VMM_DEVICES_KVMCLOCK_H
#define VMM_DEVICES_KVMCLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "board/ram.h"

/* Feature bits of CPUID leaf 0x40000001. */
#define KVM_FEATURE_NO_IO_DELAY  (1u << 1)
#define KVM_FEATURE_CLOCK        (1u << 3)
#define KVM_FEATURE_PV_EOI       (1u << 6)
#define KVM_FEATURE_STABLE_CLOCK (1u << 24)

#define MSR_KVM_WALL_CLOCK  0x4b564d00u
#define MSR_KVM_SYSTEM_TIME 0x4b564d01u
#define MSR_KVM_PV_EOI      0x4b564d04u

/* The same for all vCPUs. */
struct kvmclock {
    struct ram *ram;
    uint64_t tsc_khz;
    uint64_t start_ns; /* the date when the guest's TSC was 0, since 1970 */
};

/* What a vCPU has written to its MSRs. */
struct kvmclock_msrs {
    uint64_t system_time, wall_clock;
};

void kvmclock_init(struct kvmclock *clock, struct ram *ram, uint64_t tsc_khz, uint64_t start_ns);

/* Writes to the MSRs: false for an address outside RAM. */
bool kvmclock_set_system_time(const struct kvmclock *clock, struct kvmclock_msrs *msrs,
                              uint64_t value);
bool kvmclock_set_wall_clock(const struct kvmclock *clock, struct kvmclock_msrs *msrs,
                             uint64_t value);

#endif
