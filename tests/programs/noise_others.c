/* SPDX-License-Identifier: BSD-2-Clause */
/* Those beside the noise: its children, and the one whose state nobody may change. */
#include <stdio.h>
#include <string.h>

#include <l4/protocol.h>
#include <l4/schedule.h>

#include <marzipan/directory.h>
#include <marzipan/statistics.h>
#include <marzipan/task.h>
#include <marzipan/vm.h>

#include "noise.h"

#define SETTLED 4u /* beats */

static const char *const names[] = {"toy", "top", "box", "ghost"};

static void set(const char *who, const char *key, const char *value)
{
    mz_vm_configure(native_monitor(), who, key, value);
}

void noise_raise(void)
{
    char noise[24];
    const char *const acts[] = {"doomed", "beat", noise};
    L4_ThreadId_t m = native_monitor();
    const char *who = names[noise_random(4)];
    bool program = L4_WORD_BITS == 32 || strcmp(who, "box") != 0;

    snprintf(noise, sizeof(noise), "%lu 20", noise_random(1000000));
    mz_vm_create(m, who, program);
    set(who, "memory", program ? "65536" : "4194304");
    set(who, "module", program ? "noise" : "tsc");
    set(who, "cmdline", acts[noise_random(3)]);
    set(who, "priority", "20");
    if (noise_random(4) == 0)
        set(who, "restart", "always");
    mz_vm_start(m, who);
}

void noise_clean(void)
{
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        mz_vm_destroy(native_monitor(), names[i]);
}

void noise_doomed(void)
{
    static const int protocols[] = {-2, -4, -5, -8};

    noise_seed(native_boot()->incarnation + (unsigned long)L4_SystemClock().raw);
    for (;;) {
        L4_Word_t words = noise_random(64);

        for (unsigned i = 1; i <= words; i++)
            L4_LoadMR((int)i, noise_random(2) ? noise_random(~0ul) : noise_random(256) << 12);
        L4_Set_MsgTag(
            L4_MakeTag(L4_PROTOCOL_LABEL(protocols[noise_random(4)]) | noise_random(16), words, 0));
        L4_Call_Timeouts(native_monitor(), L4_Never, L4_TimePeriod(10000));
    }
}

/* What is to stay as it is. */
struct self {
    struct mz_task_usage usage;
    struct mz_vm_details details;
    L4_ThreadId_t server;
    uint32_t kind;
    char about[64];
};

static bool look(struct self *s)
{
    L4_ThreadId_t m = native_monitor();
    bool good;

    memset(s, 0, sizeof(*s));
    good = mz_task_own_usage(m, &s->usage) == MZ_OK &&
           mz_directory_find(m, "/beat", &s->server, &s->kind, s->about) == MZ_OK &&
           mz_vm_inspect(m, "beat", &s->details) == MZ_OK;
    s->details.cpu_us = 0;
    return good;
}

/* One that a child of noise is: it has no service, and says nothing. */
static _Noreturn void beat_silently(void)
{
    for (;;)
        L4_Sleep(L4_TimePeriod(1000));
}

static void tell(const struct self *a, const struct self *b)
{
    native_print(
        "FAIL: memory %llu, %llu; kernel's %llu, %llu; threads %u, %u; state %u, starts %u\n",
        (unsigned long long)a->usage.memory, (unsigned long long)b->usage.memory,
        (unsigned long long)a->usage.kernel_memory, (unsigned long long)b->usage.kernel_memory,
        a->usage.threads, b->usage.threads, b->details.now, b->details.starts);
}

void noise_beat(void)
{
    static struct self first, now;
    struct mz_statistics_kernel all = {0};

    if (mz_directory_publish(native_monitor(), "/beat", "a=1", 7))
        beat_silently();
    for (unsigned i = 0; i < MZ_OUT_SIZE; i++)
        native_rings()->out[i] = 0; /* its pages are counted, too */
    native_print("begins\n");
    for (unsigned n = 0;; n++) {
        if (!look(&now))
            native_print("FAIL: I am not what I was\n");
        if (n < SETTLED)
            first = now; /* not all pages that it takes are there yet */
        else if (memcmp(&first, &now, sizeof(now)) != 0)
            tell(&first, &now);
        mz_statistics_kernel_info(native_monitor(), &all);
        native_print("beat %u, free %llu, kernel %llu\n", n, (unsigned long long)all.memory_free,
                     (unsigned long long)all.kernel_memory);
        L4_Sleep(L4_TimePeriod(200000));
    }
}
