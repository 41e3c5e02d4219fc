/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program in the place of a nested monitor: it asks the monitor that runs it for what is not its,
 * and for more than it was given. It expects 3 domains, 12 threads and 2 MiB of the kernel's memory. Its
 * argument says how it ends, always with a child of its own that runs on: "well" if every answer was
 * right, "write" to a boot module, "beyond" its RAM, "stay" for ever.
 */
#include <string.h>

#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/sigma0.h>
#include <l4/space.h>
#include <l4/vcpu.h>

#include <marzipan/monitor.h>
#include <marzipan/task.h>

#include "check.h"

#define DOMAINS     3u
#define THREADS     12u
#define KMEM        (UINT64_C(2) << 20)
#define WINDOWS     1100u /* more than the kernel has */
#define PEERS       8u    /* windows that others may have */
#define GENERATIONS 40u
#define REPORT      0x77u
#define PAGE        4096u
#define UNCHANGED   (~UINT64_C(0))

static L4_Word_t own; /* window */
static uint32_t window[DOMAINS];

int main(void);

static L4_Word_t first_number(void)
{
    return L4_ThreadIdUserBase(L4_Kip()) + 64;
}

static L4_ThreadId_t id(L4_Word_t w, unsigned slot, L4_Word_t generation)
{
    return L4_GlobalId(first_number() + (w - 1) * 64 + slot, generation << 6 | 1);
}

static bool is_mine(L4_Word_t w)
{
    return w == own || w == window[0] || w == window[1] || w == window[2];
}

static void test_windows(void)
{
    const L4_ThreadId_t up = native_monitor();
    uint32_t freed, more;

    for (unsigned i = 0; i < DOMAINS; i++)
        check("a window", mz_monitor_new_window(up, &window[i]), MZ_OK);
    check("a window too many", mz_monitor_new_window(up, &more), MZ_ERR_QUOTA);
    freed = window[1];
    check("give it back", mz_monitor_free_window(up, freed), MZ_OK);
    check("give it back twice", mz_monitor_free_window(up, freed), MZ_ERR_BAD_ID);
    check("isolate a freed one", mz_monitor_isolate(up, freed), MZ_ERR_BAD_ID);
    check("a window instead", mz_monitor_new_window(up, &window[1]), MZ_OK);
    expect("no windows are the same", window[0] != window[1] && window[1] != window[2]);
}

static void try_window(uint32_t w)
{
    const L4_ThreadId_t up = native_monitor();
    uint64_t used, limit;

    check("free a foreign window", mz_monitor_free_window(up, w), MZ_ERR_BAD_ID);
    check("isolate a foreign window", mz_monitor_isolate(up, w), MZ_ERR_BAD_ID);
    check("limit a foreign window", mz_monitor_kernel_memory(up, w, 0, &used, &limit),
          MZ_ERR_BAD_ID);
    check("a thread in a foreign window",
          mz_monitor_create_space(up, id(w, 5, 1), L4_Myself(), false), MZ_ERR_BAD_ID);
    check("end a foreign thread", mz_monitor_delete_thread(up, id(w, 0, 1)), MZ_ERR_BAD_ID);
    if (w == own)
        return;
    check("read a foreign account", mz_monitor_kernel_memory(up, w, UNCHANGED, &used, &limit),
          MZ_ERR_BAD_ID);
    check("read a foreign clock", mz_monitor_cpu_time(up, w, &used), MZ_ERR_BAD_ID);
    check("reach a foreign window", mz_monitor_connect(up, window[0], w), MZ_ERR_BAD_ID);
    check("be reached by a foreign one", mz_monitor_connect(up, w, own), MZ_ERR_BAD_ID);
}

static void test_foreign_windows(void)
{
    for (uint32_t w = 1; w < WINDOWS; w++) {
        if (w == own || !is_mine(w))
            try_window(w);
    }
    check("reach the root", mz_monitor_connect(native_monitor(), window[0], 0), MZ_ERR_BAD_ID);
    check("free the root", mz_monitor_free_window(native_monitor(), 0), MZ_ERR_BAD_ID);
    check("free all ones", mz_monitor_free_window(native_monitor(), ~0u), MZ_ERR_BAD_ID);
}

