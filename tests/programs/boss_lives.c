/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives of programs and VMs from their creation to their end, and what can be done when. */
#include <string.h>

#include <l4/schedule.h>

#include "boss.h"

enum act { START, PAUSE, RESUME, RESET, STOP, KILL, CONFIGURE, ACTS };

static enum mz_error do_act(enum act what, const char *who)
{
    L4_ThreadId_t m = native_monitor();

    switch (what) {
    case START:
        return mz_vm_start(m, who);
    case PAUSE:
        return mz_vm_pause(m, who);
    case RESUME:
        return mz_vm_resume(m, who);
    case RESET:
        return mz_vm_reset(m, who);
    case STOP:
        return mz_vm_stop(m, who, 10000);
    case KILL:
        return mz_vm_stop(m, who, 0);
    default:
        return mz_vm_configure(m, who, "colour", "red");
    }
}

/* All that the state of `kid` does not allow: a bit for each act. */
static void refused(const char *when, enum mz_vm_state now, unsigned acts)
{
    static const char *const names[] = {"start", "pause", "resume",   "reset",
                                        "stop",  "kill",  "configure"};

    native_print("%s\n", when);
    expect("the state", look("kid").now == now);
    for (unsigned i = 0; i < ACTS; i++) {
        if (acts >> i & 1)
            check(names[i], do_act((enum act)i, "kid"), MZ_ERR_BAD_STATE);
    }
    expect("the same state", look("kid").now == now);
}

#define BIT(act) (1u << (act))
#define IS_DOWN  (BIT(PAUSE) | BIT(RESUME) | BIT(STOP) | BIT(KILL))

void boss_states(void)
{
    make_program("kid", "echo");
    refused("defined", MZ_VM_DEFINED, IS_DOWN);
    check("start", do_act(START, "kid"), MZ_OK);
    refused("running", MZ_VM_RUNNING, BIT(START) | BIT(RESUME) | BIT(CONFIGURE));
    check("pause", do_act(PAUSE, "kid"), MZ_OK);
    refused("paused", MZ_VM_PAUSED, BIT(START) | BIT(PAUSE) | BIT(CONFIGURE));
    check("resume", do_act(RESUME, "kid"), MZ_OK);
    check("kill", do_act(KILL, "kid"), MZ_OK);
    refused("killed", MZ_VM_ENDED, IS_DOWN);
    check("start", do_act(START, "kid"), MZ_OK);
    check("pause", do_act(PAUSE, "kid"), MZ_OK);
    skip_events();
    check("stop one that is paused", do_act(STOP, "kid"), MZ_OK); /* it goes on, and ends */
    await(MZ_VM_STOPPED, "kid");
    expect("stopped by itself", strcmp(look("kid").last_end, "powered off") == 0);
    set("kid", "after", "/boss/never");
    check("start what has to wait", do_act(START, "kid"), MZ_OK);
    refused("waiting", MZ_VM_WAITING,
            BIT(START) | BIT(PAUSE) | BIT(RESUME) | BIT(STOP) | BIT(RESET) | BIT(CONFIGURE));
    check("kill what waits", do_act(KILL, "kid"), MZ_OK);
    refused("kept down", MZ_VM_ENDED, IS_DOWN);
    check("destroy", mz_vm_destroy(native_monitor(), "kid"), MZ_OK);
    make_program("kid", "divide");
    check("reset one that is down", do_act(RESET, "kid"), MZ_OK);
    await(MZ_VM_CRASHED, "kid");
    refused("crashed", MZ_VM_FAILED, IS_DOWN);
    check("destroy", mz_vm_destroy(native_monitor(), "kid"), MZ_OK);
}

/* One that ends when it is asked to. */
static void live_well(void)
{
    L4_ThreadId_t m = native_monitor();
    struct mz_vm_details d;

    make_program("kid", "echo");
    expect_event(MZ_VM_CREATED, "kid");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    expect_event(MZ_VM_STARTED, "kid");
    d = look("kid");
    expect("what it is", d.is_program && d.starts == 1 && d.vcpus == 1 && d.priority == 50);
    expect("what it has", d.memory && d.memory < d.memory_limit && d.kernel_memory &&
                              d.kernel_memory < d.kernel_memory_limit);
    check("stop", mz_vm_stop(m, "kid", 10000), MZ_OK);
    check("stop again", mz_vm_stop(m, "kid", 10000), MZ_ERR_BAD_STATE);
    expect("why", strcmp(expect_event(MZ_VM_STOPPED, "kid"), "powered off") == 0);
    d = look("kid");
    expect("nothing is left", d.now == MZ_VM_ENDED && !d.memory && !d.kernel_memory);
    check("start anew", mz_vm_start(m, "kid"), MZ_OK);
    expect_event(MZ_VM_RESTARTED, "kid");
    check("reset", mz_vm_reset(m, "kid"), MZ_OK);
    expect("who", strcmp(expect_event(MZ_VM_STOPPED, "kid"), "reset by program boss") == 0);
    expect_event(MZ_VM_RESTARTED, "kid");
    expect("starts", look("kid").starts == 3);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    expect_event(MZ_VM_STOPPED, "kid");
    expect_event(MZ_VM_DESTROYED, "kid");
}

