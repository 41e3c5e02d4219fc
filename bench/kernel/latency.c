/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How late a thread of high priority runs while one of low priority has the kernel do
 * something long: the worst of many samples, from the moment for which the thread
 * had asked until it executes user code again, its way through the kernel included.
 */
#include "kbench.h"

#define PERIOD_US   23 /* about that many thousand instructions: other phases all the time */
#define THREADS     10000u
#define FORGOTTEN   50
#define STRING_LOG2 22
#define PLAY        0x80000000ul

static volatile uint64_t worst, samples;
static volatile bool sampling;

static void sampler(void)
{
    const L4_Time_t period = L4_TimePeriod(PERIOD_US);
    const uint64_t ticks = PERIOD_US * (L4_Almond()->tsc_khz / 1000);
    uint64_t begin, late;

    for (;;) {
        begin = now();
        L4_Sleep(period);
        late = now() - begin - ticks;
        if (sampling) {
            samples++;
            if (late > worst)
                worst = late;
        }
    }
}

/* Does fn in a thread of low priority while samples are taken. */
static void (*volatile task)(void);

static void worker(void)
{
    L4_ThreadId_t from;

    L4_Wait(&from);
    for (;;) {
        sampling = true;
        task();
        sampling = false;
        L4_Set_MsgTag(L4_Niltag);
        L4_Call(me);
    }
}

static L4_ThreadId_t work_thread, sample_thread;

static uint64_t worst_during(const char *name, void (*fn)(void))
{
    char line[64];

    worst = samples = 0;
    task = fn;
    L4_Set_MsgTag(L4_Niltag);
    L4_Call(work_thread);
    if (samples < 20)
        fail("too few samples");
    snprintf(line, sizeof(line), "latency_%s", name);
    report(line, worst);
    return worst;
}

/* ---- unmapping one page from many places ---- */

static struct spread many;

static void unmap_many(void)
{
    L4_UnmapFpage(many.page);
}

/* Without the right to write only: nothing is removed. */
static void protect_many(void)
{
    L4_UnmapFpage(L4_FpageAddRights(L4_FpageLog2(L4_Address(many.page), 12), L4_Writable));
}

static uint64_t bench_unmap(void)
{
    uint64_t late, late_2;

    many = spread_begin();
    late_2 = worst_during("protect", protect_many);
    late = worst_during("unmap", unmap_many);
    spread_end(&many);
    return late > late_2 ? late : late_2;
}

/* ---- deleting a space with many threads ---- */

static L4_ThreadId_t first;

static void delete_many(void)
{
    L4_Word_t number = L4_ThreadNo(first);

    for (unsigned i = 0; i < THREADS; i++)
        kill(L4_GlobalId(number + i, 1));
}

static uint64_t bench_delete(void)
{
    first = make_space(0);
    for (unsigned i = 1; i < THREADS; i++)
        make_beside(first, i);
    return worst_during("delete", delete_many);
}

/* ---- deleting threads for which somebody may wait, among many numbers without threads ---- */

static void forget_many(void)
{
    L4_ThreadId_t t;

    for (unsigned i = 0; i < FORGOTTEN; i++) {
        t = make_local();
        L4_Receive_Timeout(t, L4_TimePeriod(1));
        kill(t);
    }
}

/* ---- a long string ---- */

static L4_ThreadId_t sink;

static void receive_string(void)
{
    L4_StringItem_t item = L4_StringItem((1ul << STRING_LOG2) - 1, (void *)PLAY);
    L4_MsgBuffer_t buffer;
    L4_ThreadId_t from;

    L4_Receive(me);
    for (L4_Word_t i = 0; i < 1ul << STRING_LOG2; i += 4096)
        *(volatile char *)(PLAY + i) = 0;
    L4_MsgBufferClear(&buffer);
    L4_MsgBufferAppendSimpleRcvString(&buffer, item);
    for (;;) {
        L4_AcceptStrings(L4_StringItemsAcceptor, &buffer);
        L4_Wait(&from);
    }
}

static L4_Word_t text;

static void send_string(void)
{
    L4_StringItem_t item = L4_StringItem((1ul << STRING_LOG2) - 1, (void *)text);

    L4_LoadMR(1, item.raw[0]);
    L4_LoadMR(2, item.raw[1]);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    if (L4_IpcFailed(L4_Send(sink)))
        fail("a string");
}

/* Pages for the receiver, one to one with the text's behind them. */
static void string_pager(void)
{
    L4_ThreadId_t from;
    L4_Word_t at;
    L4_MapItem_t item;

    L4_Wait(&from);
    for (;;) {
        at = L4_MR(1) & ~0xffful;
        item =
            L4_MapItem(L4_FpageAddRights(L4_FpageLog2(at - PLAY + text + (1ul << STRING_LOG2), 12),
                                         L4_FullyAccessible),
                       at);
        L4_LoadMRs(1, 2, item.raw);
        L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
        L4_ReplyWait(from, &from);
    }
}

static uint64_t bench_string(void)
{
    L4_ThreadId_t p = make_local();
    uint64_t late;

    text = get_memory(STRING_LOG2 + 1);
    for (L4_Word_t i = 0; i < 2ul << STRING_LOG2; i += 4096)
        *(volatile char *)(text + i) = 1;
    sink = make_space(0);
    start(p, string_pager);
    start(sink, receive_string);
    serve(sink);
    L4_Set_PagerOf(sink, p);
    L4_Set_MsgTag(L4_Niltag);
    L4_Send(sink);
    L4_Sleep(L4_TimePeriod(100000));
    late = worst_during("string", send_string);
    kill(sink);
    kill(p);
    return late;
}

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void bench_latency(void)
{
    uint64_t all;

    work_thread = make_local();
    sample_thread = make_local();
    start(sample_thread, sampler);
    L4_Set_Priority(sample_thread, 200);
    start(work_thread, worker);
    all = bench_unmap();
    all = max(all, bench_delete());
    all = max(all, worst_during("forget", forget_many));
    all = max(all, bench_string());
    report("worst_preemption_latency", all);
    kill(work_thread);
    kill(sample_thread);
}
