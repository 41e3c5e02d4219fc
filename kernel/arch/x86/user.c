/* SPDX-License-Identifier: BSD-2-Clause */
/* Access to user memory: only to look at instructions and at strings for the debugger. */
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/layout.h"
#include "core/arch.h"

bool arch_user_read(void *dst, word_t va, size_t n)
{
    bool ok;

    if (va >= USER_END || n > USER_END - va)
        return false;
    if (cpu_features.smap)
        asm volatile("stac" : : : "memory");
    ok = user_copy(dst, (const void *)va, n);
    if (cpu_features.smap)
        asm volatile("clac" : : : "memory");
    return ok;
}
