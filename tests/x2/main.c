/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the tables of checks, speaks TAP on the serial line, ends QEMU. */
#include <rt/console.h>
#include "x2.h"

#define COM1           0x3f8
#define COM1_LSR       0x3fd
#define LSR_THRE       0x20
#define ISA_DEBUG_EXIT 0xf4

extern char rt_image_start[], rt_image_end[];

static unsigned number, passed, failed;

static void serial_put(char c)
{
    if (c == '\n')
        serial_put('\r');
    while (!(do_in(COM1_LSR, 0) & LSR_THRE))
        ;
    do_out(COM1, (L4_Word_t)c);
}

/* sigma0 gives our pages to this thread only: let it have them before others touch them. */
static void touch_image(void)
{
    for (char *p = rt_image_start; p < rt_image_end; p += 4096)
        *(volatile char *)p;
}

static bool can_run(const struct check *c)
{
    return (!(c->flags & ALMOND) || L4_Almond()) &&
           (!(c->flags & SEVERAL) || processor_count() > 1);
}

/* Nothing that a check leaves matters to the next one. */
static void prepare(void)
{
    for (unsigned i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        shared[i] = 0;
    memory_reset();
    L4_Accept(L4_UntypedWordsAcceptor);
    L4_Set_XferTimeouts(0);
    L4_Set_ExceptionHandler(L4_nilthread);
}

static void run(const struct check *c, const char *how)
{
    enum result result = SKIP;

    prepare();
    if (can_run(c))
        result = c->run();
    reap();
    number++;
    if (result == FAIL)
        failed++;
    else if (result == PASS)
        passed++;
    printf("%sok %u - §%s %s%s%s\n", result == FAIL ? "not " : "", number, c->section, c->what, how,
           result == SKIP ? " # skip" : "");
}

static bool runs_twice(const struct check *c)
{
    return c->flags & SPREAD && processor_count() > 1;
}

static unsigned planned(void)
{
    unsigned n = 0;

    for (const struct check *c = __start_x2_checks; c < __stop_x2_checks; c++)
        n += runs_twice(c) ? 2 : 1;
    return n;
}

int main(void)
{
    rt_set_putchar(serial_put);
    touch_image();
    me = L4_MyGlobalId();
    memory_init();
    settle_init();
    printf("# %lu processors, %s\n", processor_count(), L4_Almond() ? "Almond" : "another kernel");
    printf("1..%u\n", planned());
    for (const struct check *c = __start_x2_checks; c < __stop_x2_checks; c++)
        run(c, "");
    spread_workers(true);
    for (const struct check *c = __start_x2_checks; c < __stop_x2_checks; c++)
        if (runs_twice(c))
            run(c, ", workers on other processors");
    printf("x2: %u passed, %u failed\n", passed, failed);
    do_out(ISA_DEBUG_EXIT, failed ? 1 : 0);
    return failed ? 1 : 0;
}
