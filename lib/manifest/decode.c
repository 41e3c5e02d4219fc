/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode.h"

#include <manifest/nearest.h>
#include <manifest/units.h>
#include <string.h>

struct mark node_mark(const yaml_node_t *node)
{
    return (struct mark){(uint32_t)node->start_mark.line + 1,
                         (uint32_t)node->start_mark.column + 1};
}

const char *scalar_text(struct decoder *decoder, const yaml_node_t *node, const char *subject)
{
    struct report *report = &decoder->system->report;
    const char *text = (const char *)node->data.scalar.value;

    if (node->type != YAML_SCALAR_NODE) {
        report_error(report, node_mark(node), "%s takes a single value, not a %s", subject,
                     node->type == YAML_SEQUENCE_NODE ? "list" : "mapping");
        report_remedy(report, "write the value behind the colon");
        return NULL;
    }
    if (strcmp((const char *)node->tag, YAML_DEFAULT_SCALAR_TAG) != 0) {
        report_error(report, node_mark(node), "%s has the YAML tag \"%s\"", subject, node->tag);
        report_remedy(report, "write the value without a tag");
        return NULL;
    }
    if (strlen(text) != node->data.scalar.length) {
        report_error(report, node_mark(node), "%s holds a NUL character", subject);
        report_remedy(report, "remove it");
        return NULL;
    }
    return arena_copy(&decoder->system->arena, text, node->data.scalar.length);
}

static const char *format_count(struct arena *arena, uint64_t n)
{
    return arena_format(arena, "%ju", (uintmax_t)n);
}

/* How the numbers of a kind are read and shown. */
static const struct {
    bool (*parse)(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault);
    const char *(*format)(struct arena *arena, uint64_t n);
} quantities[] = {
    [VALUE_SIZE] = {parse_size, format_size},    [VALUE_TIME] = {parse_time, format_time},
    [VALUE_SPAN] = {parse_span, format_span},    [VALUE_PERCENT] = {parse_percent, format_percent},
    [VALUE_COUNT] = {parse_count, format_count},
};

static bool check_range(struct system *system, const struct key *key, struct mark at, uint64_t n)
{
    const char *(*show)(struct arena *, uint64_t) = quantities[key->kind].format;
    struct arena *arena = &system->arena;
    struct report *report = &system->report;
    uint64_t values[] = {n, key->min, key->max, key->multiple, 0, 0};
    const char *texts[6];

    if (key->multiple != 0) {
        values[4] = n / key->multiple * key->multiple;
        values[5] = values[4] + key->multiple;
    }
    for (unsigned i = 0; i < 6; i++)
        texts[i] = show(arena, values[i]);
    if (n < key->min || n > key->max) {
        report_error(report, at, "\"%s\" is %s, which is too %s", key->name, texts[0],
                     n < key->min ? "small" : "large");
        if (key->min == key->max)
            report_remedy(report, "write %s", texts[1]);
        else
            report_remedy(report, "write a value from %s to %s", texts[1], texts[2]);
        return false;
    }
    if (key->multiple != 0 && n % key->multiple != 0) {
        report_error(report, at, "\"%s\" is %s, which is not a multiple of %s", key->name, texts[0],
                     texts[3]);
        if (values[4] < key->min || values[5] > key->max)
            report_remedy(report, "write %s", texts[values[4] < key->min ? 5 : 4]);
        else
            report_remedy(report, "write %s or %s", texts[4], texts[5]);
        return false;
    }
    return true;
}

static bool decode_quantity(struct system *system, const struct key *key, const char *text,
                            struct mark at, uint64_t *number)
{
    struct unit_fault fault;

    if (!quantities[key->kind].parse(&system->arena, text, number, &fault)) {
        report_error(&system->report, at, "\"%s\": %s", key->name, fault.cause);
        report_remedy(&system->report, "%s", fault.remedy);
        return false;
    }
    return check_range(system, key, at, *number);
}

static bool decode_choice(struct system *system, const struct key *key, const char *text,
                          struct mark at, uint64_t *number)
{
    struct nearest nearest = nearest_to(text);
    const char *list = "";

    for (unsigned i = 0; key->choices[i] != NULL; i++) {
        if (strcmp(key->choices[i], text) == 0) {
            *number = i;
            return true;
        }
        nearest_try(&nearest, key->choices[i]);
        list = arena_format(&system->arena, "%s%s%s", list, i == 0 ? "" : ", ", key->choices[i]);
    }
    report_error(&system->report, at, "\"%s\" cannot be \"%s\"", key->name, text);
    if (nearest.best != NULL)
        report_remedy(&system->report, "did you mean \"%s\"? There are: %s", nearest.best, list);
    else
        report_remedy(&system->report, "write one of: %s", list);
    return false;
}

static bool decode_flag(struct system *system, const struct key *key, const char *text,
                        struct mark at, uint64_t *number)
{
    *number = strcmp(text, "true") == 0;
    if (*number == 1 || strcmp(text, "false") == 0)
        return true;
    report_error(&system->report, at, "\"%s\" cannot be \"%s\"", key->name, text);
    report_remedy(&system->report, "write true or false");
    return false;
}

/* One line: white space at the end, which YAML's block texts leave, is taken off. */
static bool decode_text(struct system *system, const struct key *key, char *text, struct mark at)
{
    struct report *report = &system->report;
    size_t len = strlen(text);

    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
        text[--len] = '\0';
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            report_error(report, at, "\"%s\" has %s in it", key->name,
                         text[i] == '\n' ? "a line break" : "a control character");
            report_remedy(report, "write it on one line; \">-\" folds several lines into one");
            return false;
        }
    }
    if (len > key->max) {
        report_error(report, at, "\"%s\" is %zu bytes long", key->name, len);
        report_remedy(report, "use at most %ju bytes", (uintmax_t)key->max);
        return false;
    }
    return true;
}

bool decode_value(struct system *system, const struct key *key, const char *text, struct mark at,
                  struct value *value)
{
    struct value new = {.at = at, .text = arena_copy(&system->arena, text, strlen(text))};
    bool ok = true;

    switch (key->kind) {
    case VALUE_SIZE:
    case VALUE_TIME:
    case VALUE_SPAN:
    case VALUE_PERCENT:
    case VALUE_COUNT:
        ok = decode_quantity(system, key, text, at, &new.number);
        break;
    case VALUE_CHOICE:
        ok = decode_choice(system, key, text, at, &new.number);
        break;
    case VALUE_FLAG:
        ok = decode_flag(system, key, text, at, &new.number);
        break;
    case VALUE_NAME:
        ok = check_name(system, text, at);
        break;
    case VALUE_TEXT:
        ok = decode_text(system, key, (char *)new.text, at);
        break;
    case VALUE_SERVICE:
        ok = check_service(system, text, at, true);
        break;
    case VALUE_AWAITED:
        ok = *text == '/' ? check_service(system, text, at, false) : check_name(system, text, at);
        break;
    case VALUE_CPUS:
        ok = decode_cpus(system, key, text, at, &new.number);
        break;
    case VALUE_RANGE:
        ok = decode_range(system, key, text, at, &new);
        break;
    case VALUE_IMAGE:
    case VALUE_PATH:
    case VALUE_LIST:
    case VALUE_SECTION:
    case VALUE_TABLE:
        break;
    }
    if (ok)
        *value = new;
    return ok;
}
