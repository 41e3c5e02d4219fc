/* SPDX-License-Identifier: BSD-2-Clause */
/* Five threads in two spaces. */
#ifndef IPC_FIXTURE_H
#define IPC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/domain.h"
#include "core/fpage.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "fake.h"
#include "mapping.h"
#include "threads.h"

#define UTCBS     0x10000000UL
#define NEVER     0
#define ZERO      L4_TIME_ZERO
#define SEND_ZERO ((word_t)ZERO << 16)

static struct thread *t[6];
static struct space *a, *b;

static inline struct space *make_space(word_t utcbs, word_t size)
{
    struct space *s = space_create(&accounts[1]);

    assert_non_null(s);
    s->pt_root = pt_create(s->account, true);
    s->table = virt_to_phys(s->pt_root).v;
    s->reach = domain_reach(1);
    s->utcb_base = utcbs;
    s->utcb_size = size;
    s->initialised = true;
    return s;
}

static inline struct thread *make_thread(unsigned number, struct space *s)
{
    struct thread *th = thread_create(id_make(number, 1), s, id_make(40, 1));

    assert_non_null(th);
    th->utcb_addr = s->utcb_base + number * UTCB_SIZE + UTCB_MR0_BYTES;
    assert_true(thread_activate(th, id_make(99, 1)));
    ipc_abort(th, IPC_CANCELLED); /* out of the wait for the start message */
    return th;
}

static inline void delete (unsigned n)
{
    while (t[n] && !thread_delete(t[n]))
        ;
    t[n] = NULL;
}

static inline void start_kernel(void)
{
    fake_init(16 << 20);
    system_base = 8;
    user_base = 20;
    pt_init();
    domain_init();
    thread_table_init();
    sched_init(this_cpu());
    mapdb_init();
}

static inline void setup(void)
{
    static bool done;

    if (!done)
        start_kernel();
    done = true;
    for (unsigned i = 1; i < 6; i++)
        delete (i);
    fake_interrupt_in = fake_interrupt_again = 0;
    a = make_space(UTCBS, 0x10000);
    b = make_space(UTCBS, 0x10000);
    for (unsigned i = 1; i < 6; i++)
        t[i] = make_thread(40 + i, i < 4 ? a : b); /* 1 2 3 in a, 4 5 in b */
}

/* The others yield until it is n's turn. */
static inline void run(unsigned n)
{
    for (unsigned i = 0; fake_run() != t[n]; i++) {
        assert_true(i < 1000 && this_cpu()->current != this_cpu()->idle);
        sched_yield();
    }
}

/* Time passes; the alarm rings if it is set for then, or for a time that is over. */
static inline struct thread *pass(u64 us)
{
    struct thread *now = fake_run();

    fake_now += us;
    for (unsigned i = 0; this_cpu()->alarm <= fake_now; i++) {
        assert_true(i < 4);
        this_cpu()->alarm = TIME_NEVER;
        this_cpu()->todo |= TODO_TIMER;
        now = fake_run();
    }
    return now;
}

static inline word_t *mr(unsigned n)
{
    return utcb_mr(t[n]->utcb);
}

static inline void ipc(unsigned n, word_t to, word_t from, word_t timeouts)
{
    run(n);
    fake_ipc(t[n], to, from, timeouts);
}

static inline word_t from_of(unsigned n)
{
    return t[n]->frame.si;
}

#endif
