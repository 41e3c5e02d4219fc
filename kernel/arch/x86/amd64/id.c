/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread ids of 64-bit kernels: number and version of 32 bits each. */
#include "core/thread.h"

word_t id_make(word_t number, word_t version)
{
    return number << 32 | version;
}

word_t id_number(word_t id)
{
    return id >> 32;
}
