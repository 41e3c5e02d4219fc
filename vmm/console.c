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

void console_flush(struct console *console)
{
    if (!console->pending)
        return;
    console->pending = false;
    console->due = UINT64_MAX;
    console->changed = true;
    host_flush_console();
}

static void begin_waiting(struct console *console)
{
    console->pending = true;
    console->due = host_tsc() + console->patience;
    console->changed = true;
}

static uint32_t waiting(const struct console *console)
{
    return console->head - __atomic_load_n(&console->ring->out_tail, __ATOMIC_ACQUIRE);
}

/* A monitor that does not drain its ring when asked loses bytes, not the VM. */
static void put(void *context, uint8_t byte)
{
    struct console *console = context;
    if (waiting(console) >= MZ_OUT_SIZE / 2)
        console_flush(console);
    if (waiting(console) >= MZ_OUT_SIZE)
        return;
    console->ring->out[console->head % MZ_OUT_SIZE] = byte;
    console->head++;
    __atomic_store_n(&console->ring->out_head, console->head, __ATOMIC_RELEASE);
    if (!console->pending)
        begin_waiting(console);
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
