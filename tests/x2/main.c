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

static void run(const struct check *c)
{
    enum result result = SKIP;

    for (unsigned i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        shared[i] = 0;
    if (!c->almond || L4_Almond())
        result = c->run();
    reap();
    L4_Accept(L4_UntypedWordsAcceptor);
    number++;
    if (result == FAIL)
        failed++;
    else if (result == PASS)
        passed++;
    printf("%sok %u - §%s %s%s\n", result == FAIL ? "not " : "", number, c->section, c->what,
           result == SKIP ? " # skip" : "");
}

int main(void)
{
    rt_set_putchar(serial_put);
    touch_image();
    me = L4_MyGlobalId();
    printf("1..%u\n", (unsigned)(__stop_x2_checks - __start_x2_checks));
    for (const struct check *c = __start_x2_checks; c < __stop_x2_checks; c++)
        run(c);
    printf("x2: %u passed, %u failed\n", passed, failed);
    do_out(ISA_DEBUG_EXIT, failed ? 1 : 0);
    return failed ? 1 : 0;
}
