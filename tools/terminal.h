/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal of `marzipan run`: every key goes to the machine while it runs,
 * and everything is as before afterwards, however the machine ended.
 */
#ifndef TOOLS_TERMINAL_H
#define TOOLS_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

struct terminal {
    bool is_terminal;
    int flags; /* of standard input, which QEMU makes non-blocking */
    struct termios before;
};

void terminal_raw(struct terminal *terminal);
void terminal_restore(const struct terminal *terminal);

#endif
