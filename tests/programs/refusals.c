/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that asks the monitor for what it must refuse, and for what it
 * must grant.  It ends well if every answer was right.  It expects a quota of four
 * threads and the priority 100.
 */
#include <stdint.h>

#include <marzipan/console.h>
#include <marzipan/log.h>
#include <marzipan/machine.h>
#include <marzipan/operator.h>
#include <marzipan/task.h>

#include "check.h"
#include "raw.h"

#define NUMBER(n) ((L4_Word_t)(n) << L4_VERSION_BITS) /* of a thread id */

int main(void);

/* The form of messages, which the dispatchers check: tests/unit/idl has more of it. */
static void test_form(void)
{
    L4_Word_t w[63] = {0};

    check("label 0", raw_call(0, 0, w), MZ_ERR_NO_INTERFACE);
    check("an interface that is none", raw_call(MZ_LABEL(60, 1, 0), 0, w), MZ_ERR_NO_INTERFACE);
    check("a huge label", raw_call(1UL << (L4_LABEL_BITS - 2), 0, w), MZ_ERR_NO_INTERFACE);
    check("another version", raw_call(MZ_LABEL(MZ_INTERFACE_TASK, 2, 0), 3, w), MZ_ERR_VERSION);
    check("an operation behind the last", raw_call(MZ_LABEL(MZ_INTERFACE_TASK, 1, 40), 0, w),
          MZ_ERR_NO_OPERATION);
    check("flush with a word", raw_call(MZ_LABEL_CONSOLE_FLUSH, 1, w), MZ_ERR_BAD_MESSAGE);
    check("usage with 63 words", raw_call(MZ_LABEL_TASK_OWN_USAGE, 63, w), MZ_ERR_BAD_MESSAGE);
    check("exit without detail", raw_call(MZ_LABEL_EXIT_NOW, 1, w), MZ_ERR_BAD_MESSAGE);
    w[0] = 60;
    check("exit of an unknown cause", raw_call(MZ_LABEL_EXIT_NOW, 2 + MZ_LONG, w),
          MZ_ERR_BAD_VALUE);
    w[0] = MZ_LOG_DEBUG + 1;
    check("log of level 4", raw_call(MZ_LABEL_LOG_WRITE, 2, w), MZ_ERR_BAD_VALUE);
    w[0] = 0;
    w[1] = 201;
    check("a log line that is too long", raw_call(MZ_LABEL_LOG_WRITE, 53, w), MZ_ERR_BAD_VALUE);
    check("power off", mz_machine_power_off(native_monitor(), 0), MZ_ERR_DENIED);
}

/* What is the operator's shell's alone, whatever the message is like. */
static void test_operator(void)
{
    struct mz_operator_row row;
    L4_Word_t w[63] = {0};
    uint32_t events;

    check("a row", mz_operator_next(native_monitor(), 0, &row), MZ_ERR_DENIED);
    check("focus", mz_operator_focus(native_monitor(), "asks"), MZ_ERR_DENIED);
    check("the keys", mz_operator_leave(native_monitor()), MZ_ERR_DENIED);
    check("the log", mz_operator_set_log_level(native_monitor(), "error"), MZ_ERR_DENIED);
    check("the trace", mz_operator_dump_trace(native_monitor(), &events), MZ_ERR_DENIED);
    for (unsigned operation = 0; operation < 64; operation++) {
        for (unsigned words = 0; words < 3; words++)
            check("operator", raw_call(MZ_LABEL(MZ_INTERFACE_OPERATOR, 1, operation), words, w),
                  MZ_ERR_DENIED);
    }
}

/* A mapping sent along: the monitor has no window for it. */
static void test_mapping(void)
{
    L4_ThreadId_t monitor = {.raw = native_boot()->monitor};
    L4_Fpage_t page = L4_Fpage(MZ_VMM_BOOT, 4096);
    L4_MapItem_t item;

    L4_Set_Rights(&page, L4_Readable);
    item = L4_MapItem(page, 0);
    L4_Set_MsgTag(L4_MakeTag(MZ_LABEL_TASK_OWN_USAGE, 0, 2));
    L4_LoadMR(1, item.raw[0]);
    L4_LoadMR(2, item.raw[1]);
    expect("a mapping for the monitor", L4_IpcFailed(L4_Call(monitor)) != 0);
}

/* What is no id at all is refused by the dispatcher, all others by the monitor. */
static bool refused(enum mz_error error)
{
    return error == MZ_ERR_BAD_ID || error == MZ_ERR_BAD_VALUE;
}

