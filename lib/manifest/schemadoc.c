/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of schema.c for people, as Markdown. */
#include <inttypes.h>
#include <manifest/schema.h>
#include <manifest/units.h>

static void markdown_value(FILE *out, const struct key *key)
{
    struct arena arena = {NULL};
    struct key item = *key;

    switch (key->kind) {
    case VALUE_SIZE:
        fprintf(out, "size, %s to %s", format_size(&arena, key->min),
                format_size(&arena, key->max));
        break;
    case VALUE_TIME:
        fprintf(out, "time, %s to %s", key->min == 0 ? "0s" : format_time(&arena, key->min),
                format_time(&arena, key->max));
        break;
    case VALUE_SPAN:
        fprintf(out, "short time, %s to %s", format_span(&arena, key->min),
                format_span(&arena, key->max));
        break;
    case VALUE_PERCENT:
        fprintf(out, "percentage, %" PRIu64 "%% to %" PRIu64 "%%", key->min, key->max);
        break;
    case VALUE_COUNT:
        fprintf(out, "number, %" PRIu64 " to %" PRIu64, key->min, key->max);
        break;
    case VALUE_FLAG:
        fputs("`true`, `false`", out);
        break;
    case VALUE_CHOICE:
        for (unsigned i = 0; key->choices[i] != NULL; i++)
            fprintf(out, "%s`%s`", i == 0 ? "" : ", ", key->choices[i]);
        break;
    case VALUE_NAME:
        fputs("name", out);
        break;
    case VALUE_TEXT:
        fprintf(out, "text, at most %" PRIu64 " bytes", key->max);
        break;
    case VALUE_IMAGE:
        fputs("path or image", out);
        break;
    case VALUE_PATH:
        fputs("path", out);
        break;
    case VALUE_SERVICE:
        fputs("services", out);
        break;
    case VALUE_AWAITED:
        fputs("names, services", out);
        break;
    case VALUE_CPUS:
        fprintf(out, "processors, 0 to %d", CPU_LAST);
        break;
    case VALUE_RANGE:
        fputs("ranges", out);
        break;
    case VALUE_LIST:
        item.kind = key->item;
        fputs("list: ", out);
        markdown_value(out, &item);
        break;
    case VALUE_SECTION:
    case VALUE_TABLE:
        fprintf(out, "%s: %s", key->kind == VALUE_TABLE ? "names" : "mapping", key->section->title);
        break;
    }
    arena_free(&arena);
}

static void markdown_section(FILE *out, const struct section *section)
{
    fprintf(out, "### %s\n\n%s\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
            section->title, section->help);
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        fprintf(out, "| `%s` | ", key->name);
        markdown_value(out, key);
        fputs(key->or_none ? ", `none`" : "", out);
        if (key->fallback != NULL)
            fprintf(out, " | `%s` | ", *key->fallback == '\0' ? "\"\"" : key->fallback);
        else
            fprintf(out, " | %s | ", key->fallback_note != NULL ? key->fallback_note : "");
        fprintf(out, "%s |\n", key->help);
    }
}

/* Each section once, in the order in which the keys mention them; that of the defaults is
 * that of the VMs. */
void schema_markdown(FILE *out)
{
    const struct section *seen[16] = {&system_section}, *section;
    unsigned count = 1;

    for (unsigned i = 0; i < count; i++) {
        fputs(i == 0 ? "" : "\n", out);
        markdown_section(out, seen[i]);
        for (const struct key *key = seen[i]->keys; key->name != NULL; key++) {
            unsigned j = 0;

            section = key->section != NULL && key->section->shared ? &vm_section : key->section;
            while (j < count && seen[j] != section)
                j++;
            if (section != NULL && j == count && count < 16)
                seen[count++] = section;
        }
    }
}
