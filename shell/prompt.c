/* SPDX-License-Identifier: BSD-2-Clause */
#include "prompt.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <marzipan/native.h>
#include <marzipan/operator.h>

#include "commands.h"
#include "console.h"
#include "table.h"

#define PROMPT     "marzipan> "
#define REFRESH_MS 1000u

enum {
    CTRL_C = 0x03,
    CTRL_D = 0x04,
    BACKSPACE = 0x08,
    CTRL_U = 0x15,
    ESCAPE = 0x1d,
    DELETE = 0x7f
};

static char line[SHELL_LINE];
static size_t length;
static bool open, in_top;
static uint64_t refresh_ms;

static void begin_line(void)
{
    length = 0;
    console_write(PROMPT, sizeof(PROMPT) - 1);
}

void prompt_close(void)
{
    open = in_top = false;
}

static void leave(void)
{
    prompt_close();
    mz_operator_leave(native_monitor());
}

/* Ctrl-] s, in reverse video as all that the monitor says. */
static void status_line(const char *text)
{
    console_write("\033[7m", 4);
    console_write(text, strlen(text));
    console_write("\033[0m\r\n", 6);
}

static void show_top(void)
{
    console_write("\033[2J\033[H", 7);
    table_write(console_line, true);
    console_line("any key ends this");
    refresh_ms = now_ms() + REFRESH_MS;
}

static void finish_line(void)
{
    line[length] = '\0';
    console_write("\r\n", 2);
    switch (shell_run(line, console_line)) {
    case SHELL_LOG:
        prompt_close();
        mz_operator_show_log(native_monitor());
        return;
    case SHELL_LEAVE:
        return leave();
    case SHELL_CONSOLE:
        return prompt_close();
    case SHELL_TOP:
        in_top = true;
        return show_top();
    case SHELL_MORE:
    case SHELL_REFUSED:
        break;
    }
    console_flush();
    shell_answered();
    begin_line();
}

static void rub_out(size_t count)
{
    for (; count && length; count--, length--)
        console_write("\b \b", 3);
}

/* What is behind Ctrl-] begins something new: the table, else the prompt. */
static void begin(int key)
{
    if (key == 's')
        return table_write(status_line, false);
    open = true;
    begin_line();
}

static void take(int key)
{
    char c = (char)key;

    if (key == ESCAPE)
        return prompt_close();
    if (!open)
        return begin(key);
    if (in_top) {
        in_top = false;
        return begin_line();
    }
    switch (key) {
    case '\r':
    case '\n':
        return finish_line();
    case CTRL_D:
        console_write("\r\n", 2);
        console_flush();
        return leave();
    case CTRL_C:
        console_write("\r\n", 2);
        return begin_line();
    case CTRL_U:
        return rub_out(length);
    case BACKSPACE:
    case DELETE:
        return rub_out(1);
    default:
        if (key >= 0x20 && key < 0x7f && length + 1 < sizeof(line)) {
            line[length++] = c;
            console_write(&c, 1);
        }
    }
}

uint64_t prompt_poll(void)
{
    uint64_t now = now_ms();
    bool some = false;

    for (int key; (key = native_get()) >= 0; some = true)
        take(key);
    if (in_top && now >= refresh_ms) {
        show_top();
        some = true;
    }
    if (some)
        console_flush();
    now = now_ms();
    return !in_top ? 0 : now < refresh_ms ? refresh_ms - now : 1;
}