static enum mz_error limit_to(unsigned i, uint64_t bytes)
{
    uint64_t used, limit;

    return mz_monitor_kernel_memory(native_monitor(), window[i], bytes, &used, &limit);
}

static uint64_t own_limit(void)
{
    struct mz_task_usage u = {0};

    check("usage", mz_task_own_usage(native_monitor(), &u), MZ_OK);
    return u.kernel_memory_limit;
}

static void test_kernel_memory(void)
{
    expect("all of the own at first", own_limit() == KMEM);
    check("more than all", limit_to(0, KMEM + 1), MZ_ERR_QUOTA);
    check("nearly all there could be", limit_to(0, UNCHANGED - 1), MZ_ERR_QUOTA);
    check("all, though some is in use", limit_to(0, KMEM), MZ_ERR_QUOTA);
    expect("nothing was taken", own_limit() == KMEM);
    check("the half", limit_to(0, KMEM / 2), MZ_OK);
    check("the other half, though some is in use", limit_to(1, KMEM / 2), MZ_ERR_QUOTA);
    check("a quarter", limit_to(1, KMEM / 4), MZ_OK);
    expect("what is left", own_limit() == KMEM / 4);
    check("none", limit_to(0, 0), MZ_OK);
    expect("what is left after it", own_limit() == KMEM * 3 / 4);
    check("none", limit_to(1, 0), MZ_OK);
}

static void test_ids(void)
{
    const L4_ThreadId_t up = native_monitor(), self = L4_Myself(), a = id(window[0], 0, 1);
    const L4_ThreadId_t foreign[] = {up,
                                     self,
                                     L4_Sigma0Id(),
                                     L4_GlobalId(4, 1),
                                     id(own, 1, 1),
                                     id(window[0], 48, 1),
                                     id(window[0], 63, 1)};

    for (unsigned i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        check("a foreign id", mz_monitor_create_space(up, foreign[i], self, false), MZ_ERR_BAD_ID);
        check("a foreign thread", mz_monitor_create_thread(up, foreign[i], a, self), MZ_ERR_BAD_ID);
        check("a foreign vCPU", mz_monitor_bind_vcpu(up, foreign[i], a), MZ_ERR_BAD_ID);
        check("end of a foreign thread", mz_monitor_delete_thread(up, foreign[i]), MZ_ERR_BAD_ID);
    }
    check("the root as pager", mz_monitor_create_space(up, a, up, false), MZ_ERR_BAD_ID);
    check("sigma0 as pager", mz_monitor_create_space(up, a, L4_Sigma0Id(), false), MZ_ERR_BAD_ID);
    check("a thread in no space", mz_monitor_create_thread(up, a, a, self), MZ_ERR_BAD_ID);
    check("a thread in the own space", mz_monitor_create_thread(up, a, self, self), MZ_ERR_BAD_ID);
    check("an end before the beginning", mz_monitor_delete_thread(up, a), MZ_ERR_BAD_ID);
}

