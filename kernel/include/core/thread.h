/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: the control block, the table of ids, the life cycle. */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include "arch/frame.h"
#include "arch/width.h"
#include "core/list.h"
#include "core/space.h"
#include "core/timeout.h"
#include "types.h"

struct utcb;
struct vcpu;

/* Where a thread is in its life; each but READY means: not runnable. */
enum thread_state {
    THREAD_INACTIVE,  /* no UTCB yet                                                  */
    THREAD_READY,     /* running or in a ready queue                                  */
    THREAD_SENDING,   /* queued at thread.partner until that receives                 */
    THREAD_RECEIVING, /* waits for thread.recv_from                                   */
    THREAD_SLEEPING,  /* a halted vCPU                                                */
    THREAD_STOPPED    /* a fault that nobody handles; only ExchangeRegisters revives  */
};

/* IPC that the kernel does in a thread's name.  The user's message registers take no part in it. */
enum kernel_ipc { KIPC_NONE, KIPC_START, KIPC_PAGE_FAULT, KIPC_IO_FAULT, KIPC_EXCEPTION, KIPC_IRQ };

struct thread {
    struct arch_frame frame; /* first: see arch/frame.h */
    word_t id;               /* global id */
    struct space *space;     /* NULL: interrupt thread */
    struct utcb *utcb;       /* kernel alias; NULL while inactive */
    word_t utcb_addr;        /* user address of MR0 = local id; 0: none given */

    u8 state;
    u8 kipc;
    u8 priority;
    bool halted;      /* ExchangeRegisters: do not run user code */
    bool queued;      /* in a ready queue */
    bool in_guest;    /* VcpuRun under way: resume the guest, not the VMM */
    bool slice_spent; /* its quantum ended while another ran on it */
    u8 fault_rights;  /* KIPC_PAGE_FAULT: rwx; KIPC_IO_FAULT: log2 size */

    word_t scheduler; /* global ids */
    word_t fault_addr;
    word_t fault_ip;

    /* IPC */
    struct thread *partner; /* SENDING: destination; RECEIVING closed: the sender */
    word_t recv_from;       /* FromSpecifier of the receive phase, global form */
    word_t send_as;         /* id that the receiver sees (virtual sender or own) */
    u16 recv_timeout;       /* Time of the receive phase that follows a send */
    struct list senders;    /* of .ipc_link: threads that wait to send to this one */
    struct list receivers;  /* of .ipc_link: threads in closed receive from this one */
    struct list ipc_link;
    struct timeout timeout;
    word_t notify_bits;

    /* scheduling */
    struct list ready_link;
    struct list space_link;
    u64 slice;      /* TSC ticks of a quantum, TIME_NEVER: unlimited */
    u64 slice_left; /* of the current quantum */
    u64 cpu_time;   /* TSC ticks executed */
    u16 slice_time; /* the quantum in X.2 Time format */
    u16 max_delay;
    u8 sensitive_prio;

    u8 irq; /* KIPC_IRQ: source, and whether an interrupt waits to be sent */
    bool irq_pending;

    void *fpu; /* state area, NULL until first use */
    struct vcpu *vcpu;
};

_Static_assert(offsetof(struct thread, frame) == 0, "entry.S relies on it");

/* ---- ids ---- */
#define NILTHREAD      ((word_t)0)
#define ANYTHREAD      (~(word_t)0)
#define ANYLOCAL       (~(word_t)0x3f)
#define KERNEL_THREADS 32 /* numbers between SystemBase and UserBase */

extern word_t system_base, user_base; /* KIP ThreadInfo */

static inline bool id_is_global(word_t id)
{
    return (id & 0x3f) != 0;
}

static inline word_t id_make(word_t number, word_t version)
{
    return number << VERSION_BITS | version;
}

static inline word_t id_number(word_t id)
{
    return id >> VERSION_BITS;
}

/* The notification thread: a kernel thread that exists by id only. */
static inline word_t id_notify(void)
{
    return id_make(system_base + 1, 1);
}

/* The thread with exactly this global id, or NULL. */
struct thread *thread_find(word_t id);
/* The thread with this number whatever its version, or NULL. */
struct thread *thread_find_number(word_t number);
/* The thread with the lowest number from this one on, or NULL. */
struct thread *thread_next(word_t number);

/* ---- life ---- */
struct thread *thread_create(word_t id, struct space *s,
                             word_t scheduler); /* inactive; NULL: no memory */
/* Give it a UTCB (thread.utcb_addr set) and a pager; it does not run yet. False: no memory. */
bool thread_activate(struct thread *t, word_t pager);
/*
 * Move t to another space, where its UTCB place must be free and, if it is active,
 * valid.  A pending IPC is aborted, the UTCB's contents go along; the space that
 * it leaves goes with its last thread.  False: no memory, nothing has changed.
 */
bool thread_migrate(struct thread *t, struct space *to);
/* Deletes t, waking everybody who waits for it with an error; frees its space if it was the last. */
void thread_delete(struct thread *t);

#endif
