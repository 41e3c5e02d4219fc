/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual CPU: its state page, its local APIC, and what the exit handlers keep.  Each
 * is run by a thread of its own, and nobody else touches it: other threads send
 * signals (board/cpus.h) and messages to its APIC.
 */
#ifndef VMM_VCPU_VCPU_H
#define VMM_VCPU_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "board/board.h"
#include "devices/lapic.h"
#include "l4/almond.h"
#include "vcpu/cpuid.h"
#include "vcpu/msr.h"

#define RFLAGS_CF UINT64_C(0x001)
#define RFLAGS_PF UINT64_C(0x004)
#define RFLAGS_AF UINT64_C(0x010)
#define RFLAGS_ZF UINT64_C(0x040)
#define RFLAGS_SF UINT64_C(0x080)
#define RFLAGS_IF UINT64_C(0x200)
#define RFLAGS_DF UINT64_C(0x400)
#define RFLAGS_OF UINT64_C(0x800)
#define RFLAGS_AC UINT64_C(0x40000)

#define VECTOR_UD 6
#define VECTOR_GP 13
#define VECTOR_PF 14

/* The length of a plain instruction that ended a run before. */
struct known_length {
    uint64_t rip;
    uint32_t op; /* enum insn_op */
    uint32_t length;
};

#define KNOWN_LENGTHS 64

struct vcpu {
    struct l4_vcpu_state *state;
    struct board *board;
    uint32_t id;    /* of its APIC, and the number of its thread */
    bool attention; /* something changed about interrupts: vcpu_events() before the next run */
    bool halted;    /* in HLT, until an interrupt */
    bool nmi;       /* one is to be injected */
    bool waiting;   /* for a START, not yet started or after an INIT */
    bool stopped;   /* nothing but a signal makes it go on: board.cpus knows */
    uint64_t timer; /* when the APIC's timer fires: the host's TSC, ~0 never */
    struct lapic lapic;
    struct mmio_device apic_page;
    struct kvmclock_msrs clock;
    struct cpuid_leaf cpuid_answer; /* the latest that was computed */
    struct cpuid_table cpuid;
    struct msr_values msrs;
    bool exact_lengths; /* exit_len is the processor's, not the kernel's guess */
    struct known_length lengths[KNOWN_LENGTHS];
    uint64_t last_fault; /* the last RAM fault's address, and how often it came in a row */
    unsigned fault_repeats;
    unsigned bad_msr_reports;
    uint64_t *exits; /* by reason, where the monitor sees them */
    uint64_t mmio_exits;
};

/* All but vCPU 0 wait for a START. */
void vcpu_init(struct vcpu *v, struct l4_vcpu_state *state, struct board *board, uint32_t id);

/* The state of a processor in flat 32-bit protected mode without paging (vcpu/reset.c). */
void vcpu_enter_flat(struct vcpu *v, uint64_t rip, uint16_t code, uint16_t data);
/* The one after a START: real mode, at the beginning of a page of 4 KiB. */
void vcpu_enter_real(struct vcpu *v, uint8_t page);

/* Run the guest until the VM ends. */
_Noreturn void vcpu_loop(struct vcpu *v);

/* Take what others have signalled; stop until they do (vcpu/signal.c). */
void vcpu_take_signals(struct vcpu *v);
void vcpu_stop(struct vcpu *v);

/* Whether PAUSE ends a run, which then lets another vCPU run (vcpu/spin.c). */
void vcpu_watch_spinning(struct vcpu *v, bool on);
void exit_pause(struct vcpu *v);

/* Decide what to inject, or how long to sleep (vcpu/event.c). */
void vcpu_events(struct vcpu *v);
void vcpu_inject(struct vcpu *v, uint8_t vector);
void vcpu_inject_error(struct vcpu *v, uint8_t vector, uint32_t error);

/* Make all groups of the state page valid.  The last exit's description survives. */
void vcpu_sync(struct vcpu *v);

/* Continue behind the plain instruction that ended the run (vcpu/length.c). */
void vcpu_skip(struct vcpu *v, unsigned op);

/* End the run when the next thing is due: the APIC's timer, the console, the watchdog. */
void vcpu_set_deadline(struct vcpu *v);

/* The handler of each reason (vcpu/exits.c). */
void vcpu_handle(struct vcpu *v, unsigned reason);

/* An IN, OUT, INS or OUTS (vcpu/io.c). */
void exit_io(struct vcpu *v);

static inline void vcpu_dirty(struct vcpu *v, uint32_t groups)
{
    v->state->dirty |= groups;
}

static inline unsigned vcpu_cpl(const struct vcpu *v)
{
    return v->state->seg[L4_SEG_SS].attr >> 5 & 3;
}

#define SEG_ATTR_L  0x200u /* 64-bit code    */
#define SEG_ATTR_DB 0x400u /* 32-bit default */

/* 16, 32 or 64: the mode of the code segment. */
static inline unsigned vcpu_bits(const struct vcpu *v)
{
    uint16_t attr = v->state->seg[L4_SEG_CS].attr;
    if ((v->state->efer & UINT64_C(0x400)) && (attr & SEG_ATTR_L))
        return 64;
    return attr & SEG_ATTR_DB ? 32 : 16;
}

#endif
