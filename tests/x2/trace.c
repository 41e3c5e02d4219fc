/* SPDX-License-Identifier: BSD-2-Clause */
/* TraceControl: what has happened, in order. */
#include "guest.h"
#include "x2.h"

#define LOG2 10

static L4_Word_t next_event[32]; /* of each processor: what has been looked at */

/* Everything that happens from now on, of these types. */
static bool begin(L4_Word_t types)
{
    memset(next_event, 0, sizeof(next_event));
    return L4_TraceSize(LOG2) && L4_TraceStart(types);
}

static bool end(void)
{
    return L4_TraceSize(0);
}

/* A processor's next events; the message registers, if any are left, are passed by. */
static unsigned fetch(L4_Word_t cpu, struct l4_trace_event e[64])
{
    L4_Word_t n = L4_TraceRead(cpu, &next_event[cpu]);

    if (n == ~0ul)
        return 0;
    L4_StoreMRs(0, (int)(n * sizeof(*e) / sizeof(L4_Word_t)), (L4_Word_t *)e);
    next_event[cpu] += n;
    return (unsigned)n;
}

bool find_event(L4_ThreadId_t t, enum l4_trace_type type, L4_Word_t a, L4_Word_t b)
{
    static struct l4_trace_event e[64];
    unsigned n;

    memset(next_event, 0, sizeof(next_event));
    for (L4_Word_t cpu = 0; cpu < processor_count(); cpu++)
        while ((n = fetch(cpu, e)) > 0)
            for (unsigned i = 0; i < n; i++)
                if (e[i].type == type && e[i].thread == L4_ThreadNo(t) && e[i].cpu == cpu &&
                    (a == ~0ul || e[i].arg[0] == a) && (b == ~0ul || e[i].arg[1] == b))
                    return true;
    return false;
}

static L4_Word_t do_size(L4_Word_t log2, L4_Word_t b)
{
    return L4_TraceSize((unsigned)log2) | L4_TraceStart(b);
}

static L4_Word_t do_trace_read(L4_Word_t cpu, L4_Word_t from)
{
    return L4_TraceRead(cpu, &from);
}

static L4_Word_t do_say(L4_Word_t a, L4_Word_t b)
{
    return L4_TraceWrite(a, b);
}

CHECK_ALMOND(trace_refused, "almond", "TraceControl: who may, and what is wrong")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r, from = 0;

    EXPECT(L4_Almond()->features & L4_ALMOND_F_TRACE);
    EXPECT(ask(t, do_size, LOG2, 1, &r));
    EXPECT_EQUAL(r, 0);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    EXPECT(ask(t, do_trace_read, 0, 0, &r));
    EXPECT_EQUAL(r, ~0ul);
    EXPECT_EQUAL(agent_error, L4_ErrNoPrivilege);
    EXPECT_EQUAL(L4_TraceSize(L4_TRACE_MIN_LOG2 - 1), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    EXPECT_EQUAL(L4_TraceSize(L4_TRACE_MAX_LOG2 + 1), 0);
    EXPECT_EQUAL(L4_TraceSize(64), 0);
    EXPECT_EQUAL(L4_TraceStart(L4_TRACE_ALL + 1), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    EXPECT_EQUAL(L4_TraceRead(processor_count(), &from), ~0ul);
    EXPECT_EQUAL(l4_trace_control(99, 0, &from), 0);
    EXPECT(L4_TraceStart(L4_TRACE_ALL)); /* without room for any */
    EXPECT_EQUAL(L4_TraceWrite(1, 2), 0);
    EXPECT_EQUAL(L4_TraceRead(0, &from), 0);
    return PASS;
}

CHECK_ALMOND(trace_user, "almond", "a trace of what programs say")
{
    struct l4_trace_event e[64];

    EXPECT(begin(1u << L4_TRACE_USER));
    for (L4_Word_t i = 0; i < 5; i++)
        EXPECT_EQUAL(L4_TraceWrite(i, ~i), 1);
    EXPECT_EQUAL(fetch(0, e), 5);
    for (unsigned i = 0; i < 5; i++) {
        EXPECT_EQUAL(e[i].type, L4_TRACE_USER);
        EXPECT_EQUAL(e[i].thread, L4_ThreadNo(me));
        EXPECT_EQUAL(e[i].arg[0], i);
        EXPECT_EQUAL(e[i].arg[1], ~(L4_Word_t)i);
        EXPECT(i == 0 || e[i].tsc > e[i - 1].tsc);
    }
    EXPECT_EQUAL(fetch(0, e), 0);
    EXPECT(L4_TraceStart(0));
    EXPECT_EQUAL(L4_TraceWrite(1, 2), 0);
    EXPECT_EQUAL(fetch(0, e), 0);
    return end() ? PASS : FAIL;
}

CHECK_ALMOND_SPREAD(trace_kernel, "almond", "a trace of what the kernel does")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r, here = L4_ThreadNo(me);
    struct fault f;

    EXPECT(begin(L4_TRACE_ALL));
    EXPECT(ask(t, do_nothing, 0, 0, &r));
    EXPECT(ask(t, do_say, 0x1234, 0x5678, &r));
    EXPECT_EQUAL(r, 1);
    EXPECT(ask_fault(t, do_read, 0x60000000, 0, &f));
    EXPECT(L4_TraceStart(0));
    EXPECT(find_event(me, L4_TRACE_IPC, L4_ThreadNo(t), ~0ul));
    EXPECT(find_event(t, L4_TRACE_IPC, here, ~0ul));
    EXPECT(find_event(t, L4_TRACE_CALL, ~0ul, ~0ul));
    EXPECT(find_event(t, L4_TRACE_USER, 0x1234, 0x5678));
    EXPECT(find_event(t, L4_TRACE_PAGE_FAULT, 0x60000000, ~0ul));
    EXPECT(find_event(t, L4_TRACE_IPC, here, f.tag.raw));
    EXPECT(find_event(t, L4_TRACE_SWITCH, ~0ul, ~0ul));
    return end() ? PASS : FAIL;
}

