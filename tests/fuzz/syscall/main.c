/* SPDX-License-Identifier: BSD-2-Clause */
/* The root thread: seeds, serves, meddles, and sees to it that all goes on. */
#include <l4/bootinfo.h>
#include <l4/kdebug.h>
#include <rt/console.h>
#include <stdlib.h>
#include "fuzz.h"

#define ISA_DEBUG_EXIT 0xf4
#define MAIN_PRIORITY  254
#define PATROL_EVERY   10 /* messages, time-outs */
#define WATCH_US       4000000

extern char rt_image_start[], rt_image_end[];

struct random chance;
L4_ThreadId_t root;
L4_Word_t user_base, entries[ENTRIES];

static L4_Word_t goal = 100000, seed = 1, calls;
static L4_Word_t strings, exits; /* what has worked: strings received, runs of guests */
static volatile L4_Word_t rounds;

static _Noreturn void end(L4_Word_t code)
{
    __asm__ volatile("outb %b0, %w1" : : "a"(code), "d"(ISA_DEBUG_EXIT));
    for (;;)
        L4_Sleep(L4_Never);
}

/* ---- the watchdog, a thread above all others ---- */

static void watch(void)
{
    L4_Word_t before = ~0ul;

    for (;;) {
        L4_Sleep(L4_TimePeriod(WATCH_US));
        if (rounds == before) {
            printf("\nfuzz: the root thread is stuck after %lu rounds, seed %lu\n", rounds, seed);
            end(2);
        }
        before = rounds;
    }
}

static void start_watch(void)
{
    static char stack[4096] __attribute__((aligned(16)));
    L4_ThreadId_t t = L4_GlobalId(user_base + FIRST_NUMBER - 1, 1);
    L4_Word_t utcb = (L4_MyLocalId().raw & ~(UTCB_BYTES - 1)) + UTCB_BYTES;

    L4_Set_Priority(root, MAIN_PRIORITY);
    L4_ThreadControl(t, root, root, L4_Pager(), (void *)utcb);
    L4_Set_Priority(t, MAIN_PRIORITY + 1);
    L4_Start_SpIp(t, (L4_Word_t)&stack[sizeof(stack) - 8], (L4_Word_t)watch);
}

/* ---- the patrol ---- */

/* A victim that does nothing is restarted, then made anew with its space. */
static void look_after(unsigned n)
{
    static L4_Word_t idle[VICTIMS];
    L4_Word_t count = victim_calls(n);

    calls += count;
    if (count) {
        idle[n] = 0;
    } else if (++idle[n] > 60) {
        space_rebuild(n % SPACES);
        idle[n] = 0;
    } else if (idle[n] % 4 == 2) {
        victim_restart(n);
    }
}

static void patrol(void)
{
    static L4_Word_t shown;

    for (unsigned n = 0; n < VICTIMS; n++)
        look_after(n);
    victim_counts(&strings, &exits); /* now: a space that is built anew forgets them */
    if (one_in(&chance, 500))
        space_rebuild((unsigned)below(&chance, SPACES));
    if (calls * 10 / goal != shown) {
        shown = calls * 10 / goal;
        printf("\nfuzz: %lu calls, %lu strings, %lu exits, %lu ms\n", calls, strings, exits,
               (L4_Word_t)(L4_SystemClock().raw / 1000));
    }
}

/* ---- arguments ---- */

/* Boot information is no ordinary memory: sigma0 wants to be asked for it. */
static const void *boot_info(void)
{
    L4_Word_t at = L4_Kip()->boot_info & ~0xffful;

    for (int i = 0; at && i < 4; i++)
        L4_Sigma0_GetPage(L4_nilthread, fpage(at + i * 4096ul, 12, L4_FullyAccessible));
    return (const void *)L4_Kip()->boot_info;
}

static const char *command_line(void)
{
    const void *info = boot_info();
    const L4_BootRec_t *r;
    const char *s;

    if (!info || !L4_BootInfo_Valid(info))
        return "";
    r = L4_BootInfo_FirstEntry(info);
    for (L4_Word_t i = 0; i < L4_BootInfo_Entries(info); i++, r = L4_BootRec_Next(r)) {
        s = r->type == L4_BootInfo_SimpleExec ? L4_SimpleExec_Cmdline(r) : "";
        if (strstr(s, "syscallfuzz"))
            return s;
    }
    return "";
}

static void argument(const char *line, const char *name, L4_Word_t *value)
{
    const char *at = strstr(line, name);

    if (at)
        *value = strtoul(at + strlen(name), NULL, 0);
}

static void init(void)
{
    const char *line;

    for (char *p = rt_image_start; p < rt_image_end; p += 4096)
        *(volatile char *)p; /* sigma0 gives our pages to this thread only */
    line = command_line();
    argument(line, "seed=", &seed);
    argument(line, "calls=", &goal);
    printf("fuzz: seed %lu, %lu calls to come\n", seed, goal);
    root = L4_MyGlobalId();
    L4_Set_XferTimeouts(L4_TimePeriod(500).raw << 16 | L4_TimePeriod(500).raw);
    user_base = L4_ThreadIdUserBase(L4_Kip());
    memcpy(entries, &l4_links, sizeof(entries));
    start_watch();
    spaces_init(seed);
}

int main(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag;

    rt_set_putchar(L4_KDB_PrintChar);
    init();
    while (calls < goal) {
        L4_Accept(L4_UntypedWordsAcceptor);
        tag = L4_Wait_Timeout(L4_TimePeriod(1 + below(&chance, 500)), &from);
        if (L4_IpcSucceeded(tag))
            serve(from, tag);
        else
            meddle();
        if (++rounds % PATROL_EVERY == 0)
            patrol();
    }
    printf("\nfuzz: %lu calls, seed %lu, %lu strings, %lu exits, ok\n", calls, seed, strings,
           exits);
    end(0);
}
