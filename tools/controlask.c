/* SPDX-License-Identifier: BSD-2-Clause */
/* A request to a running system, and its answer. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "controlline.h"

/* What a client before us began or did not read is skipped: up to a word that is ours. */
static int synchronise(struct line *line, struct arena *arena)
{
    struct timespec now;
    char text[512];
    const char *word;
    int code;

    clock_gettime(CLOCK_MONOTONIC, &now);
    word =
        arena_format(arena, "=%u-%jd-%ld", (unsigned)getpid(), (intmax_t)now.tv_sec, now.tv_nsec);
    code = line_send(line, arena_format(arena, "\n%s\n", word));
    do {
        if (code == CODE_OK)
            code = line_read(line, text, sizeof text);
    } while (code == CODE_OK && strcmp(text, word) != 0);
    return code;
}

static int read_answer(struct line *line, FILE *answer)
{
    char text[512];
    int code;

    for (;;) {
        code = line_read(line, text, sizeof text);
        if (code != CODE_OK || strcmp(text, ".") == 0)
            return code;
        if (text[0] == '!') {
            fprintf(stderr, "marzipan: %s\n", text + 1 + strspn(text + 1, " "));
            return CODE_REFUSED;
        }
        fprintf(answer, "%s\n", text + (text[0] == ' '));
    }
}

int control_ask(const struct settings *settings, const char *request, char **answer)
{
    struct line line;
    struct arena arena = {NULL};
    size_t size;
    FILE *out = open_memstream(answer, &size);
    int code = line_open(&line, &arena, settings);

    if (code == CODE_OK)
        code = synchronise(&line, &arena);
    if (code == CODE_OK)
        code = line_send(&line, arena_format(&arena, "%s\n", request));
    if (code == CODE_OK)
        code = read_answer(&line, out);
    line_close(&line);
    fclose(out);
    arena_free(&arena);
    return code;
}