static void test_ids(void)
{
    const L4_ThreadId_t monitor = native_monitor();
    const L4_Word_t own = L4_Myself().raw;
    const L4_Word_t ids[] = {0,
                             ~0UL,
                             1,
                             monitor.raw,
                             own + 64,
                             own ^ NUMBER(2),
                             own + NUMBER(64),
                             own - NUMBER(1),
                             own + NUMBER(1),
                             own + NUMBER(63),
                             L4_MyLocalId().raw};

    for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        L4_ThreadId_t t = {.raw = ids[i]};

        expect("delete a foreign thread", refused(mz_task_delete_thread(monitor, t)));
        expect("priority of a foreign thread", refused(mz_task_set_priority(monitor, t, 1)));
        expect("delete a foreign space", refused(mz_task_delete_space(monitor, t)));
    }
    check("delete oneself", mz_task_delete_thread(monitor, L4_Myself()), MZ_ERR_DENIED);
    check("delete one's thread as a space", mz_task_delete_space(monitor, L4_Myself()),
          MZ_ERR_BAD_ID);
    check("a priority above one's own", mz_task_set_priority(monitor, L4_Myself(), 101),
          MZ_ERR_BAD_ARG);
    check("a huge priority", mz_task_set_priority(monitor, L4_Myself(), ~0u), MZ_ERR_BAD_ARG);
    check("a priority of one's own", mz_task_set_priority(monitor, L4_Myself(), 100), MZ_OK);
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

static enum mz_error create(unsigned index, L4_ThreadId_t *id)
{
    /* As if the function had been called: the stack is 8 off a multiple of 16. */
    return mz_task_create_thread(native_monitor(), index, (L4_Word_t)second_thread,
                                 (L4_Word_t)stacks[index % 4] + sizeof(stacks[0]) - 8, id);
}

static void test_threads(void)
{
    const L4_ThreadId_t monitor = native_monitor();
    L4_ThreadId_t id[3], space, none;

    check("thread 0", create(0, &none), MZ_ERR_BAD_ARG);
    check("thread 32", create(32, &none), MZ_ERR_BAD_ARG);
    check("thread at a kernel address", mz_task_create_thread(monitor, 1, ~0UL, 0, &none),
          MZ_ERR_BAD_ARG);
    check("thread 1", create(1, &id[0]), MZ_OK);
    check("thread 1 again", create(1, &none), MZ_ERR_BAD_ARG);
    check("thread 31", create(31, &id[1]), MZ_OK);
    check("thread 2", create(2, &id[2]), MZ_OK);
    check("a thread too many", create(3, &none), MZ_ERR_QUOTA);
    check("a space too many", mz_task_create_space(monitor, &space), MZ_ERR_QUOTA);
    for (unsigned i = 0; i < 1000 && ran != 3; i++)
        L4_Sleep(L4_TimePeriod(20000));
    check_number("threads that ran", ran, 3);
    for (unsigned i = 0; i < 3; i++)
        check("delete a thread", mz_task_delete_thread(monitor, id[i]), MZ_OK);
    check("delete a thread twice", mz_task_delete_thread(monitor, id[0]), MZ_ERR_BAD_ID);
    check("a space", mz_task_create_space(monitor, &space), MZ_OK);
    check("delete a space as a thread", mz_task_delete_thread(monitor, space), MZ_ERR_BAD_ID);
    check("delete a space", mz_task_delete_space(monitor, space), MZ_OK);
    check("delete a space twice", mz_task_delete_space(monitor, space), MZ_ERR_BAD_ID);
}

/* A ring whose counter is nonsense must not hurt the monitor. */
static void test_ring(void)
{
    native_rings()->out_head += 0x12345678;
    check("a wild ring", mz_console_flush(native_monitor()), MZ_OK);
    check_number("the ring after it", native_rings()->out_tail, native_rings()->out_head);
}

static void test_usage(void)
{
    volatile uint8_t *heap = (uint8_t *)MZ_VMM_HEAP;
    struct mz_task_usage before, after;

    check("usage", mz_task_own_usage(native_monitor(), &before), MZ_OK);
    check_number("threads in use", before.threads, 1);
    check_number("limit of threads", before.threads_limit, 4);
    heap[0] = 1;
    heap[native_boot()->ram_size - 1] = 1;
    check("usage", mz_task_own_usage(native_monitor(), &after), MZ_OK);
    check_number("two pages of heap", (long)(after.memory - before.memory), 2 * 4096);
}

int main(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    test_form();
    test_operator();
    test_mapping();
    test_ids();
    test_threads();
    test_ring();
    test_usage();
    if (failures())
        native_exit(MZ_EXIT_INTERNAL, failures(), "with wrong answers");
    native_print("all answers were right\n");
    native_exit(MZ_EXIT_POWEROFF, 0, "");
}
