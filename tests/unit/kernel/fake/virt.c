/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of virt/, for programs without threads. */
#include "virt/virt.h"

void vcpu_space_gone(struct space *vm)
{
    (void)vm;
}
