/* SPDX-License-Identifier: BSD-2-Clause */
/* What the checks know of AMD64. */
#ifndef X2_MACHINE_H
#define X2_MACHINE_H

#include <stdbool.h>

#include <l4/types.h>

/* Where new spaces have their KIP, and how large an area for 16 UTCBs is. */
#define KIP_AREA  0xa0000000ul
#define UTCB_LOG2 14

#define LARGE_LOG2 21 /* a superpage */

/* The low bits of a page fault's label, for a read and for a fetch. */
#define ACCESS_READ  L4_Readable
#define ACCESS_FETCH L4_eXecutable

#define KERNEL_ADDRESS 0xffffffff80600000ul /* the kernel's own memory */
#define KERNEL_AREA    0xfffffffffff00000ul /* no place for a user's UTCBs */

/* Addresses that are not canonical. */
#define WILD_IP  0x0000800000000000ul
#define WILD_IP2 0xffff800000000000ul
#define WILD_SP  0x8000000000000001ul

#define MORE_WILD_ADDRESSES                                                                        \
    0x7ffffffff000, 0x800000000000, 0xffff800000000000, 0xfffffffffffff000, 0x100000000

/* A gibibyte that is no RAM. */
#define FAR_AWAY (64ul << 30)
#define FAR_LOG2 30

/* Message registers of an exception: X.2, 6.6. */
enum {
    EX_IP,
    EX_BX,
    EX_R10,
    EX_R12,
    EX_R13,
    EX_R14,
    EX_R15,
    EX_AX,
    EX_CX,
    EX_DX,
    EX_SI,
    EX_DI,
    EX_BP,
    EX_R8,
    EX_R9,
    EX_R11,
    EX_SP,
    EX_FLAGS,
    EX_NUMBER,
    EX_ERROR,
    EX_WORDS
};

/* do_ud2_registers() loads the n-th of these with n + 1, and adds all, and carry, after its fault. */
#define REGISTERS 15
extern const unsigned char registers_in_order[REGISTERS];
L4_Word_t do_ud2_registers(L4_Word_t a, L4_Word_t b);

/* Executes lock nop; true if all registers but the results, and carry, survive. */
bool find_kernel(L4_Word_t *kip, L4_Word_t *version, L4_Word_t *flags, L4_Word_t *id);

/* Calls an entry with all registers loaded, in the order of call_entry(); where Ipc looks for what. */
#define CALL_REGISTERS 14
#define CALL_UTCB      5
#define CALL_TIMEOUTS  6
#define CALL_TAG       7
void call_entry(L4_Word_t entry, const L4_Word_t regs[CALL_REGISTERS]);

static inline L4_Word_t read_flags(void)
{
    L4_Word_t flags;

    __asm__ volatile("pushfq; pop %0" : "=r"(flags));
    return flags;
}

#endif
