/* SPDX-License-Identifier: BSD-2-Clause */
/* Five threads in two spaces, and what the core calls that is not under test. */
#ifndef IPC_FIXTURE_H
#define IPC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"
#include "core/arch.h"
#include "core/fpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "fake.h"
#include "mapping.h"
#include "virt/virt.h"

#define UTCBS     0x10000000UL
#define NEVER     0
#define ZERO      0x0400
#define SEND_ZERO ((word_t)ZERO << 16)

static struct thread *t[6];
static struct space *a, *b;
static word_t result_from[64];
static unsigned results, unmasked;

/* ---- what the core calls ---- */

void arch_ipc_result(struct thread *th, word_t from)
{
    result_from[id_number(th->id) & 63] = from;
    results++;
}

void arch_frame_init(struct arch_frame *f)
{
    (void)f;
}

void arch_exc_store(const struct thread *th, word_t *mr)
{
    (void)th;
    memset(mr, 0, EXC_WORDS * sizeof(*mr));
}

void arch_exc_load(struct thread *th, const word_t *mr, unsigned count)
{
    if (count > 0)
        th->frame.ip = mr[0];
}

void arch_irq_unmask(unsigned irq)
{
    (void)irq;
    unmasked++;
}

u64 arch_us_to_tsc(u64 us)
{
    return us;
}

u64 api_system_clock(void)
{
    return fake_now;
}

void fpu_area_free(struct account *acc, void *area)
{
    (void)acc;
    (void)area;
}

bool fpu_area_move(struct account *from, struct account *to)
{
    (void)from;
    (void)to;
    return true;
}

void vcpu_destroy(struct thread *th)
{
    (void)th;
}

/* ---- set-up ---- */

static struct space *make_space(word_t utcbs)
{
    struct space *s = space_create(&accounts[1]);

    s->pt_root = pt_create(s->account, true);
    s->utcb_base = utcbs;
    s->utcb_size = 0x10000;
    s->initialised = true;
    return s;
}

static struct thread *make_thread(unsigned number, struct space *s)
{
    struct thread *th = thread_create(id_make(number, 1), s, id_make(40, 1));

    th->utcb_addr = s->utcb_base + number * UTCB_SIZE + UTCB_MR0_BYTES;
    assert_true(thread_activate(th, id_make(99, 1)));
    ipc_abort(th, IPC_CANCELLED); /* out of the wait for the start message */
    return th;
}

static void setup(void)
{
    static bool done;

    system_base = 8;
    user_base = 20;
    if (!done) {
        fake_init(16 << 20);
        mapdb_init();
        sched_init();
        done = true;
    } else {
        for (unsigned i = 1; i < 6; i++)
            if (t[i])
                thread_delete(t[i]);
    }
    a = make_space(UTCBS);
    b = make_space(UTCBS);
    for (unsigned i = 1; i < 6; i++)
        t[i] = make_thread(40 + i, i < 4 ? a : b); /* 1 2 3 in a, 4 5 in b */
    results = 0;
}

static void run(unsigned n)
{
    while (sched_choose() != t[n]) {
        assert_ptr_not_equal(boot_cpu.current, boot_cpu.idle);
        sched_yield();
    }
}

static word_t *mr(unsigned n)
{
    return utcb_mr(t[n]->utcb);
}

static void ipc(unsigned n, word_t to, word_t from, word_t timeouts)
{
    run(n);
    ipc_start(t[n], to, from, timeouts);
}

static word_t from_of(unsigned n)
{
    return result_from[id_number(t[n]->id) & 63];
}

#endif
