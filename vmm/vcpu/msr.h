/* SPDX-License-Identifier: BSD-2-Clause */
/* Model-specific registers whose accesses end a run. */
#ifndef VMM_VCPU_MSR_H
#define VMM_VCPU_MSR_H

#include <stdbool.h>
#include <stdint.h>

#define MSR_STORED 12

/* Values of the registers that only keep what is written. */
struct msr_values {
    uint64_t stored[MSR_STORED];
};

struct vcpu;

void msr_init(struct msr_values *values);
void exit_msr(struct vcpu *v);

#endif
