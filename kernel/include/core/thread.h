/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: the control block, the table of ids, the life cycle. */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include "arch/frame.h"
#include "arch/layout.h"
#include "arch/local.h"
#include "arch/width.h"
#include "core/list.h"
#include "core/lock.h"
#include "core/mapdb.h"
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
    THREAD_TRANSFER,  /* its partner, or somebody for that, carries a message on      */
    THREAD_SLEEPING,  /* a halted vCPU                                                */
    THREAD_STOPPED    /* a fault that nobody handles; only ExchangeRegisters revives  */
};

/* IPC that the kernel does in a thread's name.  The user's message registers take no part in it. */
enum kernel_ipc {
    KIPC_NONE,
    KIPC_START,
    KIPC_PAGE_FAULT,
    KIPC_IO_FAULT,
    KIPC_EXCEPTION,
    KIPC_PREEMPTION,
    KIPC_IRQ,
    KIPC_STRING_FAULT /* a page fault of a message's transfer, which then goes on: not for fast_answer */
};

/* thread.flags: whoever has one takes the long way through the kernel. */
enum thread_flags {
    TF_HALTED = 1 << 0,  /* ExchangeRegisters: do not run user code                          */
    TF_GUEST = 1 << 1,   /* VcpuRun under way: resume the guest, not the VMM                 */
    TF_SPENT = 1 << 2,   /* its quantum ended while another ran on it                        */
    TF_TIMEOUT = 1 << 3, /* thread.timeout is armed                                          */
    TF_CHANGED =
        1 << 4, /* its registers have been set: the next return to user mode looks at them */
    TF_SEGMENTS = 1 << 5,  /* it has thread-local descriptors or segment bases                 */
    TF_VIRTUAL = 1 << 6,   /* it sends as thread.virtual_sender                                */
    TF_REDIRECTED = 1 << 7 /* its message goes to the redirector of its space                 */
};

/* thread.pending: who queues, and is there one that sends for another; the fast paths look at it. */
enum { PENDING_SENDER = 1, PENDING_VIRTUAL = 2, PENDING_NOTIFY = 4 };

/* thread.cont: what it does when it is chosen to run, instead of going on in user mode. */
enum continuation {
    CONT_NONE,
    CONT_CALL,       /* its system call starts over                           */
    CONT_EXCEPTION,  /* its exception is reported                             */
    CONT_RECEIVE,    /* its receive phase begins: a sender waits              */
    CONT_TRANSFER,   /* it carries its message on                             */
    CONT_FAULT,      /* a page fault of its own space stopped the transfer    */
    CONT_UNMAP,      /* it goes on revoking                                   */
    CONT_ATTRIBUTES, /* so does its MemoryControl                             */
    CONT_PREEMPTION  /* its total quantum is used up, or its delay            */
};

enum transfer_clock { NOT_TIMED, TIMED_BY_SENDER, TIMED_BY_RECEIVER };

/* A message under way that can stop and go on: strings, or many pages.  It is in the sender;
 * the receiver has but `partner`, and that only if the message is for its user. */
struct transfer {
    struct thread *partner; /* NULL: none has stopped                                     */
    word_t done;            /* of the current item: bytes copied, or mapped               */
    u32 offset;             /* bytes of all strings so far: 63 of 4 MiB at most           */
    u8 item;                /* the current item's message register, 0: not begun          */
    u8 buffer;              /* the current receive buffer's register, 0: no more          */
    bool sends;             /* this thread is the sender                                  */
    u8 timed;               /* enum transfer_clock: whose transfer timeout is running     */
};

struct thread {
    struct arch_frame frame; /* first: see arch/frame.h */
    word_t id;               /* global id; 0: being deleted */
    union {
        struct {
            u8 state, kipc, flags, cpu;
        };
        u32 status; /* all four, to compare at once */
    };
    u8 priority;
    u8 pending; /* PENDING_*: somebody queues at `senders`, or notify_bits are set   */
    u8 waited;  /* some thread has once waited for just this one                     */
    u8 cont;
    word_t recv_from;    /* FromSpecifier of the receive phase, global form               */
    word_t table;        /* what the page table register holds for its space              */
    struct space *space; /* NULL: interrupt thread                                        */
    word_t utcb_addr;    /* user address of MR0 = local id; 0: none given                 */
    struct utcb *utcb;   /* kernel alias; NULL while inactive                             */
    u16 domain;
    u16 recv_timeout; /* Time of the receive phase that follows a send               */
    u16 max_delay;    /* microseconds by which it may delay its preemption           */
    u8 sensitive_prio;
    u8 fault_rights; /* page faults: rwx; KIPC_IO_FAULT: log2 size                  */
    word_t sent;     /* messages that it has sent, or the kernel in its name        */
    struct vcpu *vcpu;
    void *fpu; /* state area, NULL until first use */

