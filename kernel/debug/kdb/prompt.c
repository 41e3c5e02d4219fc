/* SPDX-License-Identifier: BSD-2-Clause */
/* Words make a command; a command runs until it returns, or kdb_end()s. */
#include "kdb.h"

static bool leaving, running;
static void *way_back[5]; /* out of the command that runs */

void kdb_leave(void)
{
    leaving = true;
}

void kdb_end(void)
{
    __builtin_longjmp(way_back, 1);
}

void kdb_fault(void)
{
    if (!running)
        return;
    kdb_new_page(false);
    kprintf("\nkdb: that made the kernel fault: what the command looked at is broken\n");
    kdb_end();
}

/* Cut the line in words, in place. */
static void split(char *line, struct kdb_args *words)
{
    words->count = 0;
    for (;;) {
        while (*line == ' ')
            *line++ = '\0';
        if (!*line || words->count == KDB_WORDS)
            break;
        words->word[words->count++] = line;
        while (*line && *line != ' ')
            line++;
    }
    if (*line)
        KDB_FAIL("kdb: too many words: at most %u behind the command", KDB_WORDS - 1);
}

static bool begins(const char *name, const char *word)
{
    return strlen(word) <= strlen(name) && memcmp(name, word, strlen(word)) == 0;
}

/* By its name, or by a beginning of it that no other command has. */
static const struct kdb_command *find(const char *word)
{
    const struct kdb_command *found = NULL;

    for (const struct kdb_command *c = kdb_commands; c->name; c++) {
        if (!begins(c->name, word))
            continue;
        if (strlen(word) == strlen(c->name))
            return c;
        if (found)
            KDB_FAIL("kdb: '%s' may be %s or %s: type more of it", word, found->name, c->name);
        found = c;
    }
    if (!found)
        KDB_FAIL("kdb: there is no command '%s': help lists them", word);
    return found;
}

/* Is that the number of words that args asks for? */
static bool fits(unsigned count, const char *args)
{
    unsigned min = 0, max = 0;

    for (const char *s = args; *s; s++) {
        if (s != args && s[-1] != ' ')
            continue;
        min += *s != '[';
        max++;
    }
    return count >= min && count <= max;
}

static void execute(char *line)
{
    const struct kdb_command *c;
    struct kdb_args args;

    split(line, &args);
    if (args.count == 0)
        return;
    c = find(args.word[0]);
    args.count--;
    for (unsigned i = 0; i < args.count; i++)
        args.word[i] = args.word[i + 1];
    if (!fits(args.count, c->args))
        KDB_FAIL("kdb: usage: %s %s", c->name, c->args);
    c->run(&args);
}

/* noinline: no variable of the caller is alive across the jump. */
static __attribute__((noinline)) void run(char *line)
{
    kdb_new_page(true);
    if (!__builtin_setjmp(way_back)) {
        running = true;
        execute(line);
    }
    running = false;
    kdb_new_page(false);
}

void kdb_prompt(void)
{
    static char line[KDB_LINE], last[KDB_LINE];

    for (leaving = false; !leaving;) {
        kprintf("kdb> ");
        kdb_read_line(line);
        if (line[0])
            memcpy(last, line, sizeof(last));
        else
            memcpy(line, last, sizeof(line));
        run(line);
    }
}
