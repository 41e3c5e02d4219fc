/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruction decoder.  It knows the integer instructions with a memory
 * operand that kernels use on device registers, the string instructions, and
 * the plain instructions that end a run.
 */
#ifndef VMM_VCPU_DECODE_H
#define VMM_VCPU_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#define INSN_MAX 15

/* clang-format off */
enum insn_op {
    /* in the order of the processor's encoding */
    OP_ADD, OP_OR, OP_ADC, OP_SBB, OP_AND, OP_SUB, OP_XOR, OP_CMP,
    OP_TEST, OP_MOV, OP_MOVZX, OP_MOVSX, OP_XCHG, OP_CMPXCHG, OP_XADD,
    OP_BT, OP_BTS, OP_BTR, OP_BTC,
    OP_INC, OP_DEC, OP_NOT, OP_NEG, OP_PUSH,
    OP_MOVS, OP_STOS, OP_LODS, OP_INS, OP_OUTS,
    OP_HLT, OP_CPUID, OP_RDMSR, OP_WRMSR, OP_RDTSC, OP_RDTSCP, OP_RDPMC, OP_INVD, OP_WBINVD,
    OP_PAUSE, OP_MONITOR, OP_MWAIT, OP_XSETBV, OP_VMMCALL,
    OP_UNKNOWN
};
/* clang-format on */

/* Where the operands are: memory, register (reg), immediate, accumulator. */
enum insn_form { FORM_NONE, FORM_MR, FORM_RM, FORM_MI, FORM_M, FORM_MA, FORM_AM, FORM_STRING };

#define REG_NONE    0xff
#define REG_RIP     0xfe
#define SEG_DEFAULT 0xff

struct insn {
    uint8_t length;
    uint8_t op;           /* enum insn_op                                        */
    uint8_t form;         /* enum insn_form                                      */
    uint8_t size;         /* operand bytes: 1, 2, 4, 8                           */
    uint8_t source_size;  /* of the memory operand of MOVZX, MOVSX               */
    uint8_t address_size; /* bytes: 2, 4, 8                                      */
    uint8_t segment;      /* enum l4_vcpu_segno of a prefix, or SEG_DEFAULT      */
    bool rep, repne, lock;
    bool rex;            /* byte registers 4-7 are SPL-DIL, not AH-BH           */
    uint8_t reg;         /* ModRM.reg with REX.R                                */
    uint8_t rm;          /* register operand in rm, REG_NONE if it is in memory */
    uint8_t base, index; /* registers of the address, REG_NONE, REG_RIP         */
    uint8_t scale;       /* shift                                               */
    int64_t displacement;
    uint64_t immediate; /* sign-extended to the operand size                   */
};

enum decode_result { DECODE_OK, DECODE_SHORT, DECODE_UNKNOWN };

/* bits: 16, 32 or 64, the code segment's mode.  DECODE_SHORT: `count` bytes are not enough. */
enum decode_result decode(const uint8_t *bytes, unsigned count, unsigned bits, struct insn *insn);

#endif
