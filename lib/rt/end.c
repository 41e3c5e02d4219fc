/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a program: an undefined instruction, so that its exception handler hears of it. */
#include <stdlib.h>

void abort(void)
{
    for (;;)
        __asm__ volatile("ud2");
}

void exit(int status)
{
    for (;;)
        __asm__ volatile("ud2" : : "a"(status));
}
