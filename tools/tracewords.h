/* SPDX-License-Identifier: BSD-2-Clause */
/* A line of a trace in words.  All that can go wrong tells why. */
#ifndef TOOLS_TRACEWORDS_H
#define TOOLS_TRACEWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_LINE 128 /* longer ones the monitor does not write */
#define WORDS_MAX  9

struct words {
    const char *fault; /* what is wrong, if something is */
    unsigned count;
    char *word[WORDS_MAX];
    char line[WORDS_LINE];
};

/* Split at spaces. */
bool words_split(struct words *w, const char *line, size_t size);

/* All of the word is a number of this base, no greater than max. */
bool words_number(struct words *w, unsigned i, unsigned base, uint64_t max, uint64_t *value);

bool words_keyword(struct words *w, unsigned i, const char *text);

/* false */
bool words_fail(struct words *w, const char *cause);

#endif
