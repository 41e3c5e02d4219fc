/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers and addresses of a decoded instruction's operands. */
#ifndef VMM_VCPU_OPERAND_H
#define VMM_VCPU_OPERAND_H

#include "vcpu/decode.h"
#include "vcpu/vcpu.h"

uint64_t register_read(const struct vcpu *v, const struct insn *i, uint8_t reg, unsigned size);
/* Writes of 4 bytes clear the upper half; shorter ones leave the rest alone. */
void register_write(struct vcpu *v, const struct insn *i, uint8_t reg, unsigned size,
                    uint64_t value);

/* The linear address of the memory operand. */
gva_t operand_address(const struct vcpu *v, const struct insn *i);

/* Segment base plus the low address_size bytes of an offset. */
gva_t linear(const struct vcpu *v, const struct insn *i, unsigned segment, uint64_t offset);

#endif
