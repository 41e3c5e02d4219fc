/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that asks the monitor for what it must refuse, and for what it
 * must grant.  It ends well if every answer was right.  It expects a quota of four
 * threads and the priority 100.
 */
#include <stdint.h>

#include <marzipan/native.h>

#define NUMBER(n) ((L4_Word_t)(n) << L4_VERSION_BITS) /* of a thread id */
#define HUGE      (1UL << L4_WORD_BITS / 2)

static unsigned failures;

int main(void);

static void check(const char *what, long got, long expected)
{
    if (got == expected)
        return;
    failures++;
    native_print("FAIL %s: %ld, expected %ld\n", what, got, expected);
}

static long call1(L4_Word_t op, L4_Word_t a)
{
    L4_Word_t w[8] = {a};

    return native_call(op, 1, w);
}

static long call2(L4_Word_t op, L4_Word_t a, L4_Word_t b)
{
    L4_Word_t w[8] = {a, b};

    return native_call(op, 2, w);
}

static long call3(L4_Word_t op, L4_Word_t a, L4_Word_t b, L4_Word_t c, L4_Word_t *result)
{
    L4_Word_t w[8] = {a, b, c};
    long error = native_call(op, 3, w);

    if (result)
        *result = w[0];
    return error;
}

static void test_form(void)
{
    L4_Word_t w[63] = {0};

    check("operation 0", native_call(0, 0, w), MZ_ERR_BAD_MESSAGE);
    check("operation behind the last", native_call(MZ_OP_LAST, 0, w), MZ_ERR_BAD_MESSAGE);
    check("a huge operation", native_call(1UL << (L4_LABEL_BITS - 2), 0, w),
          L4_WORD_BITS == 64 ? MZ_ERR_BAD_MESSAGE : MZ_ERR_NO_INTERFACE);
    check("flush with a word", native_call(MZ_OP_CONSOLE_FLUSH, 1, w), MZ_ERR_BAD_MESSAGE);
    check("stats with 63 words", native_call(MZ_OP_STATS, 63, w), MZ_ERR_BAD_MESSAGE);
    check("exit without detail", native_call(MZ_OP_EXIT, 1, w), MZ_ERR_BAD_MESSAGE);
    check("exit of kind 0", call2(MZ_OP_EXIT, 0, 0), MZ_ERR_BAD_ARG);
    check("exit of a huge kind", call2(MZ_OP_EXIT, HUGE + 1, 0), MZ_ERR_BAD_ARG);
    check("log of level 4", call1(MZ_OP_LOG, 4), MZ_ERR_BAD_ARG);
    check("power off", call1(MZ_OP_POWEROFF, 0), MZ_ERR_DENIED);
    check("space with flags", call1(MZ_OP_SPACE_CREATE, 1), MZ_ERR_BAD_ARG);
}

/* A mapping sent along: the monitor has no window for it. */
static void test_mapping(void)
{
    L4_ThreadId_t monitor = {.raw = native_boot()->monitor};
    L4_Fpage_t page = L4_Fpage(MZ_VMM_BOOT, 4096);
    L4_MapItem_t item;

    L4_Set_Rights(&page, L4_Readable);
    item = L4_MapItem(page, 0);
    L4_Set_MsgTag(L4_MakeTag(MZ_OP_STATS, 0, 2));
    L4_LoadMR(1, item.raw[0]);
    L4_LoadMR(2, item.raw[1]);
    check("a mapping for the monitor", L4_IpcFailed(L4_Call(monitor)) != 0, 1);
}

static void test_ids(void)
{
    const L4_Word_t own = L4_Myself().raw, monitor = native_boot()->monitor;
    const L4_Word_t ids[] = {0,
                             ~0UL,
                             1,
                             monitor,
                             own + 64,
                             own ^ NUMBER(2),
                             own + NUMBER(64),
                             own - NUMBER(1),
                             own + NUMBER(1),
                             own + NUMBER(63),
                             L4_MyLocalId().raw};

    for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        check("delete a foreign thread", call1(MZ_OP_THREAD_DELETE, ids[i]), MZ_ERR_BAD_ID);
        check("priority of a foreign thread", call2(MZ_OP_THREAD_PRIO, ids[i], 1), MZ_ERR_BAD_ID);
        check("delete a foreign space", call1(MZ_OP_SPACE_DELETE, ids[i]), MZ_ERR_BAD_ID);
    }
    check("delete oneself", call1(MZ_OP_THREAD_DELETE, own), MZ_ERR_DENIED);
    check("delete one's thread as a space", call1(MZ_OP_SPACE_DELETE, own), MZ_ERR_BAD_ID);
    check("a priority above one's own", call2(MZ_OP_THREAD_PRIO, own, 101), MZ_ERR_BAD_ARG);
    check("a huge priority", call2(MZ_OP_THREAD_PRIO, own, HUGE), MZ_ERR_BAD_ARG);
    check("a priority of one's own", call2(MZ_OP_THREAD_PRIO, own, 100), MZ_OK);
}