/* One that does not listen, and one that crashes until nobody starts it any more. */
static void live_badly(void)
{
    L4_ThreadId_t m = native_monitor();

    make_program("kid", "spin");
    set("kid", "stop-ms", "60000");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    skip_events();
    check("stop", mz_vm_stop(m, "kid", 100), MZ_OK);
    expect("how",
           strcmp(expect_event(MZ_VM_STOPPED, "kid"), "did not stop within 1 s; killed") == 0);
    set("kid", "stop-ms", "100");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    check("stop with patience of its own", mz_vm_stop(m, "kid", 600000), MZ_OK);
    expect_event(MZ_VM_RESTARTED, "kid");
    expect_event(MZ_VM_STOPPED, "kid");
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    expect_event(MZ_VM_DESTROYED, "kid");
    make_program("kid", "undefined");
    set("kid", "restart", "on-failure");
    set("kid", "restart-limit", "2");
    set("kid", "restart-delay-ms", "1");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    expect_event(MZ_VM_CREATED, "kid");
    expect_event(MZ_VM_STARTED, "kid");
    for (unsigned i = 0; i < 2; i++) {
        expect("why", strstr(expect_event(MZ_VM_CRASHED, "kid"), "invalid opcode"));
        expect_event(MZ_VM_RESTARTED, "kid");
    }
    expect_event(MZ_VM_CRASHED, "kid");
    expect("it stays down", look("kid").now == MZ_VM_FAILED && look("kid").starts == 3);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    expect_event(MZ_VM_DESTROYED, "kid");
}

/* Defaults that follow from other properties follow those when they change. */
static void live_smaller(void)
{
    L4_ThreadId_t m = native_monitor();

    make_program("kid", "echo");
    set("kid", "memory", "8388608");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    check("kill", mz_vm_stop(m, "kid", 0), MZ_OK);
    set("kid", "memory", "65536");
    check("start with less memory", mz_vm_start(m, "kid"), MZ_OK);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    make_program("kid", "echo");
    expect("nothing of one before", !look("kid").cpu_us && !look("kid").last_end[0]);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    skip_events();
}

/* One of the description, which waits to be started. */
static void live_of_others(void)
{
    L4_ThreadId_t m = native_monitor();
    static struct mz_vm_summary some[64];
    uint32_t n;

    check("start another", mz_vm_start(m, "other"), MZ_OK);
    expect_event(MZ_VM_STARTED, "other");
    make_program("kid", "echo");
    check("list", mz_vm_list(m, 0, some, 64, &n), MZ_OK);
    expect("both, in order", n >= 2 && strcmp(some[n - 1].who, "kid") == 0 &&
                                 strcmp(some[n - 2].who, "other") == 0 &&
                                 some[n - 2].now == MZ_VM_RUNNING && some[n - 2].starts == 1 &&
                                 some[n - 1].memory == 65536 && some[n - 1].is_program);
    check("list the last", mz_vm_list(m, n - 1, some, 64, &n), MZ_OK);
    expect("one", n == 1 && strcmp(some[0].who, "kid") == 0);
    check("list more", mz_vm_list(m, ~0u, some, 64, &n), MZ_OK);
    expect("none", n == 0);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    check("stop another", mz_vm_stop(m, "other", 10000), MZ_OK);
    await(MZ_VM_STOPPED, "other");
}

/* Whether it gets processor time. */
static bool runs(const char *who)
{
    uint64_t us = look(who).cpu_us;

    for (unsigned i = 0; i < 20; i++) {
        L4_Sleep(L4_TimePeriod(5000));
        if (look(who).cpu_us != us)
            return true;
    }
    return false;
}

/* Whatever it is at, waiting for an answer or a page: it goes on with that. */
static void live_with_pauses(void)
{
    L4_ThreadId_t m = native_monitor();

    make_program("kid", "storm");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    for (unsigned i = 0; i < 40; i++) {
        L4_Sleep(L4_TimePeriod(i * 10));
        check("pause", mz_vm_pause(m, "kid"), MZ_OK);
        L4_Sleep(L4_TimePeriod(1000 - i * 10));
        check("resume", mz_vm_resume(m, "kid"), MZ_OK);
    }
    expect("it goes on", runs("kid"));
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    skip_events();
}

void boss_lives(void)
{
    skip_events();
    live_well();
    live_badly();
    live_smaller();
    live_with_pauses();
    live_of_others();
}

void boss_vms(void)
{
    L4_ThreadId_t m = native_monitor();

    skip_events();
    make_vm("guest", "spin");
    expect_event(MZ_VM_CREATED, "guest");
    check("start", mz_vm_start(m, "guest"), MZ_OK);
    expect_event(MZ_VM_STARTED, "guest");
    expect_event(MZ_VM_READY, "guest");
    expect("what it is", !look("guest").is_program && look("guest").memory > 4194304);
    expect("it runs", runs("guest"));
    check("pause", mz_vm_pause(m, "guest"), MZ_OK);
    expect("it stands still", !runs("guest"));
    check("resume", mz_vm_resume(m, "guest"), MZ_OK);
    expect("it goes on", runs("guest"));
    check("reset", mz_vm_reset(m, "guest"), MZ_OK);
    expect_event(MZ_VM_STOPPED, "guest");
    expect_event(MZ_VM_RESTARTED, "guest");
    expect_event(MZ_VM_READY, "guest");
    check("stop", mz_vm_stop(m, "guest", 300), MZ_OK);
    expect_event(MZ_VM_STOPPED, "guest");
    check("start", mz_vm_start(m, "guest"), MZ_OK);
    check("destroy", mz_vm_destroy(m, "guest"), MZ_OK);
    skip_events();
    make_vm("guest", "mischief");
    check("an ELF file that is no kernel", mz_vm_start(m, "guest"), MZ_OK);
    await(MZ_VM_CRASHED, "guest");
    expect("why", strstr(look("guest").last_end, "unusable kernel"));
    check("destroy", mz_vm_destroy(m, "guest"), MZ_OK);
    check("start the description's", mz_vm_start(m, "model"), MZ_OK);
    await(MZ_VM_READY, "model");
    check("stop the description's", mz_vm_stop(m, "model", 0), MZ_OK);
    await(MZ_VM_STOPPED, "model");
}
