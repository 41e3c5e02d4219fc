/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line's framing.  A request is one line of printable ASCII.  Its answer is lines
 * that each begin with a space, and at the end
 *
 *   .          it was done
 *   ! REASON   it was refused
 *
 * A client may find the tail of its predecessor's answer in the line, and half a request:
 * it first sends an empty line and "=WORD" with a word of its own, which comes back as it is,
 * and skips what is before that.
 */
#ifndef SHELL_FRAME_H
#define SHELL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "commands.h"

#define FRAME_ANSWER 192 /* the longest line of an answer with its NUL */

enum frame_state {
    FRAME_PART, /* the line has no end yet               */
    FRAME_LINE, /* frame->line is a request              */
    FRAME_LONG, /* it was too long and is forgotten      */
    FRAME_BAD   /* it had other characters, and the same */
};

struct frame {
    char line[SHELL_LINE];
    size_t length;
    enum frame_state fault; /* FRAME_PART: none yet */
};

/* One byte of input.  Carriage returns are ignored. */
enum frame_state frame_take(struct frame *frame, uint8_t byte);

/* An answer.  Its last line is kept back, since it is the reason if the request is refused. */
struct answer {
    bool (*write)(const char *line); /* false: it does not fit */
    char last[FRAME_ANSWER];
    bool some, cut;
};

void answer_begin(struct answer *answer, bool (*write)(const char *line));
void answer_line(struct answer *answer, const char *line);
void answer_end(struct answer *answer, bool refused);

#endif
