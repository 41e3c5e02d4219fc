/* SPDX-License-Identifier: BSD-2-Clause */
#include "tracewords.h"

#include <string.h>

bool words_fail(struct words *w, const char *cause)
{
    w->fault = cause;
    return false;
}

bool words_number(struct words *w, unsigned i, unsigned base, uint64_t max, uint64_t *value)
{
    static const char digits[] = "0123456789abcdef";
    const char *s = i < w->count ? w->word[i] : "";

    *value = 0;
    if (*s == '\0')
        return words_fail(w, "a number is missing");
    for (; *s != '\0'; s++) {
        const char *found = memchr(digits, *s, base);
        uint64_t digit = found != NULL ? (uint64_t)(found - digits) : 0;

        if (found == NULL)
            return words_fail(w, "this is no number");
        if (digit > max || *value > (max - digit) / base)
            return words_fail(w, "a number is too large");
        *value = *value * base + digit;
    }
    return true;
}

bool words_keyword(struct words *w, unsigned i, const char *text)
{
    return (i < w->count && strcmp(w->word[i], text) == 0) ||
           words_fail(w, "a word is not as expected");
}

bool words_split(struct words *w, const char *line, size_t size)
{
    char *rest, *word;

    while (size > 0 && line[size - 1] == '\r')
        size--;
    if (size >= WORDS_LINE || memchr(line, '\0', size) != NULL)
        return words_fail(w, "no line of a trace is like that");
    memcpy(w->line, line, size);
    w->line[size] = '\0';
    w->count = 0;
    for (word = strtok_r(w->line, " ", &rest); word != NULL && w->count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest))
        w->word[w->count++] = word;
    return w->count > 0 || words_fail(w, "it is empty");
}
