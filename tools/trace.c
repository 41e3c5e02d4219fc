/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

#define PORTION ((size_t)1 << 16)
#define NONE_REMEDY                                                                                \
    "start the monitor with the argument trace=14; it writes the trace when the "                  \
    "machine powers off, or at Ctrl-] t"

static int file_error(const char *what, const char *path)
{
    return complain(CODE_IO, "check the path and its rights", "cannot %s %s: %s", what, path,
                    strerror(errno));
}

/* All of it, to be freed; NULL: errno tells why. */
static char *read_all(FILE *in, size_t *size)
{
    char *text = NULL;

    for (*size = 0;;) {
        char *grown = realloc(text, *size + PORTION);
        size_t n;

        if (grown == NULL)
            break;
        text = grown;
        n = fread(text + *size, 1, PORTION, in);
        *size += n;
        if (n < PORTION && !ferror(in))
            return text;
        if (n < PORTION)
            break;
    }
    free(text);
    return NULL;
}

static int write_all(struct trace *trace, const char *output)
{
    bool standard = strcmp(output, "-") == 0;
    FILE *out = standard ? stdout : fopen(output, "w");
    bool failed;

    if (out == NULL)
        return file_error("write", output);
    trace_write_json(trace, out);
    failed = fflush(out) != 0 || ferror(out);
    if (!standard && fclose(out) != 0)
        failed = true;
    return failed ? file_error("write", output) : CODE_OK;
}

static int convert(const char *name, const char *output, const char *text, size_t size,
                   const char *remedy_if_none)
{
    struct trace trace;
    struct trace_fault fault;
    int code;

    if (!trace_parse(&trace, text, size, &fault))
        code = complain(CODE_DESCRIPTION, fault.remedy, "%s:%u: %s", name, fault.line, fault.cause);
    else if (trace.dumps == 0)
        code = complain(CODE_DESCRIPTION, remedy_if_none, "there is no trace in %s", name);
    else
        code = write_all(&trace, output);
    if (code == CODE_OK && trace.cut_off)
        fprintf(stderr,
                "marzipan: warning: %s: the trace is cut off; what there is was converted\n"
                "  remedy: take all of it, from \"version\" to \"end\"\n",
                name);
    trace_free(&trace);
    return code;
}

int trace_convert(const char *path, const char *name, const char *output,
                  const char *remedy_if_none)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    size_t size;
    char *text;
    int code;

    if (in == NULL)
        return file_error("read", name);
    text = read_all(in, &size);
    code =
        text != NULL ? convert(name, output, text, size, remedy_if_none) : file_error("read", name);
    free(text);
    if (in != stdin)
        fclose(in);
    return code;
}

int command_trace(const struct settings *settings)
{
    struct arena arena = {NULL};
    const char *path = settings->operand, *output = settings->output;
    int code;

    if (path == NULL && output != NULL)
        return complain(CODE_USAGE,
                        "name a console's log with a trace in it, or - for standard input",
                        "trace --output needs a LOG");
    if (path == NULL)
        return command_control(settings);
    if (output == NULL)
        output = strcmp(path, "-") == 0 ? path : arena_format(&arena, "%s.json", path);
    code =
        trace_convert(path, strcmp(path, "-") == 0 ? "standard input" : path, output, NONE_REMEDY);
    arena_free(&arena);
    return code;
}
