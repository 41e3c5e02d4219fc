/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: each starts as a sensible one of an operation, and most are spoiled then. */
#include "noise.h"

#include <string.h>

#include <l4/protocol.h>
#include <l4/schedule.h>

#include <marzipan/console.h>
#include <marzipan/device.h>
#include <marzipan/directory.h>
#include <marzipan/log.h>
#include <marzipan/machine.h>
#include <marzipan/memory.h>
#include <marzipan/schedule.h>
#include <marzipan/statistics.h>
#include <marzipan/task.h>
#include <marzipan/vm.h>

/* Operations by their arguments: n a name, k a key, v a value, p a path, x a text; b 0 or 1, e 0 to
 * 7, w and W a number of 32 and of 64 bits, t a thread. */
static const struct form {
    const char *arguments;
    L4_Word_t labels[20]; /* 0: no more */
} forms[] = {
    {"",
     {MZ_LABEL_CONSOLE_FLUSH, MZ_LABEL_TASK_CREATE_SPACE, MZ_LABEL_TASK_ALIVE,
      MZ_LABEL_TASK_OWN_USAGE, MZ_LABEL_STATISTICS_KERNEL_INFO}},
    {"pxw", {MZ_LABEL_DIRECTORY_PUBLISH}},
    {"p", {MZ_LABEL_DIRECTORY_WITHDRAW, MZ_LABEL_DIRECTORY_FIND, MZ_LABEL_DIRECTORY_UNWATCH}},
    {"pW", {MZ_LABEL_DIRECTORY_WATCH}},
    {"eWx", {MZ_LABEL_EXIT_NOW}},
    {"ex", {MZ_LABEL_LOG_WRITE}},
    {"w", {MZ_LABEL_MACHINE_POWER_OFF, MZ_LABEL_VM_LIST, MZ_LABEL_DEVICE_RELEASE_INTERRUPT}},
    {"wWW", {MZ_LABEL_TASK_CREATE_THREAD}},
    {"t", {MZ_LABEL_TASK_DELETE_THREAD, MZ_LABEL_TASK_DELETE_SPACE}},
    {"tw", {MZ_LABEL_TASK_SET_PRIORITY}},
    {"W",
     {MZ_LABEL_TASK_STARTED, MZ_LABEL_VM_NEXT_EVENT, MZ_LABEL_MEMORY_RELEASE,
      MZ_LABEL_MEMORY_DECLINE, MZ_LABEL_MEMORY_REVOKE, MZ_LABEL_MEMORY_LEAVE,
      MZ_LABEL_MEMORY_WATCH}},
    {"nb", {MZ_LABEL_VM_CREATE}},
    {"nkv", {MZ_LABEL_VM_CONFIGURE, MZ_LABEL_VM_CONFIGURE, MZ_LABEL_VM_CONFIGURE}},
    {"n",
     {MZ_LABEL_VM_START, MZ_LABEL_VM_PAUSE, MZ_LABEL_VM_RESUME, MZ_LABEL_VM_RESET,
      MZ_LABEL_VM_DESTROY, MZ_LABEL_VM_INSPECT, MZ_LABEL_SCHEDULE_GET, MZ_LABEL_STATISTICS_EXITS_OF,
      MZ_LABEL_STATISTICS_MESSAGES_OF, MZ_LABEL_STATISTICS_CPU_TIME_OF,
      MZ_LABEL_STATISTICS_MEMORY_OF, MZ_LABEL_STATISTICS_WORKING_SET_OF}},
    {"nw",
     {MZ_LABEL_VM_STOP, MZ_LABEL_SCHEDULE_SET_WEIGHT, MZ_LABEL_SCHEDULE_SET_CAP,
      MZ_LABEL_SCHEDULE_SET_PRIORITY}},
    {"nww", {MZ_LABEL_SCHEDULE_SET_RESERVATION}},
    {"nwW", {MZ_LABEL_SCHEDULE_PIN}},
    {"WW", {MZ_LABEL_MEMORY_ALLOCATE, MZ_LABEL_MEMORY_ACCEPT, MZ_LABEL_DEVICE_RELEASE_MEMORY}},
    {"Wne", {MZ_LABEL_MEMORY_SHARE}},
    {"bw", {MZ_LABEL_MEMORY_LIST}},
    {"wt", {MZ_LABEL_DEVICE_CLAIM_INTERRUPT}},
    {"ww", {MZ_LABEL_DEVICE_CLAIM_PORTS, MZ_LABEL_DEVICE_RELEASE_PORTS}},
    {"WWe", {MZ_LABEL_DEVICE_CLAIM_MEMORY}},
};

