/* SPDX-License-Identifier: BSD-2-Clause */
#include "boss.h"

#include <stdlib.h>
#include <string.h>

#include <l4/arch.h>
#include <l4/schedule.h>

#include "raw.h"

#define CPU_0 "1"

int main(void);

static uint64_t seen; /* number of the last event that was taken */

void set(const char *name, const char *key, const char *value)
{
    check(key, mz_vm_configure(native_monitor(), name, key, value), MZ_OK);
}

void make_program_of(const char *image, const char *name, const char *act)
{
    check("create a program", mz_vm_create(native_monitor(), name, true), MZ_OK);
    set(name, "memory", "65536");
    set(name, "module", image);
    set(name, "cmdline", act);
    set(name, "priority", "50");
    set(name, "cpus", CPU_0);
}

void make_program(const char *name, const char *act)
{
    make_program_of("mischief", name, act);
}

void make_vm(const char *name, const char *payload)
{
    check("create a VM", mz_vm_create(native_monitor(), name, false), MZ_OK);
    set(name, "memory", "4194304");
    set(name, "kernel", payload);
    set(name, "priority", "50");
    set(name, "cpus", CPU_0);
}

struct mz_vm_details look(const char *name)
{
    struct mz_vm_details all;

    memset(&all, 0, sizeof(all));
    check("inspect", mz_vm_inspect(native_monitor(), name, &all), MZ_OK);
    return all;
}

const char *expect_event(enum mz_vm_change what, const char *who)
{
    static struct mz_vm_event e;

    check("next event", mz_vm_next_event(native_monitor(), seen, &e), MZ_OK);
    check_number(who, e.what, what);
    expect(e.who, strcmp(e.who, who) == 0);
    seen = e.number;
    return e.text;
}

void await(enum mz_vm_change what, const char *who)
{
    struct mz_vm_event e;

    do {
        check("next event", mz_vm_next_event(native_monitor(), seen, &e), MZ_OK);
        seen = e.number;
    } while (e.what != what || strcmp(e.who, who) != 0);
}

uint64_t mark(void)
{
    static uint64_t number;
    struct mz_vm_event e;

    check("create a mark", mz_vm_create(native_monitor(), "mark", true), MZ_OK);
    check("destroy it", mz_vm_destroy(native_monitor(), "mark"), MZ_OK);
    do {
        if (mz_vm_next_event(native_monitor(), number, &e) == MZ_ERR_VM_EVENTS_LOST)
            check("the first event", mz_vm_next_event(native_monitor(), 0, &e), MZ_OK);
        number = e.number;
    } while (e.what != MZ_VM_DESTROYED || strcmp(e.who, "mark") != 0);
    return number;
}

void skip_events(void)
{
    seen = mark();
}

bool event_soon(uint64_t after)
{
    L4_Word_t w[2] = {(L4_Word_t)after, mz_high(after)};

    L4_LoadMRs(1, (int)MZ_LONG, w);
    L4_Set_MsgTag(L4_MakeTag(MZ_LABEL_VM_NEXT_EVENT, MZ_LONG, 0));
    return L4_IpcSucceeded(L4_Call_Timeouts(native_monitor(), L4_Never, L4_TimePeriod(1000)));
}

L4_ThreadId_t make_thread(unsigned index, void (*run)(void))
{
    static uint8_t stacks[3][4096] __attribute__((aligned(16)));
    uint8_t *top = stacks[index] + sizeof(stacks[0]) - sizeof(L4_Word_t);
    L4_ThreadId_t t = L4_nilthread;

    check("a thread",
          mz_task_create_thread(native_monitor(), index, (L4_Word_t)run, (L4_Word_t)top, &t),
          MZ_OK);
    return t;
}

static const struct {
    const char *name;
    void (*act)(void);
} acts[] = {
    {"refusals", boss_refusals}, {"names", boss_names}, {"states", boss_states},
    {"lives", boss_lives},       {"vms", boss_vms},     {"events", boss_events},
    {"leave", boss_leave},       {"flood", boss_flood}, {"deaths", boss_deaths},
    {"wait", boss_wait},
};

int main(void)
{
    const char *line = native_boot()->cmdline;
    char *rest;

    L4_Set_ExceptionHandler(L4_Pager());
    for (unsigned i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(line, acts[i].name) == 0)
            acts[i].act();
    }
    if (strncmp(line, "cycles ", 7) == 0) {
        unsigned programs = (unsigned)strtoul(line + 7, &rest, 10);

        boss_cycles(programs, (unsigned)strtoul(rest, NULL, 10));
    }
    native_print("%s: %u failures\n", line, failures());
    native_exit(failures() ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, 0, "");
}
