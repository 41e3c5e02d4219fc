/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest memory as the guest's instructions see it.  All groups of state must be
 * valid.  False means that the access faulted and the exception is injected.
 */
#ifndef VMM_VCPU_ACCESS_H
#define VMM_VCPU_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "vcpu/decode.h"
#include "vcpu/vcpu.h"

/* Sizes are 1, 2, 4 or 8.  for_write: the value will be written back. */
bool guest_read(struct vcpu *v, gva_t address, unsigned size, bool for_write, uint64_t *value);
bool guest_write(struct vcpu *v, gva_t address, unsigned size, uint64_t value);

/* Fetch and decode the instruction at rip.  DECODE_SHORT: it faulted. */
enum decode_result guest_decode(struct vcpu *v, struct insn *insn);

/* The bytes at rip, for messages: how many could be read without a fault. */
unsigned guest_peek(struct vcpu *v, uint8_t bytes[INSN_MAX]);

#endif
