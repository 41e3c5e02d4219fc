/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings: walking them, finding each key in its table, nesting. */
#include "decode.h"

#include <manifest/nearest.h>
#include <string.h>

static const yaml_node_t *node_at(struct decoder *decoder, int index)
{
    return yaml_document_get_node(decoder->document, index);
}

/* The first pair of the mapping with this key, which is there. */
static const yaml_node_pair_t *first_pair_with(struct decoder *decoder, const yaml_node_t *mapping,
                                               const yaml_node_t *key)
{
    const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;

    for (;; pair++) {
        const yaml_node_t *other = node_at(decoder, pair->key);

        if (other->type == YAML_SCALAR_NODE &&
            other->data.scalar.length == key->data.scalar.length &&
            memcmp(other->data.scalar.value, key->data.scalar.value, key->data.scalar.length) == 0)
            return pair;
    }
}

/* Fill in the pair.  False, with the fault reported, if its key is no plain word. */
static bool take_pair(struct decoder *decoder, const yaml_node_t *mapping, const char *twice,
                      struct pair *pair)
{
    struct report *report = &decoder->system->report;
    const yaml_node_t *key = node_at(decoder, pair->at->key);
    const yaml_node_pair_t *first;

    pair->mark = node_mark(key);
    pair->value = node_at(decoder, pair->at->value);
    pair->key = scalar_text(decoder, key, "a key");
    if (pair->key == NULL)
        return false;
    first = first_pair_with(decoder, mapping, key);
    pair->repeated = first != pair->at;
    if (!pair->repeated)
        return true;
    report_error(report, pair->mark, "%s \"%s\"", twice, pair->key);
    report_note(report, "the first is in line %u", node_mark(node_at(decoder, first->key)).line);
    report_remedy(report, "rename one, or remove it");
    return true;
}

bool next_pair(struct decoder *decoder, const yaml_node_t *mapping, const char *twice,
               struct pair *pair)
{
    do {
        pair->at = pair->at == NULL ? mapping->data.mapping.pairs.start : pair->at + 1;
        if (pair->at == mapping->data.mapping.pairs.top)
            return false;
    } while (!take_pair(decoder, mapping, twice, pair));
    return true;
}

static const struct key *find_key(const struct section *section, const char *name)
{
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (strcmp(key->name, name) == 0)
            return key;
    }
    return NULL;
}

/* A key that belongs one level up or down gets a better remedy than the list. */
static const char *remedy_elsewhere(struct system *system, const struct section *section,
                                    const char *name)
{
    static const struct section *const sections[] = {&system_section, &vm_section};
    const struct key *key = find_key(&vm_section, name);

    if (key != NULL && section == &monitor_section)
        return "a monitor has none: say it of the VMs and programs inside";
    if (key != NULL)
        return key->individual ? "it is a key of a VM or program: indent it below its name"
                               : "it is a key of a VM: indent it below the VM's name, or below "
                                 "\"defaults\"";
    for (unsigned i = 0; i < 2; i++) {
        for (key = sections[i]->keys; key->name != NULL; key++) {
            if (key->kind == VALUE_SECTION && find_key(key->section, name) != NULL)
                return arena_format(&system->arena, "it is a key of \"%s\": put it there",
                                    key->name);
        }
    }
    if (find_key(&system_section, name) != NULL)
        return "it is a key of the top level: do not indent it";
    return NULL;
}

/* Take the key, or all of them, for given, so that what is a consequence of one fault
 * is no second error. */
static void mark_as_given(const struct section *section, const char *name, struct mark at,
                          void *base)
{
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (key->kind != VALUE_SECTION && key->kind != VALUE_TABLE &&
            (name == NULL || strcmp(name, key->name) == 0))
            ((struct value *)((char *)base + key->offset))->at = at;
    }
}

static void report_unknown(struct system *system, const struct section *section, const char *where,
                           const struct pair *pair, void *base)
{
    struct report *report = &system->report;
    struct nearest nearest = nearest_to(pair->key);
    const char *elsewhere = remedy_elsewhere(system, section, pair->key);
    const char *list = "";

    report_error(report, pair->mark, "unknown key \"%s\" in %s", pair->key, where);
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (section->shared && key->individual)
            continue;
        nearest_try(&nearest, key->name);
        list = arena_format(&system->arena, "%s%s%s", list, *list == '\0' ? "" : ", ", key->name);
    }
    if (strcmp(pair->key, "<<") == 0)
        report_remedy(report, "merge keys are not known here: put common values into \"defaults\"");
    else if (elsewhere != NULL)
        report_remedy(report, "%s", elsewhere);
    else if (nearest.best != NULL)
        report_remedy(report, "did you mean \"%s\"?", nearest.best);
    else
        report_remedy(report, "the keys are: %s", list);
    if (nearest.best != NULL || strcmp(pair->key, "<<") == 0)
        mark_as_given(section, nearest.best, pair->mark, base);
}

