/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for events, and who dies while he waits or is worked upon. */
#include <string.h>

#include <l4/ipc.h>
#include <l4/schedule.h>

#include "boss.h"

#define ROUNDS 50u

static struct mz_vm_event heard;
static enum mz_error heard_error;
static uint64_t from_here;
static L4_ThreadId_t first_thread;

/* Waits for events, and hands each to the first thread. */
static void listen(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    for (;;) {
        heard_error = mz_vm_next_event(native_monitor(), from_here, &heard);
        from_here = heard.number;
        L4_Set_MsgTag(L4_Niltag);
        L4_Send(first_thread);
    }
}

static void hear(L4_ThreadId_t listener, enum mz_vm_change what, const char *who)
{
    expect("a word of the listener", L4_IpcSucceeded(L4_Receive(listener)));
    check("what it heard", heard_error, MZ_OK);
    expect("the event", heard.what == what && strcmp(heard.who, who) == 0);
}

/* Another thread waits while this one acts. */
static void two_threads(void)
{
    L4_ThreadId_t m = native_monitor(), listener;

    from_here = mark();
    first_thread = L4_Myself();
    listener = make_thread(1, listen);
    L4_Sleep(L4_TimePeriod(10000)); /* it has begun to wait, or it waits a little later */
    check("a second waiter", mz_vm_next_event(m, from_here, &heard), MZ_ERR_QUOTA);
    make_program("kid", "echo");
    hear(listener, MZ_VM_CREATED, "kid");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    hear(listener, MZ_VM_STARTED, "kid");
    check("stop", mz_vm_stop(m, "kid", 10000), MZ_OK);
    hear(listener, MZ_VM_STOPPED, "kid");
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    hear(listener, MZ_VM_DESTROYED, "kid");
    check("delete the listener", mz_task_delete_thread(m, listener), MZ_OK);
    expect("nobody waits any more", !event_soon(mark()));
}

/* Numbers count up; what is too old is lost; who gives up may come again. */
static void late(void)
{
    L4_ThreadId_t m = native_monitor();
    struct mz_vm_event e;
    uint64_t before = mark();

    for (unsigned i = 0; i < 40; i++) {
        check("create", mz_vm_create(m, "kid", true), MZ_OK);
        check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    }
    check("events of long ago", mz_vm_next_event(m, before + 1, &e), MZ_ERR_VM_EVENTS_LOST);
    check("the first that is known", mz_vm_next_event(m, 0, &e), MZ_OK);
    expect("64 are known", before + 80 - e.number == 63);
    check("the one behind it", mz_vm_next_event(m, e.number, &e), MZ_OK);
    before = mark();
    expect("no event of the future", !event_soon(~UINT64_C(0)));
    for (unsigned i = 0; i < 3; i++)
        expect("no event yet", !event_soon(before));
    check("create after giving up", mz_vm_create(m, "kid", true), MZ_OK);
    check("an event after giving up", mz_vm_next_event(m, before, &e), MZ_OK);
    expect("that one", e.what == MZ_VM_CREATED && strcmp(e.who, "kid") == 0);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
}

void boss_events(void)
{
    two_threads();
    late();
}

void boss_wait(void)
{
    struct mz_vm_event e;

    for (;;)
        mz_vm_next_event(native_monitor(), 0, &e);
}

void boss_leave(void)
{
    L4_ThreadId_t m = native_monitor();

    make_program("kid", "storm");
    make_program("kin", "echo");
    make_program("kit", "echo");
    set("kit", "after", "/boss/never");
    check("start what writes", mz_vm_start(m, "kid"), MZ_OK);
    check("start what stands still", mz_vm_start(m, "kin"), MZ_OK);
    check("pause", mz_vm_pause(m, "kin"), MZ_OK);
    check("start what has to wait", mz_vm_start(m, "kit"), MZ_OK);
    if (L4_WORD_BITS == 64) {
        make_vm("guest", "spin");
        check("start a VM", mz_vm_start(m, "guest"), MZ_OK);
        await(MZ_VM_READY, "guest");
    }
    native_print("left, %u failures\n", failures());
    boss_wait();
}

