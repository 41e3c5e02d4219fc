/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of values, each item checked as a value of its own. */
#include "decode.h"

#include <manifest/config.h>
#include <string.h>

/* "a b" is no item, but for whoever wrote it a list. */
static bool check_one_word(struct decoder *decoder, const char *text, struct mark at,
                           const char *subject)
{
    struct report *report = &decoder->system->report;

    if (*text == '\0') {
        report_error(report, at, "an entry of %s has no value", subject);
        report_remedy(report, "write it, or remove the entry");
        return false;
    }
    if (strpbrk(text, " ,\n") == NULL)
        return true;
    report_error(report, at, "%s has more than one word: \"%s\"", subject, text);
    report_remedy(report, "write a list, as in [one, two]");
    return false;
}

static bool check_not_twice(struct decoder *decoder, const struct key *key,
                            const struct value *items, uint64_t count, const struct value *item,
                            const char *subject)
{
    struct report *report = &decoder->system->report;

    for (uint64_t i = 0; i < count; i++) {
        bool same = strcmp(items[i].text, item->text) == 0;
        bool ranges = key->item == VALUE_RANGE;

        if (!same && !(key->item == VALUE_CPUS && (items[i].number & item->number) != 0) &&
            !(ranges && items[i].number <= item->last && item->number <= items[i].last))
            continue;
        if (same)
            report_error(report, item->at, "\"%s\" stands twice in %s", item->text, subject);
        else
            report_error(report, item->at, "\"%s\" and \"%s\" have %s in common in %s",
                         items[i].text, item->text, ranges ? "a part" : "processors", subject);
        report_note(report, "the first is in line %u", items[i].at.line);
        report_remedy(report, "remove one of them");
        return false;
    }
    return true;
}

static bool decode_item(struct decoder *decoder, const struct key *key, const yaml_node_t *node,
                        const char *subject, struct value *items, uint64_t count)
{
    struct key item = *key;
    const char *text = scalar_text(
        decoder, node, arena_format(&decoder->system->arena, "an entry of %s", subject));

    item.kind = key->item;
    return text != NULL && check_one_word(decoder, text, node_mark(node), subject) &&
           decode_value(decoder->system, &item, text, node_mark(node), &items[count]) &&
           check_not_twice(decoder, key, items, count, &items[count], subject);
}

static const char *join(struct arena *arena, const struct value *items, uint64_t count)
{
    const char *text = "";

    for (uint64_t i = 0; i < count; i++)
        text = arena_format(arena, "%s%s%s", text, i == 0 ? "" : " ", items[i].text);
    return text;
}

/* As the monitor reads it, which has room for so much. */
static void set_text(struct decoder *decoder, const char *subject, struct value *value)
{
    struct report *report = &decoder->system->report;
    const char *text = join(&decoder->system->arena, value->items, value->number);

    if (strlen(text) <= CONFIG_LIST_MAX) {
        value->text = text;
        return;
    }
    report_error(report, value->at, "%s has %zu characters", subject, strlen(text));
    report_remedy(report, "write at most %u, a space between any two entries included",
                  CONFIG_LIST_MAX);
}

static bool check_length(struct decoder *decoder, const struct key *key, const yaml_node_t *node,
                         size_t entries, const char *subject)
{
    struct report *report = &decoder->system->report;

    if (entries <= key->max)
        return true;
    report_error(report, node_mark(node), "%s has %zu entries", subject, entries);
    report_remedy(report, "write at most %ju", (uintmax_t)key->max);
    return false;
}

void decode_list(struct decoder *decoder, const struct key *key, const yaml_node_t *node,
                 const char *subject, struct value *value)
{
    struct report *report = &decoder->system->report;
    bool alone = node->type == YAML_SCALAR_NODE, ok = true;
    const yaml_node_item_t *first = NULL;
    size_t entries = 1;
    struct value *items;

    *value = (struct value){.at = node_mark(node)};
    if (node->type == YAML_MAPPING_NODE) {
        report_error(report, node_mark(node), "%s takes a list, not a mapping", subject);
        report_remedy(report, "write [one, two], or a line \"- one\" for each");
        return;
    }
    if (!alone) {
        first = node->data.sequence.items.start;
        entries = (size_t)(node->data.sequence.items.top - first);
    }
    if (!check_length(decoder, key, node, entries, subject))
        return;
    items = arena_alloc(&decoder->system->arena, (entries + 1) * sizeof *items);
    for (size_t i = 0; i < entries; i++) {
        const yaml_node_t *item =
            alone ? node : yaml_document_get_node(decoder->document, first[i]);

        if (decode_item(decoder, key, item, subject, items, value->number))
            value->number++;
        else
            ok = false;
    }
    value->items = items;
    if (ok)
        set_text(decoder, subject, value);
}
