/* SPDX-License-Identifier: BSD-2-Clause */
/* What is typed, and how much is shown at once. */
#include "core/arch.h"
#include "kdb.h"

enum { CTRL_C = 3, BACKSPACE = 8, CTRL_U = 21, DELETE = 127 };

static unsigned page = 23, shown; /* lines */
static bool paging;

char kdb_key(void)
{
    int c;

    while ((c = arch_console_getc()) < 0)
        arch_pause();
    return (char)c;
}

static void rub_out(unsigned n)
{
    while (n-- > 0)
        kprintf("\b \b");
}

void kdb_read_line(char line[KDB_LINE])
{
    unsigned n = 0;
    char c;

    while ((c = kdb_key()) != '\r' && c != '\n') {
        if ((c == BACKSPACE || c == DELETE) && n > 0) {
            rub_out(1);
            n--;
        } else if (c == CTRL_C || c == CTRL_U) {
            rub_out(n);
            n = 0;
        } else if (c >= ' ' && c < DELETE && n < KDB_LINE - 1) {
            kprintf("%c", c);
            line[n++] = c;
        }
    }
    line[n] = '\0';
    kprintf("\n");
}

void kdb_set_page(unsigned lines)
{
    page = lines;
}

void kdb_new_page(bool paged)
{
    paging = paged;
    shown = 0;
}

/* Called from inside kprintf(), whose lock nobody has taken (print_alone). */
void kdb_line(void)
{
    char c;

    if (!paging || page == 0 || ++shown < page)
        return;
    paging = false;
    kprintf("--more-- (space, Enter, q)");
    do
        c = kdb_key();
    while (c != ' ' && c != '\r' && c != '\n' && c != 'q' && c != CTRL_C);
    kprintf("\r                          \r");
    if (c == 'q' || c == CTRL_C)
        kdb_end();
    shown = c == ' ' ? 0 : page - 1;
    paging = true;
}