static void report_individual(struct system *system, const struct pair *pair)
{
    report_error(&system->report, pair->mark, "\"%s\" cannot be a default", pair->key);
    report_remedy(&system->report, "it says what one VM does: write it below that VM's name");
}

static bool is_empty(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 &&
           node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void decode_scalar_key(struct decoder *decoder, const struct key *key,
                              const yaml_node_t *node, const char *where, void *base)
{
    struct system *system = decoder->system;
    const char *subject = arena_format(&system->arena, "\"%s\" in %s", key->name, where);
    const char *text = scalar_text(decoder, node, subject);
    bool may_be_empty = key->kind == VALUE_TEXT && key->min == 0 && !is_empty(node);
    struct value *value = (struct value *)((char *)base + key->offset);

    value->at = node_mark(node);
    if (text == NULL)
        return;
    if (*text == '\0' && !may_be_empty) {
        report_error(&system->report, node_mark(node), "%s has no value", subject);
        report_remedy(&system->report, "write a value behind the colon, or remove the key%s",
                      key->kind == VALUE_TEXT && key->min == 0 ? "; \"\" is the empty text" : "");
        return;
    }
    if ((key->or_none && strcmp(text, "none") == 0) ||
        (!decode_value(system, key, text, node_mark(node), value) && key->kind != VALUE_TEXT &&
         key->kind != VALUE_IMAGE))
        *value = (struct value){.at = node_mark(node)};
}

static void decode_key(struct decoder *decoder, const struct key *key, const yaml_node_t *node,
                       const char *where, void *base)
{
    struct arena *arena = &decoder->system->arena;
    void *inner = (char *)base + key->offset;

    if (key->kind == VALUE_TABLE)
        return;
    if (key->kind == VALUE_LIST && !is_empty(node)) {
        decode_list(decoder, key, node, arena_format(arena, "\"%s\" in %s", key->name, where),
                    inner);
    } else if (key->kind != VALUE_SECTION) {
        decode_scalar_key(decoder, key, node, where, base);
    } else if (node->type == YAML_SCALAR_NODE && key->section->shorthand != NULL) {
        struct key alias = *find_key(key->section, key->section->shorthand);

        alias.name = key->name; /* the one that the user wrote */
        decode_scalar_key(decoder, &alias, node, where, inner);
    } else {
        decode_section(decoder, key->section, node,
                       base == decoder->system
                           ? arena_format(arena, "\"%s\"", key->name)
                           : arena_format(arena, "\"%s\" of %s", key->name, where),
                       inner);
    }
}

void decode_section(struct decoder *decoder, const struct section *section, const yaml_node_t *node,
                    const char *where, void *base)
{
    struct system *system = decoder->system;
    const char *twice = arena_format(&system->arena, "%s has two keys", where);
    struct pair pair = {.at = NULL};

    if (node->type != YAML_MAPPING_NODE) {
        report_error(&system->report, node_mark(node), "%s is %s, where keys are expected", where,
                     is_empty(node)                     ? "empty"
                     : node->type == YAML_SEQUENCE_NODE ? "a list"
                                                        : "a single value");
        report_remedy(&system->report, "write \"key: value\" lines, indented below it%s",
                      is_empty(node) ? ", or remove it" : ", without \"-\"");
        mark_as_given(section, NULL, node_mark(node), base);
        return;
    }
    while (next_pair(decoder, node, twice, &pair)) {
        const struct key *key = find_key(section, pair.key);

        if (key == NULL)
            report_unknown(system, section, where, &pair, base);
        else if (section->shared && key->individual)
            report_individual(system, &pair);
        else if (!pair.repeated)
            decode_key(decoder, key, pair.value, where, base);
    }
}

void decode_fallbacks(struct system *system, const struct section *section, void *base)
{
    static const struct mark nowhere;

    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (key->kind == VALUE_SECTION)
            decode_fallbacks(system, key->section, (char *)base + key->offset);
        else if (key->fallback != NULL)
            decode_value(system, key, key->fallback, nowhere,
                         (struct value *)((char *)base + key->offset));
    }
}