static const char *const names[] = {"toy",
                                    "toy",
                                    "top",
                                    "top",
                                    "box",
                                    "box",
                                    "ghost",
                                    "shelf",
                                    "beat",
                                    "noise",
                                    "any",
                                    "",
                                    "a-name-that-is-as-long-as-it-can",
                                    "Toy",
                                    "toy "};
static const char *const paths[] = {"/noise/a",
                                    "/noise/b",
                                    "/noise/a/b",
                                    "/noise",
                                    "/beat",
                                    "/noise/*",
                                    "/",
                                    "",
                                    "noise",
                                    "/secret",
                                    "/noise//a",
                                    "/Noise",
                                    "/noise/123456789012345678901234567890"};
static const char *const keys[] = {"memory",
                                   "kernel-memory",
                                   "vcpus",
                                   "priority",
                                   "threads",
                                   "weight",
                                   "cap",
                                   "budget-us",
                                   "cpus",
                                   "period-us",
                                   "log-level",
                                   "watchdog-ms",
                                   "stop-ms",
                                   "restart",
                                   "colour",
                                   "module",
                                   "restart-limit",
                                   "restart-delay-ms",
                                   "may-poweroff",
                                   "manual",
                                   "kernel",
                                   "publishes",
                                   "restart-window-ms",
                                   "initrd",
                                   "cmdline",
                                   "after",
                                   "uses",
                                   "controls",
                                   "creates",
                                   "name",
                                   "",
                                   "memory ",
                                   "a-key-that-is-longer-than-31"};
static const char *const values[] = {"0",     "1",       "2",         "50",
                                     "65536", "4194304", "16777217",  "4294967296",
                                     "-1",    "0x1000",  "always",    "never",
                                     "red",   "noise",   "tsc",       "doomed",
                                     "/beat", "beat",    "/noise/a",  "toy",
                                     "",      " ",       "\033[2J",   "on-failure",
                                     "shelf", "1000",    "999999999", "99999999999999999999"};

#define ONE_OF(list) ((list)[noise_random(sizeof(list) / sizeof((list)[0]))])

static uint64_t state;
static L4_Word_t ids[16];

void noise_seed(unsigned long seed)
{
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

unsigned long noise_random(unsigned long n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned long)(state >> 16) % n;
}

static uint64_t any_bits(void)
{
    uint64_t high = noise_random(0x10000);

    return high << 48 ^ (uint64_t)noise_random(0x10000000) << 24 ^ noise_random(0x10000000);
}

const char *noise_name(void)
{
    return ONE_OF(names);
}

void noise_remember(L4_Word_t id)
{
    ids[noise_random(16)] = id;
}

static uint64_t a_number(void)
{
    static const uint64_t edges[] = {0,      1,          2,           31,          32,
                                     100,    1000,       10000,       UINT32_MAX,  0x80000000,
                                     0x1000, 0x00400000, 0x20000000,  0x08000000,  UINT64_MAX,
                                     64,     0xc0000000, 0x7ffffffff, 0x200000000, UINT64_MAX - 1};

    switch (noise_random(4)) {
    case 0:
        return ONE_OF(edges);
    case 1:
        return any_bits();
    default:
        return noise_random(256);
    }
}

static L4_Word_t a_thread(void)
{
    switch (noise_random(8)) {
    case 0:
        return L4_Myself().raw;
    case 1:
        return native_monitor().raw;
    case 2:
        return L4_Myself().raw + (noise_random(128) << L4_VERSION_BITS);
    case 3:
        return (L4_Word_t)any_bits();
    default:
        return ids[noise_random(16)];
    }
}

static void put(struct message *m, L4_Word_t w)
{
    if (m->words < 63)
        m->w[++m->words] = w;
}

static void put_text(struct message *m, const char *text)
{
    size_t n = strlen(text);

    put(m, n);
    for (size_t at = 0; at < n; at += sizeof(L4_Word_t)) {
        L4_Word_t w = 0;

        memcpy(&w, text + at, n - at < sizeof(w) ? n - at : sizeof(w));
        put(m, w);
    }
}

