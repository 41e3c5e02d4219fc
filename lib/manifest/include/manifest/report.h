/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with a system description: findings with place, cause and
 * remedy, collected so that one run shows all of them.
 *
 *   system.yaml:4:5: error: unknown key "memroy" in VM "web"
 *       4 |     memroy: 128M
 *         |     ^
 *     remedy: write "memory"
 */
#ifndef MANIFEST_REPORT_H
#define MANIFEST_REPORT_H

#include <manifest/arena.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A place in the description, counted from 1 in characters.  Line 0 means the
 * file as a whole, or a value that nobody wrote. */
struct mark {
    uint32_t line;
    uint32_t column;
};

struct report {
    struct arena *arena;
    const char *path; /* as the user named the file            */
    const char *text; /* its bytes, for the quoted lines       */
    size_t size;
    struct finding *first;
    struct finding *current; /* what report_remedy() completes        */
    unsigned errors;
    unsigned warnings;
    struct report *outer; /* of the description that names this one; NULL: nobody does */
    struct report *next;  /* all of one tree, from the outermost on                    */
};

/* Make inner, just initialized, the report on a description that outer's names.  Errors in it
 * are errors of outer, too. */
void report_attach(struct report *outer, struct report *inner);

/* A finding that says the same about the same place as an earlier one is dropped:
 * VMs that share a default, and monitors that run the same description, would otherwise
 * repeat it. */
__attribute__((format(printf, 3, 4))) void report_error(struct report *report, struct mark at,
                                                        const char *cause, ...);
__attribute__((format(printf, 3, 4))) void report_warning(struct report *report, struct mark at,
                                                          const char *cause, ...);

/* Lines that belong to the finding reported last. */
__attribute__((format(printf, 2, 3))) void report_note(struct report *report, const char *note,
                                                       ...);
__attribute__((format(printf, 2, 3))) void report_remedy(struct report *report, const char *remedy,
                                                         ...);

/* All findings in the order of their places, then those of the descriptions inside. */
void report_print(const struct report *report, FILE *out);

#endif
