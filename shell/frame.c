/* SPDX-License-Identifier: BSD-2-Clause */
#include "frame.h"

#include <stdio.h>

enum frame_state frame_take(struct frame *frame, uint8_t byte)
{
    enum frame_state state = frame->fault;

    if (byte == '\r')
        return FRAME_PART;
    if (byte == '\n') {
        frame->line[frame->length] = '\0';
        frame->length = 0;
        frame->fault = FRAME_PART;
        return state == FRAME_PART ? FRAME_LINE : state;
    }
    if (state != FRAME_PART)
        return FRAME_PART; /* until its end */
    if (byte < 0x20 || byte >= 0x7f)
        frame->fault = FRAME_BAD;
    else if (frame->length + 1 == sizeof(frame->line))
        frame->fault = FRAME_LONG;
    else
        frame->line[frame->length++] = (char)byte;
    return FRAME_PART;
}

static void write_marked(struct answer *answer, const char *mark, const char *line)
{
    char text[FRAME_ANSWER + 4];

    snprintf(text, sizeof(text), "%s%s", mark, line);
    answer->cut |= !answer->write(text);
}

void answer_begin(struct answer *answer, bool (*write)(const char *line))
{
    *answer = (struct answer){.write = write};
}

void answer_line(struct answer *answer, const char *line)
{
    if (answer->some && !answer->cut)
        write_marked(answer, " ", answer->last);
    snprintf(answer->last, sizeof(answer->last), "%s", line);
    answer->some = true;
}

void answer_end(struct answer *answer, bool refused)
{
    if (answer->some && !answer->cut && !refused)
        write_marked(answer, " ", answer->last);
    if (answer->cut)
        write_marked(answer, "! ", "there is more than the line can take; ask for less");
    else if (refused)
        write_marked(answer, "! ", answer->some ? answer->last : "refused");
    else
        write_marked(answer, ".", "");
}
