/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel debugger's services for users. */
#ifndef L4_KDEBUG_H
#define L4_KDEBUG_H

#include <l4/select.h>
#include L4_ARCH_HEADER(kdebug.h)

#endif
