/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one domain writes: its backlog for replay, and the line that it is on for
 * the view in which all domains' lines mix.  Pure data; console.c moves it.
 */
#ifndef MONITOR_SCREEN_H
#define MONITOR_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <marzipan/vmm.h>
#include <rt/fifo.h>

#define SCREEN_LINE 240

enum screen_escape { ESCAPE_NONE, ESCAPE_START, ESCAPE_CSI, ESCAPE_STRING };

struct screen {
    struct fifo backlog;    /* not yet seen by the operator in focus    */
    char line[SCREEN_LINE]; /* printable text since the last line's end */
    size_t length;
    enum screen_escape escape; /* inside a terminal control sequence       */
    bool aged;                 /* the line has been waiting for its end    */
};

/* Add a byte to the current line; escape sequences and control characters are
 * left out, so that one domain cannot disturb the others' lines.  True if the
 * line is complete: screen->line, screen->length; then call screen_next_line(). */
bool screen_add(struct screen *screen, uint8_t byte);
void screen_next_line(struct screen *screen);

/* The consumer's end of a ring in memory that the domain can write: `tail` is
 * ours, `head` was just read.  Bytes to take, or -1 if head makes no sense. */
int ring_available(uint32_t head, uint32_t tail, uint32_t size);

#endif
