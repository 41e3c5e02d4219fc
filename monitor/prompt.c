/* SPDX-License-Identifier: BSD-2-Clause */
#include "prompt.h"

#include <string.h>

#include "console.h"
#include "log.h"
#include "shell.h"
#include "top.h"

#define PROMPT     "marzipan> "
#define REFRESH_MS 1000u

enum { CTRL_C = 0x03, CTRL_D = 0x04, BACKSPACE = 0x08, CTRL_U = 0x15, DELETE = 0x7f };

static char line[SHELL_LINE];
static size_t length;
static bool in_top;
static uint64_t refresh_ms;

static void begin_line(void)
{
    length = 0;
    console_write(PROMPT, sizeof(PROMPT) - 1);
}

void prompt_open(void)
{
    in_top = false;
    console_say("commands; help lists them, exit or Ctrl-D leaves");
    begin_line();
}

static void show_top(void)
{
    console_write("\033[2J\033[H", 7);
    top_table(console_line, true);
    console_line("any key ends this");
    refresh_ms = now_ms() + REFRESH_MS;
}

static bool finish_line(void)
{
    line[length] = '\0';
    console_write("\r\n", 2);
    switch (shell_run(line, console_line)) {
    case SHELL_LOG:
        console_show_log();
        return false;
    case SHELL_LEAVE:
    case SHELL_CONSOLE:
        return false;
    case SHELL_TOP:
        in_top = true;
        show_top();
        return true;
    case SHELL_MORE:
    case SHELL_REFUSED:
        break;
    }
    begin_line();
    return true;
}

static void rub_out(size_t count)
{
    for (; count && length; count--, length--)
        console_write("\b \b", 3);
}

bool prompt_key(int key)
{
    char c = (char)key;

    if (in_top) {
        in_top = false;
        begin_line();
        return true;
    }
    switch (key) {
    case '\r':
    case '\n':
        return finish_line();
    case CTRL_D:
        console_write("\r\n", 2);
        return false;
    case CTRL_C:
        console_write("\r\n", 2);
        begin_line();
        return true;
    case CTRL_U:
        rub_out(length);
        return true;
    case BACKSPACE:
    case DELETE:
        rub_out(1);
        return true;
    default:
        if (key >= 0x20 && key < 0x7f && length + 1 < sizeof(line)) {
            line[length++] = c;
            console_write(&c, 1);
        }
        return true;
    }
}

uint64_t prompt_poll(void)
{
    uint64_t now;

    if (!in_top)
        return 0;
    now = now_ms();
    if (now >= refresh_ms)
        show_top();
    return refresh_ms - now_ms() + 1;
}