static void put_argument(struct message *m, char kind)
{
    uint64_t n = a_number();

    switch (kind) {
    case 'n':
        return put_text(m, noise_name());
    case 'k':
        return put_text(m, ONE_OF(keys));
    case 'v':
    case 'x':
        return put_text(m, ONE_OF(values));
    case 'p':
        return put_text(m, ONE_OF(paths));
    case 'b':
        return put(m, noise_random(2));
    case 'e':
        return put(m, noise_random(8));
    case 't':
        return put(m, a_thread());
    case 'W':
        put(m, (L4_Word_t)n);
        if (MZ_LONG == 2)
            put(m, mz_high(n));
        return;
    default:
        return put(m, (uint32_t)n);
    }
}

static void add_item(struct message *m)
{
    static const L4_Word_t kinds[] = {0, 0x1, 0x8, 0x9, 0xa, 0xc, 0xd, 0x6, 0xe};

    if (m->words + m->typed > 61)
        return;
    m->w[m->words + ++m->typed] = (L4_Word_t)any_bits() << 10 | ONE_OF(kinds);
    m->w[m->words + ++m->typed] = noise_random(2) ? MZ_VMM_BOOT | 0xc7 : (L4_Word_t)any_bits();
}

/* One thing of it is not as it should be. */
static void spoil(struct message *m)
{
    switch (noise_random(8)) {
    case 0:
        m->words = (unsigned)noise_random(64);
        break;
    case 1:
        put(m, (L4_Word_t)any_bits());
        break;
    case 2:
        m->words -= m->words > 0;
        break;
    case 3:
        m->label ^= (L4_Word_t)1 << noise_random(L4_LABEL_BITS);
        break;
    case 4:
        m->label = (L4_Word_t)any_bits() & L4_LABEL_MASK;
        break;
    case 5:
        add_item(m);
        break;
    default:
        if (m->words)
            m->w[1 + noise_random(m->words)] = (L4_Word_t)any_bits();
    }
}

static uint8_t stacks[32][256] __attribute__((aligned(16)));

static void sleep_on(void)
{
    for (;;)
        L4_Sleep(L4_Never);
}

/* A new thread begins where it does no harm, or nowhere. */
static void tame_thread(struct message *m)
{
    unsigned at = 1 + MZ_LONG;
    L4_Word_t index = (uint32_t)m->w[1];

    if (m->words != 1 + 2 * MZ_LONG)
        return;
    m->w[2] = index == 0 ? ~0ul : (L4_Word_t)sleep_on;
    m->w[at + 1] = (L4_Word_t)(stacks[index % 32] + 248);
    if (MZ_LONG == 2)
        m->w[3] = m->w[at + 2] = 0;
}

/* Nothing that would end this program: by its own wish, or as a fault that it seems to have; no
 * less priority than it has, by which others could keep it from going on. */
static void tame(struct message *m)
{
    L4_Word_t protocol = L4_LABEL_PROTOCOL(m->label);

    if (m->label == MZ_LABEL_EXIT_NOW)
        m->words = m->words > 1 ? 1 : m->words;
    if (m->label == MZ_LABEL_TASK_CREATE_THREAD)
        tame_thread(m);
    if (m->label == MZ_LABEL_TASK_SET_PRIORITY && m->words == 2 && m->w[1] == L4_Myself().raw)
        m->w[2] = 201;
    if (protocol == L4_LABEL_EXCEPTION || protocol == L4_LABEL_ARCH_EXCEPTION ||
        protocol == L4_LABEL_PREEMPTION)
        m->label = L4_LABEL_INTERRUPT;
    if ((protocol == L4_LABEL_PAGEFAULT || protocol == L4_LABEL_IO_FAULT) && m->words == 2)
        m->words = 1;
}

/* Each operation is as likely as the next one, whatever its form. */
static const struct form *choose(L4_Word_t *label)
{
    for (;;) {
        const struct form *f = &ONE_OF(forms);

        *label = ONE_OF(f->labels);
        if (*label)
            return f;
    }
}

void noise_message(struct message *m)
{
    const struct form *f = choose(&m->label);

    m->words = m->typed = 0;
    for (const char *a = f->arguments; *a; a++)
        put_argument(m, *a);
    for (unsigned long n = noise_random(4); n > 1; n--)
        spoil(m);
    if (noise_random(50) == 0)
        m->label = L4_PROTOCOL_LABEL(-(long)noise_random(12)) | noise_random(16);
    tame(m);
}

bool noise_may_wait(const struct message *m)
{
    return m->label == MZ_LABEL_VM_NEXT_EVENT || m->label == MZ_LABEL_CONSOLE_FLUSH;
}
