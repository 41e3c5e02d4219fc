/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A byte queue over a buffer of any size.  fifo_put keeps the newest bytes and
 * forgets the oldest, which makes the queue a scroll-back; a writer that must
 * not lose anything asks fifo_room first.
 */
#ifndef RT_FIFO_H
#define RT_FIFO_H

#include <stddef.h>
#include <stdint.h>

struct fifo {
    uint8_t *buffer;
    size_t size;
    uint64_t head, tail; /* bytes ever put and ever taken (or forgotten) */
};

void fifo_init(struct fifo *fifo, void *buffer, size_t size);

static inline size_t fifo_used(const struct fifo *fifo)
{
    return (size_t)(fifo->head - fifo->tail);
}

static inline size_t fifo_room(const struct fifo *fifo)
{
    return fifo->size - fifo_used(fifo);
}

void fifo_put(struct fifo *fifo, const void *bytes, size_t count);

/* Take up to count bytes; returns how many there were. */
size_t fifo_get(struct fifo *fifo, void *bytes, size_t count);

/* Copy up to count bytes from position `at` (counted like head) without taking
 * them; a position that is forgotten already moves up to the oldest byte.
 * Returns how many, and moves *at behind them. */
size_t fifo_peek(const struct fifo *fifo, uint64_t *at, void *bytes, size_t count);

#endif
