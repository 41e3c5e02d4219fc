/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that controls "victim" and, if its command line says so, the VM "guest": it gives
 * them processor time, and looks into their numbers.
 */
#include <string.h>

#include <l4/kip.h>
#include <l4/schedule.h>

#include <marzipan/schedule.h>
#include <marzipan/statistics.h>
#include <marzipan/task.h>

#include "check.h"

static L4_ThreadId_t m;

int main(void);

static void test_refusals(void)
{
    struct mz_schedule_policy policy;
    uint64_t n;

    check("a foreign one", mz_schedule_set_weight(m, "stranger", 10), MZ_ERR_DENIED);
    check("nobody", mz_schedule_set_weight(m, "nobody", 10), MZ_ERR_DENIED);
    check("one that is not there", mz_schedule_set_weight(m, "unborn", 10), MZ_ERR_NOT_FOUND);
    check("oneself", mz_schedule_get(m, "", &policy), MZ_ERR_DENIED);
    check("time of a foreign one", mz_statistics_cpu_time_of(m, "stranger", &n), MZ_ERR_DENIED);
    check("weight 0", mz_schedule_set_weight(m, "victim", 0), MZ_ERR_BAD_ARG);
    check("a huge weight", mz_schedule_set_weight(m, "victim", 10001), MZ_ERR_BAD_ARG);
    check("a huge cap", mz_schedule_set_cap(m, "victim", 801), MZ_ERR_BAD_ARG);
    check("priority 0", mz_schedule_set_priority(m, "victim", 0), MZ_ERR_BAD_ARG);
    check("a priority above one's own", mz_schedule_set_priority(m, "victim", 102), MZ_ERR_DENIED);
    check("a huge priority", mz_schedule_set_priority(m, "victim", ~0u), MZ_ERR_DENIED);
    check("a whole processor", mz_schedule_set_reservation(m, "victim", 10000, 10000),
          MZ_ERR_BAD_ARG);
    check("no period", mz_schedule_set_reservation(m, "victim", 10000, 0), MZ_ERR_BAD_ARG);
    check("a long period", mz_schedule_set_reservation(m, "victim", 1, ~0u), MZ_ERR_BAD_ARG);
    check("too much", mz_schedule_set_reservation(m, "victim", 9500, 10000), MZ_ERR_QUOTA);
    check("to nowhere", mz_schedule_pin(m, "victim", 0, 0), MZ_ERR_BAD_ARG);
    check("to no processor", mz_schedule_pin(m, "victim", 0, 1u << 31), MZ_ERR_BAD_ARG);
    check("to a huge processor", mz_schedule_pin(m, "victim", 0, UINT64_C(1) << 32),
          MZ_ERR_BAD_ARG);
    check("a thread that is not there", mz_schedule_pin(m, "victim", 1, 1), MZ_ERR_BAD_ARG);
    check("a huge thread", mz_schedule_pin(m, "victim", ~0u, 1), MZ_ERR_BAD_ARG);
}

/* Its own threads keep the priorities that it has given them, whatever its share is. */
static void test_lower_threads(void)
{
    struct mz_statistics_messages asked = {0};

    while (asked.requests < 3) { /* a thread, its priority, the line that says so */
        check("a couple", mz_statistics_messages_of(m, "couple", &asked), MZ_OK);
        L4_Sleep(L4_TimePeriod(1000));
    }
    check("weight of two", mz_schedule_set_weight(m, "couple", 50), MZ_OK);
    check("weight of two", mz_schedule_set_weight(m, "couple", 100), MZ_OK);
}

/* What holds for a domain would not hold for those inside of a monitor. */
static void test_monitor(void)
{
    struct mz_schedule_policy p;

    check("a monitor", mz_schedule_get(m, "inner", &p), MZ_OK);
    check("its reservation", mz_schedule_set_reservation(m, "inner", 10000, 100000),
          MZ_ERR_NOT_SUPPORTED);
    check("its weight", mz_schedule_set_weight(m, "inner", 50), MZ_OK);
}

static void test_settings(void)
{
    struct mz_schedule_policy p;

    check("get", mz_schedule_get(m, "victim", &p), MZ_OK);
    check_number("weight", p.weight, 100);
    check_number("cap", p.cap_percent, 0);
    check_number("priority", p.priority, 90);
    check_number("processors", (long long)p.processors, 1);
    check("set weight", mz_schedule_set_weight(m, "victim", 50), MZ_OK);
    check("set cap", mz_schedule_set_cap(m, "victim", 10), MZ_OK);
    check("set priority", mz_schedule_set_priority(m, "victim", 95), MZ_OK);
    check("pin", mz_schedule_pin(m, "victim", 0, 1), MZ_OK);
    check("get again", mz_schedule_get(m, "victim", &p), MZ_OK);
    check_number("weight", p.weight, 50);
    check_number("cap", p.cap_percent, 10);
    check_number("priority", p.priority, 95);
}

