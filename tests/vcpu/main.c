/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs all tests, speaks TAP, ends QEMU through its debug exit device. */
#include "vm.h"

#include <l4/ipc.h>
#include <l4/kdebug.h>
#include <l4/schedule.h>
#include <l4/self.h>
#include <rt/console.h>
#include <stdio.h>

static unsigned count, failures;

void failed(const char *file, int line, const char *what)
{
    printf("# %s:%d: %s\n", file, line, what);
}

static void result(bool good, const char *name)
{
    count++;
    failures += !good;
    printf("%s %u - %s\n", good ? "ok" : "not ok", count, name);
}

static void run(const struct test *tests)
{
    for (const struct test *t = tests; t->name; t++)
        result(t->run(), t->name);
}

static void end(uint8_t code)
{
    __asm__ volatile("outb %0, %1" : : "a"(code), "Nd"((uint16_t)0xf4));
    for (;;)
        L4_Sleep(L4_Never);
}

int main(void)
{
    const struct l4_almond *almond;

    rt_set_putchar(L4_KDB_PrintChar);
    almond = L4_Almond();
    result(almond != NULL, "the extension block is there");
    if (almond)
        printf("# svm status %u, features %llx, quirks %llx, TSC %llu kHz\n", almond->svm_status,
               (unsigned long long)almond->features, (unsigned long long)almond->quirks,
               (unsigned long long)almond->tsc_khz);
    if (almond && almond->svm_status == L4_SVM_OK) {
        L4_Set_Priority(L4_MyGlobalId(), MAIN_PRIORITY);
        run(life_tests);
        run(exit_tests);
        run(event_tests);
        bench();
        run(safety_tests);
    } else {
        result(false, "hardware VMs");
    }
    printf("1..%u\n", count);
    end(failures != 0);
    return 0;
}
