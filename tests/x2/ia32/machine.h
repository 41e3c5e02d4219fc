/* SPDX-License-Identifier: BSD-2-Clause */
/* What the checks know of IA32. */
#ifndef X2_MACHINE_H
#define X2_MACHINE_H

#include <stdbool.h>

#include <l4/types.h>

/* Where new spaces have their KIP: where every kernel gives it to the root task, since the table
 * of entries that we share with them counts on that.  How large an area for 16 UTCBs is. */
#define KIP_AREA  0xbff00000ul
#define UTCB_LOG2 13

#define LARGE_LOG2 22 /* a superpage */

/* The low bits of a page fault's label, for a read and for a fetch. */
#define ACCESS_READ  (L4_Readable | L4_eXecutable)
#define ACCESS_FETCH (L4_Readable | L4_eXecutable)

#define KERNEL_ADDRESS 0xf0600000ul /* the kernel's own memory */
#define KERNEL_AREA    0xfff00000ul /* no place for a user's UTCBs */

#define WILD_IP  KERNEL_ADDRESS
#define WILD_IP2 0xffffffffu
#define WILD_SP  0xfffffffdu

#define MORE_WILD_ADDRESSES 0xbffff000, 0xc0000000, 0xff800000, 0xfffff000

/* 64 MiB that are no RAM. */
#define FAR_AWAY 0x90000000ul
#define FAR_LOG2 26

/* Message registers of an exception: X.2, 6.6. */
enum {
    EX_IP,
    EX_FLAGS,
    EX_NUMBER,
    EX_ERROR,
    EX_DI,
    EX_SI,
    EX_BP,
    EX_SP,
    EX_BX,
    EX_DX,
    EX_CX,
    EX_AX,
    EX_WORDS
};

/* do_ud2_registers() loads the n-th of these with n + 1, and adds all, and carry, after its fault. */
#define REGISTERS 7
extern const unsigned char registers_in_order[REGISTERS];
L4_Word_t do_ud2_registers(L4_Word_t a, L4_Word_t b);

/* Executes lock nop; true if all registers but the results, and carry, survive. */
bool find_kernel(L4_Word_t *kip, L4_Word_t *version, L4_Word_t *flags, L4_Word_t *id);

/* Calls an entry with all registers loaded, in the order of call_entry(); where Ipc looks for what. */
#define CALL_REGISTERS 7
#define CALL_UTCB      5
#define CALL_TIMEOUTS  2
#define CALL_TAG       4
void call_entry(L4_Word_t entry, const L4_Word_t regs[CALL_REGISTERS]);

static inline L4_Word_t read_flags(void)
{
    L4_Word_t flags;

    __asm__ volatile("pushf; pop %0" : "=r"(flags));
    return flags;
}

#endif
