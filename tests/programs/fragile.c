/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operator's shell with a fault: it crashes at the first byte that it is sent, in its first two
 * lives.
 */
#define main shell_main
#include "../../shell/main.c"
#undef main

int main(void);

static volatile int *volatile nowhere = (int *)8;

int main(void)
{
    L4_Set_ExceptionHandler(L4_Pager());
    while (native_boot()->incarnation < 3) {
        if (native_get() >= 0)
            *nowhere = 0;
        L4_Sleep(L4_TimePeriod(1000));
    }
    return shell_main();
}
