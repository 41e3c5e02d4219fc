/* SPDX-License-Identifier: BSD-2-Clause */
#include "screen.h"

#define ESC 0x1b
#define BEL 0x07

/* Follow a control sequence; true while the byte belongs to one. */
static bool in_escape(struct screen *s, uint8_t byte)
{
    switch (s->escape) {
    case ESCAPE_NONE:
        if (byte != ESC)
            return false;
        s->escape = ESCAPE_START;
        return true;
    case ESCAPE_START:
        if (byte == '[')
            s->escape = ESCAPE_CSI;
        else if (byte == ']' || byte == 'P')
            s->escape = ESCAPE_STRING;
        else if (byte >= 0x30)
            s->escape = ESCAPE_NONE;
        break;
    case ESCAPE_CSI:
        if (byte >= 0x40 && byte <= 0x7e)
            s->escape = ESCAPE_NONE;
        break;
    case ESCAPE_STRING:
        if (byte == BEL || byte == ESC)
            s->escape = byte == ESC ? ESCAPE_START : ESCAPE_NONE;
        break;
    }
    /* A line's end always counts: a sequence cannot swallow what follows for ever. */
    if (byte == '\n') {
        s->escape = ESCAPE_NONE;
        return false;
    }
    return true;
}

bool screen_add(struct screen *s, uint8_t byte)
{
    if (in_escape(s, byte))
        return false;
    if (byte == '\n')
        return true;
    if (byte == '\b' && s->length)
        s->length--;
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
        return false;
    s->line[s->length++] = (char)byte;
    s->aged = false;
    return s->length == SCREEN_LINE;
}

void screen_next_line(struct screen *s)
{
    s->length = 0;
    s->aged = false;
}

int ring_available(uint32_t head, uint32_t tail, uint32_t size)
{
    uint32_t used = head - tail;

    return used <= size ? (int)used : -1;
}