void boss_flood(void)
{
    static struct mz_vm_summary some[64];
    struct mz_vm_details all;
    uint32_t n;

    native_print("begins\n");
    for (;;) {
        mz_vm_list(native_monitor(), 0, some, 64, &n);
        mz_vm_inspect(native_monitor(), "other", &all);
        mz_vm_configure(native_monitor(), "other", "memory", "1");
        mz_vm_reset(native_monitor(), "other");
        event_soon(0);
    }
}

static void write_on(void)
{
    for (;;)
        native_print("a line of a thread that will be deleted in the middle of it\n");
}

/* A thread is deleted while it waits for its event, or for its output to be taken. */
static void threads_die(void)
{
    L4_ThreadId_t m = native_monitor(), t;

    first_thread = L4_Myself();
    for (unsigned i = 0; i < ROUNDS; i++) {
        from_here = mark();
        t = make_thread(1, listen);
        L4_Sleep(L4_TimePeriod(1000));
        check("delete who waits", mz_task_delete_thread(m, t), MZ_OK);
        check("an event for nobody", mz_vm_create(m, "kid", true), MZ_OK);
        check("another one", mz_vm_destroy(m, "kid"), MZ_OK);
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        t = make_thread(2, write_on);
        L4_Sleep(L4_TimePeriod(3000 + i * 50));
        check("delete who writes", mz_task_delete_thread(m, t), MZ_OK);
    }
    native_print("\nthe threads are gone\n");
}

/* Whatever a domain does that dies at any moment: an answer is about its state at most. */
static void fair(const char *what, enum mz_error error)
{
    if (error != MZ_OK)
        check(what, error, MZ_ERR_BAD_STATE);
}

static void children_die(void)
{
    static const char *const acts[] = {"divide", "storm", "undefined", "nothing", "restless"};
    L4_ThreadId_t m = native_monitor();

    for (unsigned i = 0; i < ROUNDS; i++) {
        make_program("kid", acts[i % 5]);
        check("start", mz_vm_start(m, "kid"), MZ_OK);
        L4_Sleep(L4_TimePeriod(i * 20));
        fair("pause", mz_vm_pause(m, "kid"));
        look("kid");
        fair("resume", mz_vm_resume(m, "kid"));
        fair("reset", mz_vm_reset(m, "kid"));
        fair("stop", mz_vm_stop(m, "kid", 1));
        fair("pause", mz_vm_pause(m, "kid"));
        fair("kill", mz_vm_stop(m, "kid", 0));
        check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    }
}

/* One that waits for an event, or for the line, is killed, paused, and goes on. */
static void waiters_die(void)
{
    L4_ThreadId_t m = native_monitor();

    for (unsigned i = 0; i < ROUNDS; i++) {
        if (i % 2)
            make_program_of("boss", "kid", "wait");
        else
            make_program("kid", "storm");
        check("start", mz_vm_start(m, "kid"), MZ_OK);
        L4_Sleep(L4_TimePeriod(2000));
        check("pause who waits", mz_vm_pause(m, "kid"), MZ_OK);
        check("an event beside it", mz_vm_create(m, "kit", true), MZ_OK);
        check("resume who waits", mz_vm_resume(m, "kid"), MZ_OK);
        check("kill who waits", mz_vm_stop(m, "kid", 0), MZ_OK);
        check("another event", mz_vm_destroy(m, "kit"), MZ_OK);
        check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    }
}

void boss_deaths(void)
{
    struct mz_task_usage before = {0}, after = {0};

    check("usage", mz_task_own_usage(native_monitor(), &before), MZ_OK);
    threads_die();
    children_die();
    waiters_die();
    check("usage", mz_task_own_usage(native_monitor(), &after), MZ_OK);
    expect("no threads are left", before.threads == after.threads);
}
