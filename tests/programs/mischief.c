/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that misbehaves as its command line says; the monitor must
 * end it with a line that tells the cause, and nothing else may suffer.
 */
#include <string.h>

#include <l4/protocol.h>
#include <l4/schedule.h>

#include <marzipan/log.h>
#include <marzipan/machine.h>
#include <marzipan/native.h>
#include <marzipan/task.h>

int main(void);

/* In assembly: a compiler may do what it likes with wild addresses. */
static void read_at(L4_Word_t address)
{
    __asm__ volatile("movb (%0), %%al" : : "r"(address) : "rax");
}

static void write_at(L4_Word_t address)
{
    __asm__ volatile("movb $1, (%0)" : : "r"(address) : "memory");
}

static void outside(void)
{
    read_at(8);
}

static void above(void)
{
    read_at((L4_Word_t)MZ_VMM_RAM);
}

static void write_boot(void)
{
    write_at(MZ_VMM_BOOT);
}

static void write_text(void)
{
    write_at((L4_Word_t)main);
}

static void run_data(void)
{
    static char data[16] = {(char)0xc3};

    ((void (*)(void))data)();
}

static void heap(void)
{
    for (L4_Word_t page = MZ_VMM_HEAP;; page += 4096)
        write_at(page);
}

static void port(void)
{
    __asm__ volatile("outb %%al, $0x64" : : "a"(0xfe));
}

static void undefined(void)
{
    __asm__ volatile("ud2");
}

static void divide(void)
{
    __asm__ volatile("div %%cl" : : "a"(1), "c"(0));
}

static void spin(void)
{
    for (;;)
        ;
}

/* A thread that has used up what it may gets a successor, which has not. */
static void breed(void)
{
    static uint8_t stack[4096] __attribute__((aligned(16)));

    for (;;) {
        L4_ThreadId_t t = L4_nilthread;

        mz_task_create_thread(native_monitor(), 1, (L4_Word_t)spin,
                              (L4_Word_t)(stack + sizeof(stack) - sizeof(L4_Word_t)), &t);
        L4_Sleep(L4_TimePeriod(5000));
        mz_task_delete_thread(native_monitor(), t);
    }
}

static volatile bool ready;

static void run_below(void)
{
    while (!ready)
        L4_ThreadSwitch(L4_nilthread);
    native_print("FAIL: the lower thread ran\n");
    spin();
}

/* Never rests, above a thread of its own that never gets its turn. */
static void above_another(void)
{
    static uint8_t stack[4096] __attribute__((aligned(16)));
    L4_ThreadId_t t = L4_nilthread;

    mz_task_create_thread(native_monitor(), 1, (L4_Word_t)run_below,
                          (L4_Word_t)(stack + sizeof(stack) - sizeof(L4_Word_t)), &t);
    if (mz_task_set_priority(native_monitor(), t, 1))
        native_print("FAIL: no priority\n");
    ready = true;
    native_print("above another\n");
    spin();
}

static void storm(void)
{
    for (unsigned i = 0;; i++)
        native_print("storm line %u\n", i);
}

/* A line of each level. */
static void log_levels(void)
{
    for (unsigned level = MZ_LOG_ERROR; level <= MZ_LOG_DEBUG; level++)
        mz_log_write(native_monitor(), (enum mz_log_level)level, (const char[]){'a' + level, 0});
}

/* Lines in the ring, more than it holds, and an end without a word. */
static void log_ring(void)
{
    char too_long[256];

    memset(too_long, 'y', sizeof(too_long) - 1);
    too_long[sizeof(too_long) - 1] = '\0';
    for (unsigned i = 0; i < 40; i++)
        native_log_later(MZ_LOG_INFO, "line %u of %s", i,
                         &"seventy bytes or so, of which the ring"
                          " of 2 KiB does not hold so many"[i]);
    native_log_later(MZ_LOG_INFO, "%s", too_long);
    native_log_later(MZ_LOG_INFO, "behind what is too long");
    __asm__ volatile("ud2");
}

/* A ring whose contents make no sense: no ends, no levels, no characters; then no counter, either. */
static void log_rubbish(void)
{
    struct mz_console *r = native_rings();

    for (unsigned i = 0; i < MZ_LOG_SIZE; i++)
        r->log[i] = i < 1024 ? 0x80 + i % 64 : 'x';
    r->log_head = r->log_tail + MZ_LOG_SIZE;
    mz_log_flush(native_monitor());
    r->log_head += 3 * MZ_LOG_SIZE;
    mz_log_flush(native_monitor());
    native_log(MZ_LOG_INFO, "goes on");
}

static void log_storm(void)
{
    for (;;)
        mz_log_write(native_monitor(), MZ_LOG_INFO, "log\033[2J storm\n");
}

/* An endless page fault: the page goes as soon as it is there. */
static void restless(void)
{
    L4_Word_t w[2] = {MZ_VMM_BOOT, 0};

    for (;;) {
        L4_LoadMRs(1, 2, w);
        L4_Set_MsgTag(L4_MakeTag(L4_LABEL_PAGEFAULT | L4_Readable, 2, 0));
        L4_Call((L4_ThreadId_t){.raw = native_boot()->monitor});
    }
}

static void echo(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag;
    int c;

    native_print("echo is ready\n");
    for (;;) {
        while ((c = native_get()) >= 0) {
            if (c == 'q')
                return;
            native_print("%c", c == '\r' ? '\n' : c);
        }
        tag = L4_Wait_Timeout(L4_TimePeriod(10000), &from);
        if (L4_IpcSucceeded(tag) && L4_Label(tag) == L4_NOTIFY_LABEL && L4_MR(1) & MZ_NOTIFY_POWER)
            return;
    }
}

/* Feeds its watchdog ten times, then no more. */
static void starve(void)
{
    for (unsigned n = 0; n < 10; n++) {
        native_print("fed %u\n", n);
        mz_task_alive(native_monitor());
        L4_Sleep(L4_TimePeriod(100000));
    }
    spin();
}

/* Prints a number after the other. */
static void count(void)
{
    for (unsigned n = 0;; n++) {
        native_print("count %u\n", n);
        L4_Sleep(L4_TimePeriod(50000));
    }
}

static void power_off(void)
{
    mz_machine_power_off(native_monitor(), 3);
}

static const struct {
    const char *name;
    void (*act)(void);
} acts[] = {
    {"outside", outside},
    {"above", above},
    {"write-boot", write_boot},
    {"write-text", write_text},
    {"run-data", run_data},
    {"heap", heap},
    {"port", port},
    {"undefined", undefined},
    {"divide", divide},
    {"spin", spin},
    {"breed", breed},
    {"above-another", above_another},
    {"storm", storm},
    {"log-levels", log_levels},
    {"log-ring", log_ring},
    {"log-rubbish", log_rubbish},
    {"log-storm", log_storm},
    {"restless", restless},
    {"echo", echo},
    {"count", count},
    {"starve", starve},
    {"power-off", power_off},
};

int main(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    for (unsigned i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(native_boot()->cmdline, acts[i].name) == 0)
            acts[i].act();
    }
    native_exit(MZ_EXIT_POWEROFF, 0, "");
}
