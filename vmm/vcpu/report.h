/* SPDX-License-Identifier: BSD-2-Clause */
/* What the VMM says about a vCPU in the log. */
#ifndef VMM_VCPU_REPORT_H
#define VMM_VCPU_REPORT_H

#include "host.h"
#include "vcpu/vcpu.h"

/* The registers. */
void report_state(struct vcpu *v, enum mz_log_level level);

/* Exits by cause, of all vCPUs together. */
void report_exits(const struct vcpu *vcpus, unsigned count, enum mz_log_level level);

#endif
