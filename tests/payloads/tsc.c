/* SPDX-License-Identifier: BSD-2-Clause */
/* The time of the first guest instruction: on bare QEMU, where a guest's boot begins. */
#include "payload.h"

void payload_main(void)
{
    print("entry: %lu\n", entry_tsc);
}
