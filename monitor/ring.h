/* SPDX-License-Identifier: BSD-2-Clause */
/* The console of a nested monitor: its parent stands for the serial line. */
#ifndef MONITOR_RING_H
#define MONITOR_RING_H

#include <stdint.h>

#include <rt/fifo.h>

/* Move what is queued to the output ring and tell the parent, but do not wait for it if it is busy.
 * Milliseconds until it may be asked again, 0: all is out. */
uint64_t ring_pump(struct fifo *queue);

/* The same, but wait until all is out. */
void ring_drain(struct fifo *queue);

#endif
