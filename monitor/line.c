/* SPDX-License-Identifier: BSD-2-Clause */
#include "line.h"

#include <string.h>

#include <l4/thread.h>
#include <l4/vcpu.h>

#include <marzipan/native.h>

#include "ring.h"
#include "supply.h"

#define DRAIN_SPINS 100000000u

static uint8_t buffer[8192];
static struct uart line;

void line_init(void)
{
    memset(buffer, 0, sizeof(buffer)); /* as in log_init() */
    if (supply_is_nested())
        fifo_init(&line.queue, buffer, sizeof(buffer));
    else
        uart_init(&line, UART_COM1, buffer, sizeof(buffer));
}

bool line_enable(void)
{
    if (supply_is_nested())
        return L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY;
    if (!line.present || !L4_AssociateInterrupt(L4_GlobalId(UART_COM1_IRQ, 1), L4_Myself()))
        return false;
    uart_enable(&line);
    return true;
}

size_t line_room(void)
{
    return fifo_room(&line.queue);
}

void line_write(const void *bytes, size_t count)
{
    uart_write(&line, bytes, count);
}

uint64_t line_pump(void)
{
    if (supply_is_nested())
        return ring_pump(&line.queue);
    uart_pump(&line);
    return 0;
}

void line_drain(void)
{
    if (supply_is_nested())
        return ring_drain(&line.queue);
    for (unsigned spins = 0; spins < DRAIN_SPINS && !uart_is_idle(&line); spins++)
        uart_pump(&line);
}

int line_read(void)
{
    return supply_is_nested() ? native_get() : uart_read(&line);
}

void line_acknowledge(void)
{
    uart_acknowledge(&line);
}
