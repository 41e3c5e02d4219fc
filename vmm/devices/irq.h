/* SPDX-License-Identifier: BSD-2-Clause */
/* An interrupt output of a device, wired to a pin of something else. */
#ifndef VMM_DEVICES_IRQ_H
#define VMM_DEVICES_IRQ_H

#include <stdbool.h>

struct irq_line {
    void (*set)(void *controller, unsigned pin, bool level);
    void *controller;
    unsigned pin;
};

static inline void irq_line_set(const struct irq_line *line, bool level)
{
    if (line->set)
        line->set(line->controller, line->pin, level);
}

#endif