static void test_threads(void)
{
    const L4_ThreadId_t up = native_monitor(), self = L4_Myself();
    const L4_ThreadId_t a = id(window[0], 0, 1), b = id(window[1], 0, 1);

    check("a space without kernel memory", mz_monitor_create_space(up, a, self, false),
          MZ_ERR_QUOTA);
    check("kernel memory", limit_to(0, KMEM / 4), MZ_OK);
    check("kernel memory", limit_to(1, KMEM / 4), MZ_OK);
    check("a space", mz_monitor_create_space(up, a, self, false), MZ_OK);
    check("the same again", mz_monitor_create_space(up, a, self, false), MZ_ERR_BAD_ARG);
    check("its slot again", mz_monitor_create_space(up, id(window[0], 0, 2), self, false),
          MZ_ERR_BAD_ARG);
    check("another space", mz_monitor_create_space(up, b, self, false), MZ_OK);
    check("its thread", mz_monitor_create_thread(up, a, a, self), MZ_OK);
    check("into another window", mz_monitor_create_thread(up, id(window[0], 1, 1), b, self),
          MZ_ERR_BAD_ID);
    check("by an old id",
          mz_monitor_create_thread(up, id(window[0], 1, 1), id(window[0], 0, 9), self),
          MZ_ERR_BAD_ID);
    check("a slot without UTCB", mz_monitor_create_thread(up, id(window[0], 32, 1), a, self),
          MZ_ERR_BAD_ARG);
    check("a vCPU without state page", mz_monitor_bind_vcpu(up, id(window[0], 9, 1), a),
          MZ_ERR_BAD_ARG);
    check("a vCPU in another window", mz_monitor_bind_vcpu(up, a, b), MZ_ERR_BAD_ID);
    for (unsigned slot = 1; slot < THREADS - 2; slot++)
        check("a thread", mz_monitor_create_thread(up, id(window[0], slot, 1), a, self), MZ_OK);
    check("a thread too many", mz_monitor_create_thread(up, id(window[0], 20, 1), a, self),
          MZ_ERR_QUOTA);
    check("a space too many", mz_monitor_create_space(up, id(window[2], 0, 1), self, false),
          MZ_ERR_QUOTA);
    check("an end by an old id", mz_monitor_delete_thread(up, id(window[0], 1, 2)), MZ_ERR_BAD_ID);
    check("an end", mz_monitor_delete_thread(up, id(window[0], 1, 1)), MZ_OK);
    check("a second end", mz_monitor_delete_thread(up, id(window[0], 1, 1)), MZ_ERR_BAD_ID);
    check("a thread instead", mz_monitor_create_thread(up, id(window[0], 1, 2), a, self), MZ_OK);
}

/* What a window uses counts against the owner even when its limit goes below it. */
static void test_used_memory_counts(void)
{
    uint64_t used, limit;

    check("a limit below what is used", limit_to(0, 0), MZ_OK);
    check("what is used",
          mz_monitor_kernel_memory(native_monitor(), window[0], UNCHANGED, &used, &limit), MZ_OK);
    expect("something is", used != 0);
    expect("what is left", own_limit() == KMEM * 3 / 4 - used);
    check("all threads end with the window", mz_monitor_free_window(native_monitor(), window[0]),
          MZ_OK);
    check("and the other", mz_monitor_free_window(native_monitor(), window[1]), MZ_OK);
    expect("all comes back", own_limit() == KMEM);
    check("a window", mz_monitor_new_window(native_monitor(), &window[0]), MZ_OK);
    check("a window", mz_monitor_new_window(native_monitor(), &window[1]), MZ_OK);
}

/* ---- a child, which shares all memory with its parent ---- */

static uint8_t stack[4 * PAGE] __attribute__((aligned(PAGE)));
static volatile unsigned tries;

/* Nobody there, as for a thread that does not exist. */
static unsigned reaches(L4_ThreadId_t to)
{
    bool reached;

    L4_Set_MsgTag(L4_MakeTag(0x55, 0, 0));
    reached = L4_IpcSucceeded(L4_Send_Timeout(to, L4_ZeroTime)) ||
              L4_ErrorCode() != L4_IPC_NO_PARTNER << 1;
    reached = L4_Notify(to, 1) || reached;
    tries++;
    return reached;
}

static void child(void)
{
    L4_ThreadId_t self = L4_Myself(), pager = L4_Pager();
    L4_Word_t wrong = reaches(native_monitor()) + reaches(L4_Sigma0Id()), old;

    for (L4_Word_t w = 1; w <= PEERS; w++) {
        for (unsigned i = 0; i < 4 * GENERATIONS; i++) {
            if (w != own && w != window[0])
                wrong += reaches(id(w, i / GENERATIONS, 1 + i % GENERATIONS));
        }
    }
    wrong += L4_ThreadControl(self, self, self, self, (void *)-1L) != 0;
    wrong += L4_SpaceControl(self, 0, L4_Nilpage, L4_Nilpage, L4_nilthread, &old) != 0;
    wrong += L4_Set_Priority(pager, 1) != 0;
    L4_Set_MsgTag(L4_MakeTag(REPORT, 1, 0));
    L4_LoadMR(1, wrong);
    L4_Send(pager);
    for (;;)
        ;
}

