/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection to a running system.  Each call complains by itself and returns what to exit with
 * if the system ends, or if line_open() was ten seconds ago. */
#ifndef TOOLS_CONTROLLINE_H
#define TOOLS_CONTROLLINE_H

#include "control.h"

struct line {
    const char *path;
    int socket;
    uint64_t deadline_ms;
    char buffer[1024];
    size_t length, next; /* of what is in it */
};

/* line_close() in any case. */
int line_open(struct line *line, struct arena *arena, const struct settings *settings);
void line_close(struct line *line);

int line_send(struct line *line, const char *text);

/* The next line into text of `size` bytes, cut there, and fit for a terminal. */
int line_read(struct line *line, char *text, size_t size);

#endif