    word_t scheduler; /* global id */
    union {
        struct {
            union {
                word_t fault_addr;     /* kernel IPC; KIPC_IRQ: the handler */
                word_t virtual_sender; /* user IPC, TF_VIRTUAL              */
            };
            word_t fault_ip;
            struct thread *partner; /* SENDING: the destination; TRANSFER: who works on it */
        };
        struct mapping marker; /* CONT_UNMAP, _ATTRIBUTES: its place in the list of mappings */
    };
    struct transfer transfer;
    struct list senders; /* of .link: threads that wait to send to this one           */
    struct list link;    /* SENDING: in partner's senders; READY: in a ready queue    */
    struct timeout timeout;
    volatile word_t notify_bits;
    struct thread *notify_next; /* in cpu.notified; itself: in no list                    */
    struct lock senders_lock;

    bool queued; /* in a ready queue */
    u8 stage;    /* how far its deletion has got, see thread_delete()    */
    union {
        u16 irq;          /* KIPC_IRQ: the source                     */
        u16 quantum_time; /* else: the total quantum in X.2 Time      */
    };
    u32 scan;                /* how far the search for those who wait for it has got    */
    u64 slice;               /* TSC ticks of a quantum, TIME_NEVER: unlimited */
    u64 slice_left;          /* of the current quantum */
    u64 quantum_left;        /* of the total quantum, TIME_NEVER: unlimited */
    u64 cpu_time;            /* TSC ticks executed on its quanta */
    struct arch_local local; /* TF_SEGMENTS */
};

_Static_assert(offsetof(struct thread, frame) == 0, "entry.S relies on it");
_Static_assert(sizeof(struct thread) <= 448, "with its UTCB 1.5 KiB at most, nine in a slab page");

/* ---- ids ---- */
#define NILTHREAD      ((word_t)0)
#define ANYTHREAD      (~(word_t)0)
#define ANYLOCAL       (~(word_t)0x3f)
#define KERNEL_THREADS 32 /* numbers between SystemBase and UserBase */
#define THREADS        (1UL << THREAD_BITS)

extern word_t system_base, user_base; /* KIP ThreadInfo */

/* By number; where there is none, `nobody`, whose id is no thread's. */
#define thread_table ((struct thread **)THREAD_TABLE)
extern struct thread nobody;

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
static inline struct thread *thread_find(word_t id)
{
    word_t number = id_number(id);
    struct thread *t = number < THREADS ? thread_table[number] : &nobody;

    return t->id == id && id ? t : NULL;
}

/* The thread with this number whatever its version, or NULL; also one that is being deleted. */
struct thread *thread_find_number(word_t number);
/* The thread with the lowest number from this one on, or NULL. */
struct thread *thread_next(word_t number);
/* The same, but it gives up, with NULL, after a while; *number is where to go on, THREADS: nowhere. */
struct thread *thread_search(word_t *number);
/* Its number, while its id is 0. */
word_t thread_number(const struct thread *t);

static inline bool thread_is_halted(const struct thread *t)
{
    return t->flags & TF_HALTED;
}

/* Ready for user code: neither blocked nor halted. */
static inline bool thread_runnable(const struct thread *t)
{
    return t->state == THREAD_READY && !(t->flags & TF_HALTED);
}

/* ---- life: with all processors stopped ---- */
void thread_table_init(void);
/* Inactive, on this processor; NULL: no memory. */
struct thread *thread_create(word_t id, struct space *s, word_t scheduler);
/* Give it a UTCB (thread.utcb_addr set) and a pager; it does not run yet. False: no memory. */
bool thread_activate(struct thread *t, word_t pager);
/*
 * Move t to another space, where its UTCB place must be free and, if it is active,
 * valid.  A pending IPC is aborted, the UTCB's contents go along; the space that
 * it leaves goes with its last thread.  False: no memory, nothing has changed.
 */
bool thread_migrate(struct thread *t, struct space *to);
/* Its home is processor n from now on. */
void thread_move(struct thread *t, unsigned n);
/*
 * Deletes t, waking everybody who waits for it with an error; frees its space if it was
 * the last.  False: not done yet, an interrupt waits: call it again.
 */
bool thread_delete(struct thread *t);
/* What the space decides of t: page table, domain. */
void thread_bind(struct thread *t);
/* Whatever t was about to go on with in the kernel, it does not (its IPC has been aborted). */
void thread_end_work(struct thread *t);

#endif