/* Pages are the parent's own, at the same addresses; true: the fault was answered. */
static bool answer_fault(L4_ThreadId_t from, L4_MsgTag_t tag)
{
    L4_Word_t address;
    L4_Fpage_t page;
    L4_MapItem_t item;

    if ((long)tag.raw >> 20 != -2)
        return false;
    L4_StoreMR(1, &address);
    (void)*(volatile uint8_t *)address;
    page = L4_FpageLog2(address & ~(L4_Word_t)(PAGE - 1), 12);
    L4_Set_Rights(&page, L4_FullyAccessible);
    item = L4_MapItem(page, address & ~(L4_Word_t)(PAGE - 1));
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    L4_LoadMR(1, item.raw[0]);
    L4_LoadMR(2, item.raw[1]);
    L4_Reply(from);
    return true;
}

static void test_child(void)
{
    const L4_ThreadId_t up = native_monitor(), self = L4_Myself(), c = id(window[0], 0, 3);
    L4_ThreadId_t from = L4_nilthread;
    L4_MsgTag_t tag;
    L4_Word_t wrong = 1;

    check("kernel memory", limit_to(0, KMEM / 2), MZ_OK);
    check("reach the child", mz_monitor_connect(up, own, window[0]), MZ_OK);
    check("a space", mz_monitor_create_space(up, c, self, false), MZ_OK);
    check("a thread", mz_monitor_create_thread(up, c, c, self), MZ_OK);
    check_number("a priority above its own", (long long)L4_Set_Priority(c, 102), 0);
    L4_Set_MsgTag(L4_MakeTag(0, 2, 0));
    L4_LoadMR(1, (L4_Word_t)child);
    L4_LoadMR(2, (L4_Word_t)stack + sizeof(stack) - sizeof(L4_Word_t));
    expect("a start", L4_IpcSucceeded(L4_Reply(c)));
    do {
        tag = L4_Wait(&from);
    } while (answer_fault(from, tag));
    L4_StoreMR(1, &wrong);
    check_number("a report", L4_Label(tag), REPORT);
    check_number("what it could and should not", (long long)wrong, 0);
    native_print("its child made %u tries\n", tries);
}

static void test_modules(void)
{
    const L4_ThreadId_t up = native_monitor();
    uint64_t address, size;
    char name[64];
    bool asked = true;

    check("its description", mz_monitor_boot_module(up, 0, name, &address, &size), MZ_OK);
    expect("the name of it", strcmp(name, "system.dtb") == 0);
    check("a module behind the last", mz_monitor_boot_module(up, 90, name, &address, &size),
          MZ_ERR_NOT_FOUND);
    check("a module far behind", mz_monitor_boot_module(up, ~0u, name, &address, &size),
          MZ_ERR_NOT_FOUND);
    check("asked to stop", mz_monitor_asked_to_stop(up, &asked), MZ_OK);
    expect("nobody did", !asked);
}

static _Noreturn void end(const char *how)
{
    uint64_t address = 0, size;
    char name[64];

    mz_monitor_boot_module(native_monitor(), 0, name, &address, &size);
    if (strcmp(how, "write") == 0)
        *(volatile uint8_t *)(uintptr_t)address = 1;
    if (strcmp(how, "beyond") == 0)
        *(volatile uint8_t *)(uintptr_t)(MZ_MONITOR_RAM + native_boot()->ram_size) = 1;
    while (strcmp(how, "stay") == 0)
        L4_Sleep(L4_Never);
    native_exit(failures() ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, failures(), "");
}

int main(void)
{
    volatile uint8_t *ram = (uint8_t *)(uintptr_t)MZ_MONITOR_RAM;

    L4_Set_ExceptionHandler(L4_Pager());
    own = (L4_ThreadNo(L4_Myself()) - first_number()) / 64 + 1;
    test_windows();
    test_foreign_windows();
    test_kernel_memory();
    test_ids();
    test_threads();
    test_used_memory_counts();
    test_child();
    test_modules();
    for (uint64_t at = 0; at < native_boot()->ram_size; at += PAGE)
        check_number("its RAM is clear", ram[at]++, 0);
    native_print("%u wrong answers\n", failures());
    end(native_boot()->cmdline);
}
