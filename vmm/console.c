/* SPDX-License-Identifier: BSD-2-Clause */
#include "console.h"

#include "host.h"

#define PATIENCE_MS 2

void console_init(struct console *console, struct mz_console *ring, uint64_t tsc_khz)
{
    *console = (struct console){.ring = ring, .due = UINT64_MAX};
    console->patience = PATIENCE_MS * tsc_khz;
    console->head = __atomic_load_n(&ring->out_head, __ATOMIC_RELAXED);
    console->tail = __atomic_load_n(&ring->in_tail, __ATOMIC_RELAXED);
}

static void set_due(struct console *console, uint64_t due)
{
    __atomic_store_n(&console->due, due, __ATOMIC_RELAXED);
    __atomic_store_n(&console->changed, true, __ATOMIC_RELEASE);
}

bool console_take(struct console *console)
{
    if (!console->pending)
        return false;
    __atomic_store_n(&console->pending, false, __ATOMIC_RELAXED);
    set_due(console, UINT64_MAX);
    return true;
}

static uint32_t waiting(const struct console *console)
{
    return console->head - __atomic_load_n(&console->ring->out_tail, __ATOMIC_ACQUIRE);
}

/* A monitor that does not drain its ring when asked loses bytes, not the VM. */
static void put(void *context, uint8_t byte)
{
    struct console *console = context;
    uint32_t before = waiting(console);
    if (before < MZ_OUT_SIZE) {
        console->ring->out[console->head % MZ_OUT_SIZE] = byte;
        console->head++;
        __atomic_store_n(&console->ring->out_head, console->head, __ATOMIC_RELEASE);
    }
    if (before >= MZ_OUT_SIZE / 2)
        set_due(console, 0);
    else if (!console->pending)
        set_due(console, host_tsc() + console->patience);
    __atomic_store_n(&console->pending, true, __ATOMIC_RELAXED);
}

static int get(void *context)
{
    struct console *console = context;
    uint32_t head = __atomic_load_n(&console->ring->in_head, __ATOMIC_ACQUIRE);
    if (head - console->tail > MZ_IN_SIZE || head == console->tail)
        return -1;
    uint8_t byte = console->ring->in[console->tail % MZ_IN_SIZE];
    console->tail++;
    __atomic_store_n(&console->ring->in_tail, console->tail, __ATOMIC_RELEASE);
    return byte;
}

struct uart_backend console_backend(struct console *console)
{
    return (struct uart_backend){put, get, console};
}
