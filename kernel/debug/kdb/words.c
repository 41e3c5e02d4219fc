/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and ids, typed and printed.  All numbers are hexadecimal. */
#include "core/arch.h"
#include "kdb.h"

#define TEXTS 8

/* ---- what is typed ---- */

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 'a' - 'A';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

word_t kdb_number(const char *word)
{
    const char *s = word;
    word_t n = 0;

    if (s[0] == '0' && (s[1] | ('a' - 'A')) == 'x')
        s += 2;
    if (!*s || strlen(s) > 2 * sizeof(word_t))
        KDB_FAIL("kdb: '%s' is no number: give up to %u hexadecimal digits", word,
                 2 * (unsigned)sizeof(word_t));
    for (; *s; s++) {
        if (digit(*s) < 0)
            KDB_FAIL("kdb: '%s' is no number: hexadecimal digits are 0-9 and a-f", word);
        n = n << 4 | (word_t)digit(*s);
    }
    return n;
}

struct thread *kdb_thread(const char *word)
{
    word_t id = kdb_number(word);
    struct thread *t = thread_find(id);

    if (!t && id < THREADS)
        t = thread_find_number(id);
    if (!t)
        KDB_FAIL("kdb: there is no thread %lx: threads lists them", id);
    return t;
}

struct space *kdb_space(const char *word)
{
    struct thread *t = kdb_thread(word);

    if (!t->space)
        KDB_FAIL("kdb: %s is an interrupt, and has no space: spaces lists those", kdb_id(t->id));
    return t->space;
}

/* ---- what is printed ---- */

static char *text(void)
{
    static char texts[TEXTS][24];
    static unsigned next;

    return texts[next++ % TEXTS];
}

/* The digits of n behind a prefix. */
static const char *hex(const char *prefix, word_t n)
{
    char *start = text(), *p = start;
    unsigned digits = 1;

    while (digits < 2 * sizeof(n) && n >> 4 * digits)
        digits++;
    while (*prefix)
        *p++ = *prefix++;
    while (digits-- > 0)
        *p++ = "0123456789abcdef"[n >> 4 * digits & 15];
    *p = '\0';
    return start;
}

const char *kdb_id(word_t id)
{
    if (id == NILTHREAD)
        return "-";
    if (id == ANYTHREAD)
        return "anybody";
    if (id == ANYLOCAL)
        return "its space";
    if (id_number(id) < arch_irq_count())
        return hex("irq ", id_number(id));
    return hex("", id);
}

const char *kdb_thread_id(const struct thread *t)
{
    return kdb_id(t->id ? t->id : t->scheduler);
}

static const struct thread *first_of(const struct space *s)
{
    struct thread *t = thread_next(0);

    while (t && t->space != s)
        t = thread_next(thread_number(t) + 1);
    return t;
}

const char *kdb_space_id(const struct space *s)
{
    const struct thread *t = s ? first_of(s) : NULL;

    return t ? kdb_thread_id(t) : s ? "?" : "-";
}

bool kdb_first_in_space(const struct thread *t)
{
    return t->space && first_of(t->space) == t;
}

const char *kdb_rights(unsigned rights)
{
    char *s = text();

    s[0] = rights & RIGHT_R ? 'r' : '-';
    s[1] = rights & RIGHT_W ? 'w' : '-';
    s[2] = rights & RIGHT_X ? 'x' : '-';
    s[3] = '\0';
    return s;
}
