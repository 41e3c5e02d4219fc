/* SPDX-License-Identifier: BSD-2-Clause */
#include <rt/fifo.h>

#include <string.h>

void fifo_init(struct fifo *fifo, void *buffer, size_t size)
{
    *fifo = (struct fifo){buffer, size, 0, 0};
}

void fifo_put(struct fifo *fifo, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;

    if (!fifo->size)
        return;
    if (count > fifo->size) {
        from += count - fifo->size;
        fifo->head += count - fifo->size;
        count = fifo->size;
    }
    while (count) {
        size_t at = (size_t)(fifo->head % fifo->size);
        size_t part = fifo->size - at < count ? fifo->size - at : count;

        memcpy(fifo->buffer + at, from, part);
        from += part;
        fifo->head += part;
        count -= part;
    }
    if (fifo_used(fifo) > fifo->size)
        fifo->tail = fifo->head - fifo->size;
}

size_t fifo_peek(const struct fifo *fifo, uint64_t *at, void *bytes, size_t count)
{
    size_t done = 0;

    if (*at < fifo->tail || *at > fifo->head)
        *at = fifo->tail;
    while (done < count && *at < fifo->head) {
        size_t offset = (size_t)(*at % fifo->size);
        size_t part = fifo->size - offset;

        if (part > count - done)
            part = count - done;
        if (part > fifo->head - *at)
            part = (size_t)(fifo->head - *at);
        memcpy((uint8_t *)bytes + done, fifo->buffer + offset, part);
        done += part;
        *at += part;
    }
    return done;
}

size_t fifo_get(struct fifo *fifo, void *bytes, size_t count)
{
    return fifo_peek(fifo, &fifo->tail, bytes, count);
}
