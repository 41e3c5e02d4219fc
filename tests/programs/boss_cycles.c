/* SPDX-License-Identifier: BSD-2-Clause */
/* Many lives: whoever counts from outside finds the same before and after. */
#include <string.h>

#include <marzipan/statistics.h>

#include "boss.h"

#define WARM 8u /* lives after which nearly all is there that stays there */

/* Pages of the monitor that it touches for the first time, as those of its log's ring: less than a
 * byte for each life. */
#define STAYS 256u

static void wait_key(void)
{
    L4_ThreadId_t from;

    while (native_get() < 0)
        L4_Wait_Timeout(L4_TimePeriod(10000), &from);
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

struct books {
    struct mz_task_usage own;
    uint64_t memory, kernel_memory; /* free of the machine's; used by the kernel for the monitor */
};

static struct books look_at_books(void)
{
    struct mz_statistics_kernel all = {0};
    struct books books = {0};

    check("usage", mz_task_own_usage(native_monitor(), &books.own), MZ_OK);
    check("kernel's usage", mz_statistics_kernel_info(native_monitor(), &all), MZ_OK);
    books.memory = all.memory_free;
    books.kernel_memory = all.kernel_memory;
    return books;
}

static void compare(const struct books *a, const struct books *b)
{
    expect("the same usage", memcmp(&a->own, &b->own, sizeof(a->own)) == 0);
    check_number("free memory", (long long)b->memory, (long long)a->memory);
    if (b->kernel_memory - a->kernel_memory >= STAYS)
        check_number("the kernel's memory", (long long)b->kernel_memory,
                     (long long)a->kernel_memory);
}

void boss_cycles(unsigned programs, unsigned vms)
{
    struct books before, after;

    for (unsigned i = 0; i < WARM; i++) {
        live(i);
        if (vms)
            live_as_vm(i);
    }
    before = after = look_at_books();
    compare(&before, &after); /* pages of this program are there by now, too */
    native_print("warm\n");
    wait_key();
    before = look_at_books();
    for (unsigned i = 0; i < programs; i++)
        live(i);
    for (unsigned i = 0; i < vms; i++)
        live_as_vm(i);
    after = look_at_books();
    compare(&before, &after);
    native_print("done\n");
    wait_key();
}
