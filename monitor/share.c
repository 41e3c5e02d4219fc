/* SPDX-License-Identifier: BSD-2-Clause */
/* The arithmetic of policy.h. */
#include "policy.h"

uint32_t policy_slice_us(uint32_t weight, uint32_t largest, uint32_t sharing)
{
    uint64_t us = (uint64_t)POLICY_SLICE_US * weight / largest / sharing;

    return us < POLICY_MIN_SLICE ? POLICY_MIN_SLICE : (uint32_t)us;
}

uint32_t policy_cap_us(uint32_t percent, uint32_t threads)
{
    uint32_t us = (uint32_t)((uint64_t)POLICY_PERIOD_US * percent / 100 / threads);

    return us ? us : 1;
}
