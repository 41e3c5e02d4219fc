/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The language of system descriptions as tables.  The parser, the JSON schema and
 * the reference of all keys are made from them, so a key is added in schema.c and
 * nowhere else.
 */
#ifndef MANIFEST_SCHEMA_H
#define MANIFEST_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum value_kind {
    VALUE_SIZE,    /* 64K, 128M, 2G                                      */
    VALUE_TIME,    /* 500ms, 10s, 2min                                   */
    VALUE_SPAN,    /* 250us, 2ms, 1s                                     */
    VALUE_PERCENT, /* 50%                                                */
    VALUE_COUNT,   /* a whole number                                     */
    VALUE_FLAG,    /* true, false                                        */
    VALUE_CHOICE,  /* one of the words in choices; number is its index   */
    VALUE_NAME,    /* of a VM or program                                 */
    VALUE_TEXT,    /* one line of at most max bytes                      */
    VALUE_IMAGE,   /* a path, or a name of the catalogue                 */
    VALUE_PATH,    /* of a file                                          */
    VALUE_SERVICE, /* the path of a service, or of all below it          */
    VALUE_AWAITED, /* a name, or the path of one service                 */
    VALUE_CPUS,    /* a processor's number, or a range; number is the mask */
    VALUE_RANGE,   /* 5, 0x3e8-0x3ef, 0xfed00000+4K                      */
    VALUE_LIST,    /* of key->item; one of those alone is a list, too    */
    VALUE_SECTION, /* a mapping of its own                               */
    VALUE_TABLE    /* a mapping from names that the user chooses to sections */
};

struct section;

struct key {
    const char *name;
    enum value_kind kind;
    size_t offset;      /* of the struct value, or of the section's struct */
    uint64_t min, max;  /* of the number; of a table's or list's entries   */
    uint64_t range_max; /* of the last of a range                         */
    uint64_t multiple;  /* what the number must be a multiple of, 0: any   */
    const char *const *choices;
    const struct section *section;
    enum value_kind item;      /* of a list                                      */
    bool or_none;              /* the word "none" stands for no value            */
    bool individual;           /* says what one VM does: no key of the defaults  */
    const char *fallback;      /* the default as the user would write it; NULL: none */
    const char *fallback_note; /* a default in words                             */
    const char *help;
};

struct section {
    const char *title; /* of the reference                                */
    const char *help;
    const struct key *keys; /* ends with a NULL name                           */
    const char *shorthand;  /* the key that a scalar in place of the mapping sets */
    bool shared;            /* without the individual keys                     */
};

extern const struct section system_section; /* the top level */
extern const struct section vm_section;
extern const struct section program_section;
extern const struct section monitor_section;

#define NAME_PATTERN    "^[a-z][a-z0-9-]{0,30}$"
#define NAME_MAX_LENGTH 31

#define SERVICE_PATTERN    "^(/[a-z0-9-]+)+(/[*])?$"
#define AWAITED_PATTERN    "^([a-z][a-z0-9-]{0,30}|(/[a-z0-9-]+)+)$"
#define SERVICE_MAX_LENGTH 63

#define CPUS_PATTERN "^[0-9]+(-[0-9]+)?$"
#define CPU_LAST     31

#define RANGE_PATTERN "^(0x[0-9a-fA-F]+|[0-9]+)([+-](0x[0-9a-fA-F]+|[0-9]+[KMG]?))?$"

/* How a catalogue image differs from a path. */
#define CATALOGUE_PATTERN "^[A-Za-z0-9][A-Za-z0-9_+-]*$"

/* Write the JSON schema (draft 2020-12), and the reference of keys as Markdown. */
void schema_json(FILE *out);
void schema_markdown(FILE *out);

#endif