CHECK_ALMOND(trace_full, "almond", "a full trace keeps the last events")
{
    struct l4_trace_event e[64];
    L4_Word_t size = 1ul << L4_TRACE_MIN_LOG2, total = size + 50, expected = 50;
    unsigned n;

    EXPECT(L4_TraceSize(L4_TRACE_MIN_LOG2));
    EXPECT(L4_TraceStart(1u << L4_TRACE_USER));
    for (L4_Word_t i = 0; i < total; i++)
        EXPECT_EQUAL(L4_TraceWrite(i, 0), 1);
    EXPECT(L4_TraceStart(0));
    next_event[0] = 0;
    while ((n = fetch(0, e)) > 0) {
        EXPECT(next_event[0] - n >= 50);
        if (expected == 50)
            expected = next_event[0] - n; /* the oldest one might be overwritten right now */
        for (unsigned i = 0; i < n; i++)
            EXPECT_EQUAL(e[i].arg[0], expected++);
    }
    EXPECT_EQUAL(expected, total);
    next_event[0] = total + 1; /* nothing has come so far: all that there is */
    n = fetch(0, e);
    EXPECT(n > 0 && e[0].arg[0] >= 50);
    EXPECT_EQUAL(next_event[0], e[0].arg[0] + n);
    return end() ? PASS : FAIL;
}

#define LARGE_TRACE_LOG2 12 /* several pages; 32 processors have room for it */

CHECK_ALMOND(trace_memory, "almond", "a trace's memory comes back")
{
    L4_Word_t limit, before = L4_KmemControl(0, ~0ul, &limit);
    const L4_Word_t each = sizeof(struct l4_trace_event) << LARGE_TRACE_LOG2;

    for (unsigned log2 = L4_TRACE_MIN_LOG2; log2 <= LARGE_TRACE_LOG2; log2++)
        EXPECT(L4_TraceSize(log2));
    EXPECT(L4_KmemControl(0, ~0ul, &limit) >= before + each * processor_count());
    EXPECT(L4_TraceSize(0));
    EXPECT_EQUAL(L4_KmemControl(0, ~0ul, &limit), before);
    return PASS;
}

/* ---- pairs of threads on their own processors ---- */

#define ROUNDS 100

static volatile L4_Word_t *const partner = &shared[0], *const done = &shared[2];
static volatile L4_Word_t *const go = &shared[4];

static void serve(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;) {
        L4_Set_MsgTag(L4_Niltag);
        L4_ReplyWait(from, &from);
    }
}

static void wait_for(L4_Word_t value)
{
    while (*go != value)
        L4_Yield();
}

static void call(unsigned n)
{
    wait_for(1);
    for (unsigned i = 0; i < ROUNDS; i++) {
        L4_Set_MsgTag(L4_Niltag);
        L4_Call((L4_ThreadId_t){.raw = partner[n]});
    }
    done[n] = 1;
    wait_for(2);
    finish();
}

static void call_0(void)
{
    call(0);
}

static void call_1(void)
{
    call(1);
}

/* How many events of this type say so of t, on this processor? */
static unsigned count(L4_ThreadId_t t, enum l4_trace_type type, L4_Word_t cpu)
{
    struct l4_trace_event e[64];
    unsigned sum = 0, n;

    memset(next_event, 0, sizeof(next_event));
    while ((n = fetch(cpu, e)) > 0)
        for (unsigned i = 0; i < n; i++)
            sum += e[i].type == type && e[i].thread == L4_ThreadNo(t);
    return sum;
}

CHECK_ALMOND_SEVERAL(trace_pairs, "almond",
                     "pairs of threads on two processors do without each other")
{
    L4_ThreadId_t t[4];

    for (L4_Word_t n = 0; n < 2; n++) {
        t[n] = spawn_remote_on(n, n ? call_1 : call_0);
        t[2 + n] = spawn_on(n, serve);
        partner[n] = t[2 + n].raw;
    }
    settle();
    EXPECT(begin(1u << L4_TRACE_IPC | 1u << L4_TRACE_OWN));
    *go = 1;
    AWAIT(done[0] && done[1]);
    EXPECT(L4_TraceStart(0));
    *go = 2;
    for (L4_Word_t n = 0; n < 4; n++) {
        EXPECT_EQUAL(count(t[n], L4_TRACE_IPC, n % 2), ROUNDS);
        EXPECT_EQUAL(count(t[n], L4_TRACE_IPC, 1 - n % 2), 0);
        EXPECT_EQUAL(count(t[n], L4_TRACE_OWN, n % 2), 0);
    }
    EXPECT(count(me, L4_TRACE_OWN, 0) > 0); /* the end of the trace is everybody's */
    return end() ? PASS : FAIL;
}

CHECK_ALMOND(trace_guest, "almond", "a trace of a guest's exits")
{
    struct l4_vcpu_state *s = guest_state(0);

    EXPECT(guest_begin(0, new_space(), guest_registers));
    EXPECT(begin(1u << L4_TRACE_VCPU_EXIT));
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    EXPECT(find_event(me, L4_TRACE_VCPU_EXIT, L4_EXIT_INT, (L4_Word_t)s->rip - s->exit_len));
    guest_end();
    return end() ? PASS : FAIL;
}
