/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

struct board *board;
struct vcpu *vcpu;
struct l4_vcpu_state *st;
struct mz_console *rings;
uint64_t reg_value, reg_last_offset;
unsigned reg_last_size, reg_reads, reg_writes;

static uint64_t reg_read(void *device, uint64_t offset, unsigned size)
{
    reg_last_offset = offset;
    reg_last_size = size;
    reg_reads++;
    return reg_value;
}

static void reg_write(void *device, uint64_t offset, unsigned size, uint64_t value)
{
    reg_last_offset = offset;
    reg_last_size = size;
    reg_writes++;
    reg_value = value;
}

static void setup(unsigned cpus)
{
    board = calloc(1, sizeof(*board));
    vcpu = calloc(cpus, sizeof(*vcpu));
    st = calloc(cpus, L4_VCPU_STATE_SIZE);
    rings = calloc(1, sizeof(*rings));
    ram_init(&board->ram, calloc(1, RAM_SIZE), RAM_SIZE);
    console_init(&board->console, rings, host_tsc_khz());
    board_init(board, cpus, host_tsc_khz(), 0);
    board_add_watchdog(board, WATCHDOG_MS, host_tsc_khz());
    mmio_bus_add(&board->mmio, (struct mmio_device){REGISTERS, 0x1000, reg_read, reg_write, NULL});
    for (unsigned n = 0; n < cpus; n++)
        vcpu_init(&vcpu[n], (struct l4_vcpu_state *)((char *)st + (size_t)n * L4_VCPU_STATE_SIZE),
                  board, n);
    vcpu_enter_flat(vcpu, CODE, 8, 16);
    reg_value = reg_reads = reg_writes = fake_flushes = fake_syncs = fake_self = 0;
    memset(fake_notified, 0, sizeof(fake_notified));
}

int machine_setup(void **state)
{
    setup(1);
    return 0;
}

int machine_setup_smp(void **state)
{
    setup(CPUS);
    return 0;
}

int machine_teardown(void **state)
{
    free(board->ram.base);
    free(board);
    free(vcpu);
    free(st);
    free(rings);
    return 0;
}
