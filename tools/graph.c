/* SPDX-License-Identifier: BSD-2-Clause */
#include "graph.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "install.h"

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);

    return len > end_len && strcmp(text + len - end_len, end) == 0;
}

static int write_text(const struct flows *flows, const char *output)
{
    FILE *out = output == NULL ? stdout : fopen(output, "w");
    bool failed;

    if (out != NULL)
        graph_print(flows, out);
    failed = out == NULL || fflush(out) != 0 || ferror(out);
    if (out != NULL && out != stdout && fclose(out) != 0)
        failed = true;
    if (!failed)
        return CODE_OK;
    return complain(CODE_IO, "check the path, its permissions and the free space",
                    "cannot write %s: %s", output != NULL ? output : "the picture",
                    strerror(errno));
}

/* Start Graphviz's dot; what is written to *to is what it draws. */
static pid_t start_dot(const char *output, int *to)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    child = fork();
    if (child == 0) {
        dup2(ends[0], STDIN_FILENO);
        execlp("dot", "dot", "-Tsvg", "-o", output, (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    *to = ends[1];
    return child;
}

static int draw(struct arena *arena, const struct flows *flows, const char *output)
{
    int to = -1, status = -1;
    FILE *out;
    pid_t child;

    if (install_program(arena, "dot") == NULL)
        return complain(CODE_MISSING,
                        "install Debian's package graphviz, or write a .dot file, which other "
                        "programs draw, too",
                        "dot is not installed, which draws the picture");
    signal(SIGPIPE, SIG_IGN); /* its exit code tells more than that it stopped reading */
    child = start_dot(output, &to);
    out = child > 0 ? fdopen(to, "w") : NULL;
    if (out != NULL) {
        graph_print(flows, out);
        fclose(out);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    if (status == 0)
        return CODE_OK;
    return complain(CODE_IO, "its own message is above, if it had one", "dot could not write %s",
                    output);
}

/* The images need not be there: the picture shows what is described. */
int command_graph(const struct settings *given)
{
    struct settings settings = *given;
    const char *output = settings.output;
    struct system system;
    struct flows flows;
    int code;

    if (output != NULL && strcmp(output, "-") == 0)
        output = NULL;
    if (output != NULL && !ends_with(output, ".svg") && !ends_with(output, ".dot"))
        return complain(CODE_USAGE, "name a file that ends in .svg or .dot",
                        "%s would be no picture", output);
    settings.no_files = true;
    code = load_system(&settings, &system);
    if (code == CODE_OK) {
        flows_find(&system, &flows);
        code = output != NULL && ends_with(output, ".svg") ? draw(&system.arena, &flows, output)
                                                           : write_text(&flows, output);
    }
    system_free(&system);
    return code;
}
