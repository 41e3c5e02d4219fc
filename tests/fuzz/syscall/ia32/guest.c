/* SPDX-License-Identifier: BSD-2-Clause */
/* There are no vCPUs here: the call says so. */
#include "fuzz.h"

void run_guest(struct victim *v)
{
    if (L4_Almond())
        L4_VcpuRun();
}
