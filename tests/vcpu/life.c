/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and unmaking vCPUs; what else may go wrong with calls. */
#include "vm.h"

#include <l4/arch.h>
#include <l4/ipc.h>
#include <l4/schedule.h>
#include <l4/self.h>
#include <l4/space.h>

GUEST(hlt);
GUEST(spin);

static L4_ThreadId_t main_thread;

static bool fails(L4_Word_t result, L4_Word_t error)
{
    return result == 0 && L4_ErrorCode() == error;
}

static bool without(void)
{
    main_thread = L4_MyGlobalId();
    CHECK(fails(L4_VcpuRun(), L4_ErrInvalidThread));
    CHECK(fails(L4_VcpuMap(L4_FpageLog2(0, 12), 0), L4_ErrInvalidThread));
    return true;
}

static bool create(void)
{
    L4_ThreadId_t me = L4_MyGlobalId();

    CHECK(fails(L4_VcpuControl(me, L4_GlobalId(L4_ThreadNo(me) + 50, 1), (void *)STATE),
                L4_ErrInvalidSpace));
    CHECK(vm_create());
    CHECK(fails(L4_VcpuControl(me, vm_space, (void *)STATE_2), L4_ErrInvalidParam));
    CHECK(L4_VcpuControl(me, L4_nilthread, NULL));
    CHECK(fails(L4_VcpuControl(me, vm_space, (void *)(STATE + 8)), L4_ErrUtcbArea));
    CHECK(fails(L4_VcpuControl(me, vm_space, (void *)0x10000000ul), L4_ErrUtcbArea));
    CHECK(fails(L4_VcpuControl(me, vm_space, (void *)UTCB_AREA), L4_ErrUtcbArea));
    CHECK(fails(L4_VcpuControl(vm_space, vm_space, (void *)STATE), L4_ErrInvalidThread));
    CHECK(L4_VcpuControl(me, vm_space, (void *)STATE));
    return true;
}

static bool bad_maps(void)
{
    L4_Fpage_t page = L4_FpageLog2((L4_Word_t)ram, 13);

    CHECK(fails(L4_VcpuMap(L4_FpageAddRights(page, 7), 0x1000), L4_ErrInvalidParam));
    CHECK(fails(L4_VcpuMap(L4_IoFpageLog2(0, 4), 0), L4_ErrInvalidParam));
    return true;
}

static void take_away(void)
{
    L4_Sleep(L4_TimePeriod(2000));
    L4_VcpuControl(main_thread, L4_nilthread, NULL);
    for (;;)
        L4_Sleep(L4_Never);
}

static void delete_space(void)
{
    L4_Sleep(L4_TimePeriod(2000));
    L4_ThreadControl(vm_space, L4_nilthread, L4_nilthread, L4_nilthread, (void *)-1);
    for (;;)
        L4_Sleep(L4_Never);
}

static bool taken_during(void (*how)(void), uint32_t flags)
{
    LOAD_REAL(spin);
    vs->flags = flags;
    CHECK(helper_start(how));
    CHECK(fails(L4_VcpuRun(), L4_ErrInvalidThread));
    CHECK(fails(L4_VcpuRun(), L4_ErrInvalidThread));
    helper_end();
    return true;
}

static bool taken_in_run(void)
{
    bool good = taken_during(take_away, 0);

    CHECK(L4_VcpuControl(main_thread, vm_space, (void *)STATE));
    return good;
}

static bool taken_in_sleep(void)
{
    bool good = taken_during(take_away, L4_VCPU_HALTED);

    CHECK(L4_VcpuControl(main_thread, vm_space, (void *)STATE));
    return good;
}

static bool space_gone(void)
{
    bool good = taken_during(delete_space, 0);

    CHECK(vm_create());
    return good;
}

/* A vCPU thread of its own in the same VM space, deleted while it runs. */
static void spin_in_guest(void)
{
    struct l4_vcpu_state *s = (struct l4_vcpu_state *)STATE_2;

    *s = *vs;
    s->dirty = L4_VCPU_G_ALL;
    s->flags = 0;
    L4_VcpuRun();
    for (;;)
        L4_Sleep(L4_Never);
}

static bool thread_deleted(void)
{
    L4_ThreadId_t t;

    LOAD_REAL(spin);
    t = helper_create();
    CHECK(L4_VcpuControl(t, vm_space, (void *)STATE_2));
    CHECK(L4_Set_Priority(t, MAIN_PRIORITY));
    helper_run(spin_in_guest);
    L4_Sleep(L4_TimePeriod(3000));
    helper_end();
    LOAD_REAL(hlt);
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static L4_Word_t local_word(void)
{
    L4_Word_t value;

    __asm__ volatile("mov %%fs:0, %0" : "=r"(value));
    return value;
}

/* The guest's exit brings back the segments of the first thread that ever ran one here. */
static bool local_kept(void)
{
    static L4_Word_t word[2] = {1, 2};

    for (unsigned i = 0; i < 6; i++) {
        CHECK(L4_ThreadLocal(0, (L4_Word_t)&word[i % 2], 0));
        LOAD_REAL(hlt);
        CHECK(vm_expect(L4_EXIT_HLT));
        CHECK(local_word() == 1 + i % 2);
        if (i == 3)
            L4_Sleep(L4_TimePeriod(1000));
    }
    CHECK(L4_ThreadLocal(0, 0, 0));
    return true;
}

const struct test life_tests[] = {
    {"calls without a vCPU fail", without},
    {"VcpuControl and its errors", create},
    {"VcpuMap's errors", bad_maps},
    {"a vCPU taken away during a run", taken_in_run},
    {"a vCPU taken away during sleep", taken_in_sleep},
    {"the VM space deleted during a run", space_gone},
    {"a vCPU thread deleted in its guest", thread_deleted},
    {"thread-local segments outlast runs", local_kept},
    {NULL, NULL},
};
