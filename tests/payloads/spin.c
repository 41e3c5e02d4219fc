/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses all the processor time that it gets, for ever and without an exit. */
#include "payload.h"

void payload_main(void)
{
    print("spin: begins\n");
    for (;;)
        __asm__ volatile("" ::: "memory");
}
