/* SPDX-License-Identifier: BSD-2-Clause */
#include "terminal.h"

#include <fcntl.h>
#include <unistd.h>

void terminal_raw(struct terminal *terminal)
{
    struct termios raw;

    terminal->flags = fcntl(STDIN_FILENO, F_GETFL);
    terminal->is_terminal = tcgetattr(STDIN_FILENO, &terminal->before) == 0;
    if (!terminal->is_terminal)
        return;
    raw = terminal->before;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST; /* the machine's line ends are completed */
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

void terminal_restore(const struct terminal *terminal)
{
    if (terminal->flags >= 0)
        fcntl(STDIN_FILENO, F_SETFL, terminal->flags);
    if (terminal->is_terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal->before); /* no key of the machine's is the
                                                                  shell's */
}