static uint64_t time_of(const char *who)
{
    uint64_t us = 0;

    check("time", mz_statistics_cpu_time_of(m, who, &us), MZ_OK);
    return us;
}

/* The victim never rests: what it gets in a while is what it may. */
static uint64_t share_of_victim(void)
{
    uint64_t began = L4_SystemClock().raw, before = time_of("victim"), now;

    L4_Sleep(L4_TimePeriod(1000000));
    now = L4_SystemClock().raw;
    return (time_of("victim") - before) * 100 / (now - began);
}

static void test_effect(void)
{
    uint64_t capped = share_of_victim(), reserved;

    expect("no more than the cap and one period's", capped <= 20);
    check("no cap", mz_schedule_set_cap(m, "victim", 0), MZ_OK);
    check("a reservation", mz_schedule_set_reservation(m, "victim", 30000, 100000), MZ_OK);
    reserved = share_of_victim();
    expect("more than the cap was", reserved > capped);
    check("nothing reserved", mz_schedule_set_reservation(m, "victim", 0, 0), MZ_OK);
    native_print("capped %u %%, reserved and free %u %%\n", (unsigned)capped, (unsigned)reserved);
}

/* Each call counts; a fault may come in between. */
static void test_messages_sent(void)
{
    uint64_t before = 0, after = 0, others;

    check("sent", mz_statistics_messages_sent_by(m, "", &before), MZ_OK);
    check("sent by another", mz_statistics_messages_sent_by(m, "victim", &others), MZ_OK);
    check("sent by a stranger", mz_statistics_messages_sent_by(m, "stranger", &others),
          MZ_ERR_DENIED);
    check("sent", mz_statistics_messages_sent_by(m, "", &after), MZ_OK);
    expect("each call", after - before >= 3 && after - before < 10);
}

static void test_numbers(void)
{
    struct mz_statistics_messages before, after;
    struct mz_statistics_memory_use memory = {0};
    struct mz_statistics_kernel kernel;
    struct mz_task_usage usage = {0};
    uint64_t counts[26], set;
    uint32_t count;

    check("messages", mz_statistics_messages_of(m, "", &before), MZ_OK);
    check("no set of a program", mz_statistics_working_set_of(m, "", &set), MZ_ERR_NOT_SUPPORTED);
    check("no exits", mz_statistics_exits_of(m, "", counts, &count), MZ_ERR_NOT_SUPPORTED);
    check("messages", mz_statistics_messages_of(m, "", &after), MZ_OK);
    check_number("requests", (long long)(after.requests - before.requests), 3);
    check_number("refused", (long long)(after.refused - before.refused), 2);
    expect("faults", after.faults > 0);
    check("memory", mz_statistics_memory_of(m, "", &memory), MZ_OK);
    check("usage", mz_task_own_usage(m, &usage), MZ_OK);
    check_number("the same memory", (long long)memory.memory, (long long)usage.memory);
    check_number("the same threads", memory.threads, usage.threads);
    check("kernel", mz_statistics_kernel_info(m, &kernel), MZ_OK);
    check_number("processors", kernel.processors, (long long)L4_NumProcessors(L4_Kip()));
    expect("memory of the machine", kernel.memory > kernel.memory_free && kernel.memory_free);
    expect("a version", kernel.version[0] != 0);
}

static void test_guest(void)
{
    uint64_t counts[26] = {0}, sum = 0, set, more;
    uint32_t count = 0;

    for (unsigned tries = 0; tries < 100 && !counts[MZ_STATISTICS_PORT]; tries++) {
        check("exits", mz_statistics_exits_of(m, "guest", counts, &count), MZ_OK);
        L4_Sleep(L4_TimePeriod(10000));
    }
    check_number("causes", count, 26);
    for (unsigned i = 0; i < count; i++)
        sum += counts[i];
    expect("some exits", sum > 0);
    expect("of ports", counts[MZ_STATISTICS_PORT] > 0);
    check("set", mz_statistics_working_set_of(m, "guest", &set), MZ_OK);
    expect("some memory", set > 0 && set <= 8 << 20 && set % (2 << 20) == 0);
    check("set again", mz_statistics_working_set_of(m, "guest", &more), MZ_OK);
    expect("no more than before", more <= set);
}

int main(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    m = native_monitor();
    if (strcmp(native_boot()->cmdline, "guest") == 0)
        test_guest();
    if (strcmp(native_boot()->cmdline, "monitor") == 0)
        test_monitor();
    test_refusals();
    test_lower_threads();
    test_settings();
    test_effect();
    test_numbers();
    test_messages_sent();
    finish();
}
