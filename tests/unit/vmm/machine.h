/* SPDX-License-Identifier: BSD-2-Clause */
/* One or four vCPUs on a board with 4 MiB of RAM and one device with registers, for tests. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

#include "fake_host.h"
#include "vcpu/vcpu.h"

#define RAM_SIZE    MIB(4)
#define WATCHDOG_MS 5000u
#define CODE        0x8000u /* where the guest is */
#define DATA        0x9000u
#define REGISTERS   UINT64_C(0xfd000000)

#define CPUS 4u

extern struct board *board;
extern struct vcpu *vcpu; /* the first of them; the others are behind it */
extern struct l4_vcpu_state *st;
extern struct mz_console *rings;

/* The device: one value behind all of its registers, and what was done last. */
extern uint64_t reg_value, reg_last_offset;
extern unsigned reg_last_size, reg_reads, reg_writes;

int machine_setup(void **state);
int machine_setup_smp(void **state);
int machine_teardown(void **state);

#define TEST(f)     cmocka_unit_test_setup_teardown(f, machine_setup, machine_teardown)
#define TEST_SMP(f) cmocka_unit_test_setup_teardown(f, machine_setup_smp, machine_teardown)

#endif
