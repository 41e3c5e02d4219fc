/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TOOLS_TRACENAMES_H
#define TOOLS_TRACENAMES_H

#include <stdint.h>

/* SYS_VCPU_RUN of the kernel */
#define TRACE_CALL_VCPU_RUN 11

/* NULL: no name is known for it. */
const char *trace_call_name(uint64_t number);
const char *trace_exit_name(uint64_t reason);
const char *trace_exception_name(uint64_t vector);

#endif
