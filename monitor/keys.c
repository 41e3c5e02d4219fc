/* SPDX-License-Identifier: BSD-2-Clause */
#include "keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "console.h"
#include "control.h"
#include "line.h"
#include "power.h"
#include "trace.h"

#define ESCAPE 0x1d /* Ctrl-] */
#define BATCH  64u

static enum { KEYS_PLAIN, KEYS_SHELL, KEYS_COMMAND, KEYS_CONFIRM } mode;
static const uint8_t escape = ESCAPE;
static bool told_where; /* that typed keys go nowhere in the view of all */

static void show_help(void)
{
    console_say("after Ctrl-]:  1-9 a VM   n next   p previous   a or 0 all   l log%s",
                domain_shell->rings ? "   s status" : "");
    console_say("  r restart the VM in focus   k kill it   x power off   t write the trace");
    console_say("  %sCtrl-] itself   h this help", domain_shell->rings ? ": commands   " : "");
}

static void focus_next(void)
{
    struct domain *d = domain_next(console_focused());

    if (!d)
        d = domain_next(NULL);
    if (d)
        console_focus(d);
}

static void focus_previous(void)
{
    struct domain *last = NULL;

    FOR_EACH_DOMAIN(d)
    {
        if (last && d == console_focused())
            break;
        last = d;
    }
    if (last)
        console_focus(last);
}

static void focus_number(unsigned number)
{
    if (number <= domain_end && domains[number - 1].state != DOMAIN_FREE)
        console_focus(&domains[number - 1]);
    else
        console_say("there is no VM %u; Ctrl-] s lists them", number);
}

static void act_on_focused(enum mz_error (*act)(struct domain *))
{
    struct domain *d = console_focused();

    if (!d)
        console_say("bring a VM into focus first: Ctrl-] and its number");
    else if (act(d))
        console_say("%s is down already", d->config.name);
}

static void send_escape(void)
{
    if (console_focused())
        console_type(console_focused(), &escape, 1);
}

static void write_trace(void)
{
    if (trace_is_on())
        console_say("the trace of %u events is written, and goes on", trace_dump());
    else
        console_say("nothing is traced: give the monitor the argument trace=14, as marzipan run "
                    "--trace does");
}

/* The shell does it: `:` is its prompt, `s` the table. */
static void ask_shell(uint8_t key)
{
    if (!domain_shell->rings)
        return console_say("the shell does not run; a monitor inside of another one has none");
    if (key == ':') {
        mode = KEYS_SHELL;
        console_say("commands; help lists them, exit or Ctrl-D leaves");
    }
    console_start_line();
    console_type(domain_shell, &key, 1);
}

static void unknown_key(int key)
{
    if (key > 0x20 && key < 0x7f)
        console_say("no command has the key '%c'; Ctrl-] h lists the keys", key);
    else
        console_say("no command has the key 0x%02x; Ctrl-] h lists the keys", key);
}

static void command(int key)
{
    mode = KEYS_PLAIN;
    if (key >= '1' && key <= '9')
        return focus_number((unsigned)(key - '0'));
    switch (key) {
    case 'n':
        return focus_next();
    case 'p':
        return focus_previous();
    case '0':
    case 'a':
        return console_show_all();
    case 'l':
        return console_show_log();
    case 't':
        return write_trace();
    case 's':
    case ':':
        return ask_shell((uint8_t)key);
    case 'h':
    case '?':
        return show_help();
    case 'r':
        return act_on_focused(control_reset);
    case 'k':
        return act_on_focused(control_kill);
    case 'x':
        mode = KEYS_CONFIRM;
        return console_say("power everything off? y or n");
    case ESCAPE:
        return send_escape();
    default:
        return unknown_key(key);
    }
}

static void confirm(int key)
{
    mode = KEYS_PLAIN;
    if (key == 'y' || key == 'Y')
        power_off(0, "by the operator");
    console_say("not powered off");
}

static void plain(const uint8_t *bytes, size_t count)
{
    struct domain *to = mode == KEYS_SHELL ? domain_shell : console_focused();

    if (!count)
        return;
    if (to) {
        console_type(to, bytes, count);
    } else if (!told_where) {
        told_where = true;
        console_say("typed keys go nowhere here; Ctrl-] 1 brings the first VM into focus, "
                    "Ctrl-] h helps");
    }
}

void keys_leave_shell(void)
{
    uint8_t rest[MZ_IN_SIZE];

    if (mode == KEYS_SHELL)
        mode = KEYS_PLAIN;
    plain(rest, console_untype(domain_shell, rest));
}

void keys_poll(void)
{
    uint8_t batch[BATCH];
    size_t n = 0;
    int key;

    while ((key = line_read()) >= 0) {
        if (mode <= KEYS_SHELL && key != ESCAPE) {
            batch[n++] = (uint8_t)key;
            if (n < BATCH)
                continue;
        }
        plain(batch, n);
        n = 0;
        if (mode == KEYS_CONFIRM) {
            confirm(key);
        } else if (mode == KEYS_COMMAND) {
            command(key);
        } else if (key == ESCAPE) {
            if (mode == KEYS_SHELL)
                console_type(domain_shell, &escape, 1);
            mode = KEYS_COMMAND;
        }
    }
    plain(batch, n);
}
