/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests in user mode: the root task's thread, or a worker, is the VMM; the guest's space shows
 * the root task's image where that is, so that guests can be functions of it.
 */
#ifndef X2_GUEST_H
#define X2_GUEST_H

#include "x2.h"

/* In the root task's UTCB area, behind all UTCBs: a state page for each of three vCPUs. */
#define GUEST_STATES 3
struct l4_vcpu_state *guest_state(unsigned n);

/* The caller gets the n-th vCPU in that space, which shows the image from then on, and is about to
 * execute code; false: it does not. */
bool guest_begin(unsigned n, L4_ThreadId_t space, void (*code)(void));
/* The caller's image, for its guest. */
bool guest_show(L4_Word_t address, unsigned log2, L4_Word_t rights);
/* The caller's vCPU goes. */
void guest_end(void);
/* The run ends for this reason; says what came instead.  It is to go on behind the instruction. */
enum result guest_runs_to(unsigned n, enum l4_vcpu_exit reason);
/* With an exception. */
enum result guest_faults(unsigned n, L4_Word_t vector);

/* ---- guests (amd64/guestcode.S, ia32/guestcode.S) ---- */

#define GUEST_INT 0x80 /* INT with this number is how a guest says that it has come so far */

/* Loads register n (the hardware's numbers) with 0x100 + n, INT; INT again. */
void guest_registers(void);
#define GUEST_REGISTERS (sizeof(L4_Word_t) == 8 ? 16 : 8)
/* For ever. */
void guest_spin(void);
void guest_int(void);
/* Its flags on its stack; INT. */
void guest_flags(void);
void guest_ud2(void);
void guest_divide(void);
void guest_int3(void);
void guest_hlt(void);
void guest_nop(void); /* two of them, for single steps, INT */
/* Reads, writes where the second argument register points, INT. */
void guest_read(void);
void guest_write(void);
/* IN from port DX, INT. */
void guest_in(void);
/* Loads the FPU with the integer in the first argument register's place, INT; stores it there, INT. */
void guest_fpu(void);
/* The system call instruction, from here; and, AMD64, from the kernel's stub of Ipc. */
void guest_syscall(void);
void guest_stub(void);
/* Adds to shared[n], n in the first argument register, for ever. */
void guest_count(void);
/* Reads a word at FS:0 and GS:0 (IA32: with its selectors) into the argument registers, INT. */
void guest_segments(void);

/* The numbers of the argument registers. */
#define GUEST_ARG0 L4_RDI
#define GUEST_ARG1 L4_RSI

/* What SYSCALL or SYSENTER leads to. */
enum result guest_called(unsigned n);
/* Segments: two words that FS and GS shall show. */
void guest_set_segments(struct l4_vcpu_state *s, L4_Word_t fs, L4_Word_t gs);

#endif
