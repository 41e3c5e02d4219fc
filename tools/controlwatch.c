/* SPDX-License-Identifier: BSD-2-Clause */
/* `marzipan top` on a terminal: the table in place, once a second. */
#include "control.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define REFRESH_MS 1000

static struct termios before;
static bool is_terminal;

static void restore(void)
{
    if (is_terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
}

/* Ctrl-C is the way to leave, so it is no failure. */
static void leave(int number)
{
    restore();
    if (write(STDOUT_FILENO, "\r\n", 2) < 0)
        _exit(CODE_IO);
    _exit(number == SIGINT ? CODE_OK : 128 + number);
}

/* Keys come one by one and are not shown; Ctrl-C is a signal still, also while we wait for an
 * answer. */
static void take_keys(void)
{
    struct sigaction action = {.sa_handler = leave};
    struct termios raw;

    is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    if (!is_terminal)
        return;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

/* As much of the table as the terminal has lines and columns for. */
static void show(const char *table)
{
    struct winsize size = {0};
    size_t rows, columns;

    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    rows = size.ws_row > 1 ? size.ws_row - 1u : 24;
    columns = size.ws_col > 0 ? size.ws_col : 80;
    fputs("\033[H", stdout);
    while (*table != '\0' && rows-- > 0) {
        size_t length = strcspn(table, "\n");

        printf("%.*s\033[K\n", (int)(length < columns ? length : columns), table);
        table += length + (table[length] == '\n');
    }
    fputs("\033[J", stdout);
    fflush(stdout);
}

/* Whether the user wants to leave before the next table is due. */
static bool wants_to_leave(void)
{
    struct pollfd watched = {is_terminal ? STDIN_FILENO : -1, POLLIN, 0};
    char key;

    if (poll(&watched, 1, REFRESH_MS) <= 0)
        return false;
    return read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q';
}

int control_watch(const struct settings *settings)
{
    int code;

    take_keys();
    fputs("\033[2J", stdout);
    do {
        char *answer = NULL;

        code = control_ask(settings, "top", &answer);
        if (code == CODE_OK)
            show(answer);
        free(answer);
    } while (code == CODE_OK && !wants_to_leave());
    restore();
    return code;
}
