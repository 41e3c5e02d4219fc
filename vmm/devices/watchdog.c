/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/watchdog.h"

#define STEPS 8

void watchdog_init(struct watchdog *w, const struct watchdog_ops *ops, void *context,
                   uint32_t longest_ms, uint64_t ticks_per_ms)
{
    *w = (struct watchdog){
        .ops = ops,
        .context = context,
        .ticks_per_ms = ticks_per_ms,
        .longest_ms = longest_ms,
        .timeout_ms = longest_ms,
        .due = UINT64_MAX,
    };
}

static bool runs(const struct watchdog *w)
{
    return w->due != UINT64_MAX;
}

static void set_due(struct watchdog *w, uint64_t due)
{
    __atomic_store_n(&w->due, due, __ATOMIC_RELAXED); /* other vCPUs read it without a lock */
    w->ops->changed(w->context);
}

static void start(struct watchdog *w)
{
    w->steps = STEPS;
    w->step = w->timeout_ms * w->ticks_per_ms / STEPS;
    set_due(w, w->ops->now(w->context) + w->step);
}

static uint32_t left_ms(const struct watchdog *w)
{
    uint64_t now = w->ops->now(w->context);
    if (!runs(w))
        return 0;
    uint64_t ticks = (w->steps - 1) * w->step + (now < w->due ? w->due - now : 0);
    return (uint32_t)(ticks / w->ticks_per_ms);
}

static uint32_t read(void *device, uint16_t port, unsigned size)
{
    const struct watchdog *w = device;
    if (size != 4)
        return UINT32_MAX;
    switch (port - WATCHDOG_PORT) {
    case WATCHDOG_FEED:
        return 0;
    case WATCHDOG_CONTROL:
        return runs(w) ? WATCHDOG_RUNS : 0;
    case WATCHDOG_TIMEOUT:
        return w->timeout_ms;
    case WATCHDOG_LEFT:
        return left_ms(w);
    default:
        return UINT32_MAX;
    }
}

static void write(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct watchdog *w = device;
    if (size != 4)
        return;
    switch (port - WATCHDOG_PORT) {
    case WATCHDOG_FEED:
        if (runs(w))
            start(w);
        break;
    case WATCHDOG_CONTROL:
        if (value & WATCHDOG_RUNS)
            start(w);
        else
            set_due(w, UINT64_MAX);
        break;
    case WATCHDOG_TIMEOUT:
        w->timeout_ms = value == 0 || value > w->longest_ms ? w->longest_ms : value;
        break;
    default:
        break;
    }
}

bool watchdog_attach(struct watchdog *w, struct io_bus *bus)
{
    return io_bus_add(bus, WATCHDOG_PORT, WATCHDOG_PORTS, (struct io_device){read, write, w});
}

void watchdog_look(struct watchdog *w)
{
    uint64_t now = w->ops->now(w->context);
    if (now < w->due)
        return;
    w->steps--;
    if (w->steps == 0)
        w->ops->bite(w->context);
    set_due(w, now + w->step);
}
