/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include <stddef.h>
#include <string.h>

enum kind { SIZE, FLAG };

static const struct option {
    const char *name;
    enum kind kind;
    size_t offset;
} known[] = {
    {"maxmem=", SIZE, offsetof(struct options, max_memory)},
    {"kmem=", SIZE, offsetof(struct options, kmem)},
    {"bootinfo=", FLAG, offsetof(struct options, bootinfo)},
    {"mbi=", FLAG, offsetof(struct options, mbi)},
    {"decode-all=", FLAG, offsetof(struct options, decode_all)},
    {"kdb=", FLAG, offsetof(struct options, kdb)},
};

static bool word_is(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && strncmp(s, word, n) == 0;
}

static bool parse_flag(const char *s, size_t n, bool *value)
{
    *value = word_is(s, n, "yes") || word_is(s, n, "on") || word_is(s, n, "enable");
    return *value || word_is(s, n, "no") || word_is(s, n, "off") || word_is(s, n, "disable");
}

/* A decimal number, perhaps with K, M or G behind it. */
static bool parse_size(const char *s, size_t n, uint64_t *value)
{
    static const char suffix[] = "KMG";
    const char *end = s + n, *unit;

    for (*value = 0; s < end && *s >= '0' && *s <= '9'; s++)
        *value = *value * 10 + (unsigned)(*s - '0');
    if (s == end)
        return n > 0;
    unit = strchr(suffix, *s);
    if (!unit || s + 1 != end || n == 1)
        return false;
    *value <<= 10 * (unit - suffix + 1);
    return true;
}

static bool parse_word(struct options *o, const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t len = strlen(known[i].name);
        void *field = (char *)o + known[i].offset;
        if (n < len || strncmp(s, known[i].name, len) != 0)
            continue;
        if (known[i].kind == SIZE)
            return parse_size(s + len, n - len, field);
        return parse_flag(s + len, n - len, field);
    }
    return !memchr(s, '=', n); /* the loader's own file name, for one */
}

const char *options_parse(struct options *o, const char *cmdline)
{
    *o = (struct options){.bootinfo = true, .mbi = true};
    while (*cmdline) {
        size_t n = strcspn(cmdline, " \t");
        if (!parse_word(o, cmdline, n))
            return cmdline;
        cmdline += n;
        cmdline += strspn(cmdline, " \t");
    }
    return NULL;
}