static uint8_t stacks[4][4096];
static volatile unsigned ran;

static void second_thread(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    ran++;
    for (;;)
        L4_Sleep(L4_Never);
}

static long create(unsigned index, L4_Word_t *id)
{
    /* As if the function had been called: the stack is 8 off a multiple of 16. */
    return call3(MZ_OP_THREAD_CREATE, index, (L4_Word_t)second_thread,
                 (L4_Word_t)stacks[index % 4] + sizeof(stacks[0]) - 8, id);
}

static void test_threads(void)
{
    L4_Word_t id[3], space;

    check("thread 0", create(0, NULL), MZ_ERR_BAD_ARG);
    check("thread 32", create(32, NULL), MZ_ERR_BAD_ARG);
    check("thread at a kernel address", call3(MZ_OP_THREAD_CREATE, 1, ~0UL, 0, NULL),
          MZ_ERR_BAD_ARG);
    check("thread 1", create(1, &id[0]), MZ_OK);
    check("thread 1 again", create(1, NULL), MZ_ERR_BAD_ARG);
    check("thread 31", create(31, &id[1]), MZ_OK);
    check("thread 2", create(2, &id[2]), MZ_OK);
    check("a thread too many", create(3, NULL), MZ_ERR_QUOTA);
    check("a space too many", call1(MZ_OP_SPACE_CREATE, 0), MZ_ERR_QUOTA);
    L4_Sleep(L4_TimePeriod(20000));
    check("threads that ran", ran, 3);
    for (unsigned i = 0; i < 3; i++)
        check("delete a thread", call1(MZ_OP_THREAD_DELETE, id[i]), MZ_OK);
    check("delete a thread twice", call1(MZ_OP_THREAD_DELETE, id[0]), MZ_ERR_BAD_ID);

    L4_Word_t w[8] = {0};

    check("a space", native_call(MZ_OP_SPACE_CREATE, 1, w), MZ_OK);
    space = w[0];
    check("delete a space as a thread", call1(MZ_OP_THREAD_DELETE, space), MZ_ERR_BAD_ID);
    check("delete a space", call1(MZ_OP_SPACE_DELETE, space), MZ_OK);
    check("delete a space twice", call1(MZ_OP_SPACE_DELETE, space), MZ_ERR_BAD_ID);
}

/* A ring whose counter is nonsense must not hurt the monitor. */
static void test_ring(void)
{
    native_rings()->out_head += 0x12345678;
    check("a wild ring", native_call(MZ_OP_CONSOLE_FLUSH, 0, NULL), MZ_OK);
    check("the ring after it", native_rings()->out_tail, native_rings()->out_head);
}

static void test_stats(void)
{
    L4_Word_t w[8] = {0};
    volatile uint8_t *heap = (uint8_t *)MZ_VMM_HEAP;
    L4_Word_t before;

    check("stats", native_call(MZ_OP_STATS, 0, w), MZ_OK);
    before = w[0];
    check("threads in use", (long)w[4], 1);
    check("limit of threads", (long)w[5], 4);
    heap[0] = 1;
    heap[native_boot()->ram_size - 1] = 1;
    check("stats", native_call(MZ_OP_STATS, 0, w), MZ_OK);
    check("two pages of heap", (long)(w[0] - before), 2 * 4096);
}

int main(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    test_form();
    test_mapping();
    test_ids();
    test_threads();
    test_ring();
    test_stats();
    if (failures)
        native_exit(MZ_EXIT_INTERNAL, failures, "with wrong answers");
    native_print("all answers were right\n");
    native_exit(MZ_EXIT_POWEROFF, 0, "");
}
