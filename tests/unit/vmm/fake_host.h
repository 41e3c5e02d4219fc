/* SPDX-License-Identifier: BSD-2-Clause */
/* The world below the VMM, for tests: ends of the VM are caught, the rest is recorded. */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <setjmp.h>

#include "host.h"

extern jmp_buf fake_exit; /* where host_exit() goes */
extern enum mz_exit_cause fake_exit_kind;
extern char fake_exit_text[65];
extern unsigned fake_flushes, fake_syncs, fake_maps;
extern unsigned fake_reason; /* what host_run() returns */
extern unsigned fake_self;   /* whose thread calls      */
extern uint64_t fake_notified[HOST_VCPUS];
extern unsigned fake_processors; /* thread n is on processor n modulo this */
extern int fake_let_run;         /* the latest that was let run, -1: none  */

/* 0, or 1 after an end of the VM. */
#define FAKE_RUN() setjmp(fake_exit)

#endif
