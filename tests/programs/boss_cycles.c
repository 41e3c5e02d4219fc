/* SPDX-License-Identifier: BSD-2-Clause */
/* Many lives: whoever counts from outside finds the same before and after. */
#include <string.h>

#include <l4/schedule.h>

#include "boss.h"

#define WARM 8u /* lives after which all is there that stays there */

static void wait_key(void)
{
    struct mz_console *rings = native_rings();
    L4_ThreadId_t from;

    while (rings->in_tail == *(volatile uint32_t *)&rings->in_head)
        L4_Wait_Timeout(L4_TimePeriod(10000), &from);
    rings->in_tail++;
}

/* It is killed as it begins, or asked to end, or ends by itself, or stands still. */
static void live(unsigned n)
{
    L4_ThreadId_t m = native_monitor();

    make_program("kid", n % 4 == 2 ? "nothing" : "echo");
    check("start", mz_vm_start(m, "kid"), MZ_OK);
    switch (n % 4) {
    case 1:
        check("stop", mz_vm_stop(m, "kid", 10000), MZ_OK);
        await(MZ_VM_STOPPED, "kid");
        break;
    case 2:
        await(MZ_VM_STOPPED, "kid");
        break;
    case 3:
        check("pause", mz_vm_pause(m, "kid"), MZ_OK);
        break;
    }
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    await(MZ_VM_DESTROYED, "kid");
}

static void live_as_vm(unsigned n)
{
    L4_ThreadId_t m = native_monitor();

    make_vm("guest", "spin");
    check("start", mz_vm_start(m, "guest"), MZ_OK);
    if (n % 4)
        await(MZ_VM_READY, "guest");
    if (n % 4 == 3)
        check("pause", mz_vm_pause(m, "guest"), MZ_OK);
    check("destroy", mz_vm_destroy(m, "guest"), MZ_OK);
    await(MZ_VM_DESTROYED, "guest");
}

void boss_cycles(unsigned programs, unsigned vms)
{
    struct mz_task_usage before = {0}, after = {0};

    for (unsigned i = 0; i < WARM; i++) {
        live(i);
        if (vms)
            live_as_vm(i);
    }
    check("usage", mz_task_own_usage(native_monitor(), &before), MZ_OK);
    native_print("warm\n");
    wait_key();
    for (unsigned i = 0; i < programs; i++)
        live(i);
    for (unsigned i = 0; i < vms; i++)
        live_as_vm(i);
    check("usage", mz_task_own_usage(native_monitor(), &after), MZ_OK);
    expect("the same usage", memcmp(&before, &after, sizeof(before)) == 0);
    native_print("done\n");
    wait_key();
}
