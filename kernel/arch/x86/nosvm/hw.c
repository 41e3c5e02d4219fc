/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of svm/ where the processor's virtualization cannot be used. */
#include "l4/almond.h"
#include "virt/vcpu.h"

const struct vcpu_kind hw_kind = {.alloc = NULL}; /* nobody gets one */

INIT u32 hw_init(u64 *features, u64 *quirks)
{
    (void)features;
    (void)quirks;
    return L4_SVM_NO_CPU;
}

INIT bool hw_start(void)
{
    return false;
}
