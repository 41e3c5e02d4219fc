/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARCH_BOOT_H
#define ARCH_BOOT_H

#include "types.h"

extern word_t *arch_kernel_root;

#endif
