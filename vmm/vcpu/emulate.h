/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Execution of instructions that touch device registers.  They work through
 * guest-linear memory like the processor, so either operand may be RAM.
 */
#ifndef VMM_VCPU_EMULATE_H
#define VMM_VCPU_EMULATE_H

#include "vcpu/decode.h"
#include "vcpu/vcpu.h"

/* Execute the instruction at rip, or end the VM if it is not known. */
void emulate(struct vcpu *v);

/* INS or OUTS at rip, to this port. */
void emulate_port_string(struct vcpu *v, uint16_t port);

#endif
