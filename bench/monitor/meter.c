/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures the monitor from a native program, by its command line:
 *   publish N   has N services, and says so
 *   calls N     what calls cost beside that one, in instructions
 *   idle S      what each VM uses of a processor within S seconds, after a key
 *   period N    how late its N periods of 10 ms begin
 * The time stamp counter counts instructions (-icount shift=0).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <l4/schedule.h>

#include <marzipan/directory.h>
#include <marzipan/log.h>
#include <marzipan/native.h>
#include <marzipan/task.h>
#include <marzipan/vm.h>

#define ROUNDS    1000u
#define LOG_LINES 40u /* fewer than a domain has in a second */
#define PERIOD_US 10000u
#define WORK      2000000u /* instructions of each period */
#define MOST      1000u    /* periods */

int main(void);

static uint64_t tsc(void)
{
    return __builtin_ia32_rdtsc();
}

static void path_of(char path[static 64], unsigned n)
{
    snprintf(path, 64, "/many/%u", n);
}

static void publish(unsigned n)
{
    char path[64];

    for (unsigned i = 0; i < n; i++) {
        path_of(path, i);
        if (mz_directory_publish(native_monitor(), path, "", 0))
            native_exit(MZ_EXIT_INTERNAL, i, "");
    }
    for (;;)
        L4_Sleep(L4_Never);
}

/* Look-ups spread over all services. */
static uint64_t find(unsigned n)
{
    char path[64], about[64];
    uint64_t sum = 0;
    L4_ThreadId_t who;
    uint32_t kind;

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t begin;

        path_of(path, i * 7919 % n);
        begin = tsc();
        if (mz_directory_find(native_monitor(), path, &who, &kind, about))
            native_exit(MZ_EXIT_INTERNAL, i, "");
        sum += tsc() - begin;
    }
    return sum / ROUNDS;
}

static uint64_t inspect(void)
{
    struct mz_vm_details all;
    uint64_t begin = tsc();

    for (unsigned i = 0; i < ROUNDS; i++)
        mz_vm_inspect(native_monitor(), "v", &all);
    return (tsc() - begin) / ROUNDS;
}

static uint64_t own_usage(void)
{
    struct mz_task_usage usage;
    uint64_t begin = tsc();

    for (unsigned i = 0; i < ROUNDS; i++)
        mz_task_own_usage(native_monitor(), &usage);
    return (tsc() - begin) / ROUNDS;
}

/* Lines that are kept, while the serial line is idle. */
static uint64_t write_log(void)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < LOG_LINES; i++) {
        uint64_t begin;

        L4_Sleep(L4_TimePeriod(20000));
        begin = tsc();
        mz_log_write(native_monitor(), MZ_LOG_INFO, "a line of forty characters, or thereabouts");
        sum += tsc() - begin;
    }
    return sum / LOG_LINES;
}

static void calls(unsigned n)
{
    L4_Sleep(L4_TimePeriod(2000000)); /* all else has begun by now, and said so */
    find(n);
    native_print("find: %llu\n", (unsigned long long)find(n));
    inspect();
    native_print("inspect: %llu\n", (unsigned long long)inspect());
    own_usage();
    native_print("own_usage: %llu\n", (unsigned long long)own_usage());
    write_log();
    native_print("log: %llu\n", (unsigned long long)write_log());
}

static void wait_key(void)
{
    L4_ThreadId_t from;

    while (native_get() < 0)
        L4_Wait_Timeout(L4_TimePeriod(100000), &from);
}

/* Processor time of all VMs, in the order of the list. */
static unsigned times(uint64_t us[static 64])
{
    static struct mz_vm_summary some[64];
    struct mz_vm_details all;
    unsigned vms = 0;
    uint32_t n;

    for (uint32_t first = 0;; first += n) {
        if (mz_vm_list(native_monitor(), first, some, 64, &n) || !n)
            return vms;
        for (uint32_t i = 0; i < n; i++) {
            if (!some[i].is_program && !mz_vm_inspect(native_monitor(), some[i].who, &all))
                us[vms++] = all.cpu_us;
        }
    }
}

static void idle(unsigned seconds)
{
    static uint64_t before[64], after[64];
    uint64_t most = 0, sum = 0;
    unsigned n;

    native_print("ready\n");
    wait_key();
    n = times(before);
    for (unsigned i = 0; i < seconds; i++)
        L4_Sleep(L4_TimePeriod(1000000));
    times(after);
    for (unsigned i = 0; i < n; i++) {
        uint64_t used = after[i] - before[i];

        sum += used;
        most = used > most ? used : most;
    }
    native_print("vms: %u\n", n);
    native_print("most: %llu\n", (unsigned long long)most);
    native_print("mean: %llu\n", (unsigned long long)(sum / n));
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Each period begins at a fixed time, takes some work, and sleeps until the next one. */
static void period(unsigned n)
{
    static uint32_t late[MOST];
    uint64_t due;

    n = n < MOST ? n : MOST;
    L4_Sleep(L4_TimePeriod(2000000));
    due = L4_SystemClock().raw + PERIOD_US;
    for (unsigned i = 0; i < n; i++, due += PERIOD_US) {
        uint64_t now, begin;

        while ((now = L4_SystemClock().raw) < due) /* long times are rounded down */
            L4_Sleep(L4_TimePeriod(due - now));
        late[i] = (uint32_t)(now - due);
        begin = tsc();
        while (tsc() - begin < WORK)
            ;
    }
    qsort(late, n, sizeof(late[0]), compare);
    for (unsigned percent = 50; percent < 100; percent += percent < 90 ? 40 : 9)
        native_print("late_%u: %u\n", percent, late[n * percent / 100]);
    native_print("late_100: %u\n", late[n - 1]);
}

static const struct {
    const char *name;
    void (*act)(unsigned n);
} acts[] = {{"publish ", publish}, {"calls ", calls}, {"idle ", idle}, {"period ", period}};

int main(void)
{
    const char *line = native_boot()->cmdline;

    L4_Set_ExceptionHandler(L4_Pager());
    for (unsigned i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        size_t length = strlen(acts[i].name);

        if (strncmp(line, acts[i].name, length) == 0)
            acts[i].act((unsigned)strtoul(line + length, NULL, 10));
    }
    native_print("done\n");
    native_exit(MZ_EXIT_POWEROFF, 0, "");
}
