/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of schema.c for machines (JSON schema) and people (Markdown). */
#include <manifest/schema.h>

#include <inttypes.h>
#include <manifest/units.h>
#include <string.h>

#define SCHEMA_ID "https://json-schema.org/draft/2020-12/schema"

/* Help texts hold no backslash and no control character. */
static void json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void json_choices(FILE *out, const char *const *choices)
{
    fputs("\"enum\": [", out);
    for (unsigned i = 0; choices[i] != NULL; i++) {
        fputs(i == 0 ? "" : ", ", out);
        json_string(out, choices[i]);
    }
    fputc(']', out);
}

static void json_default(FILE *out, const struct key *key)
{
    if (key->fallback == NULL)
        return;
    fputs(", \"default\": ", out);
    if (key->kind == VALUE_COUNT || key->kind == VALUE_FLAG)
        fputs(key->fallback, out);
    else
        json_string(out, key->fallback);
}

static void json_section(FILE *out, const struct section *section, unsigned depth);

static void json_type(FILE *out, const struct key *key, unsigned depth)
{
    switch (key->kind) {
    case VALUE_SIZE:
        fputs("\"type\": \"string\", \"pattern\": \"^[0-9]+[KMG]$\"", out);
        break;
    case VALUE_TIME:
        fputs("\"type\": \"string\", \"pattern\": \"^[0-9]+(ms|s|min)$\"", out);
        break;
    case VALUE_COUNT:
        fprintf(out, "\"type\": \"integer\", \"minimum\": %" PRIu64 ", \"maximum\": %" PRIu64,
                key->min, key->max);
        break;
    case VALUE_FLAG:
        fputs("\"type\": \"boolean\"", out);
        break;
    case VALUE_CHOICE:
        json_choices(out, key->choices);
        break;
    case VALUE_NAME:
        fputs("\"type\": \"string\", \"pattern\": \"" NAME_PATTERN "\"", out);
        break;
    case VALUE_TEXT:
        fprintf(out, "\"type\": \"string\", \"minLength\": %" PRIu64 ", \"maxLength\": %" PRIu64,
                key->min, key->max);
        break;
    case VALUE_IMAGE:
        fputs("\"type\": \"string\", \"minLength\": 1", out);
        break;
    case VALUE_SECTION:
        json_section(out, key->section, depth);
        break;
    case VALUE_TABLE:
        fprintf(out,
                "\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": %" PRIu64 ",\n",
                key->max);
        fprintf(out, "%*s\"propertyNames\": { \"pattern\": \"" NAME_PATTERN "\" },\n", depth, "");
        fprintf(out, "%*s\"additionalProperties\": {\n%*s", depth, "", depth + 2, "");
        json_section(out, key->section, depth + 2);
        fprintf(out, "\n%*s}", depth, "");
        break;
    }
}

static void json_properties(FILE *out, const struct section *section, unsigned depth)
{
    fputs("\"type\": \"object\", \"additionalProperties\": false,\n", out);
    fprintf(out, "%*s\"properties\": {", depth, "");
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        fprintf(out, "%s\n%*s\"%s\": {\n%*s\"description\": ", key == section->keys ? "" : ",",
                depth + 2, "", key->name, depth + 4, "");
        json_string(out, key->help);
        fprintf(out, ",\n%*s", depth + 4, "");
        json_type(out, key, depth + 4);
        json_default(out, key);
        fprintf(out, "\n%*s}", depth + 2, "");
    }
    fprintf(out, "\n%*s}", depth, "");
}

/* The members of an object that describes the section; a shorthand is a choice of
 * two forms. */
static void json_section(FILE *out, const struct section *section, unsigned depth)
{
    const struct key *key = section->keys;

    if (section->shorthand == NULL) {
        json_properties(out, section, depth);
        return;
    }
    while (strcmp(key->name, section->shorthand) != 0)
        key++;
    fprintf(out, "\"oneOf\": [\n%*s{ ", depth + 2, "");
    json_type(out, key, depth + 2);
    fprintf(out, " },\n%*s{\n%*s", depth + 2, "", depth + 4, "");
    json_properties(out, section, depth + 4);
    fprintf(out, "\n%*s}\n%*s]", depth + 2, "", depth, "");
}

void schema_json(FILE *out)
{
    fputs("{\n  \"$schema\": \"" SCHEMA_ID "\",\n"
          "  \"title\": \"Marzipan system description\",\n"
          "  \"anyOf\": [{ \"required\": [\"vms\"] }, { \"required\": [\"programs\"] }],\n  ",
          out);
    json_section(out, &system_section, 2);
    fputs("\n}\n", out);
}

static void markdown_value(FILE *out, const struct key *key)
{
    struct arena arena = {NULL};

    switch (key->kind) {
    case VALUE_SIZE:
        fprintf(out, "size, %s to %s", format_size(&arena, key->min),
                format_size(&arena, key->max));
        break;
    case VALUE_TIME:
        fprintf(out, "time, %s to %s", key->min == 0 ? "0s" : format_time(&arena, key->min),
                format_time(&arena, key->max));
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
        if (key->fallback != NULL)
            fprintf(out, " | `%s` | ", *key->fallback == '\0' ? "\"\"" : key->fallback);
        else
            fprintf(out, " | %s | ", key->fallback_note != NULL ? key->fallback_note : "");
        fprintf(out, "%s |\n", key->help);
    }
}

/* Each section once, in the order in which the keys mention them. */
void schema_markdown(FILE *out)
{
    const struct section *seen[16] = {&system_section};
    unsigned count = 1;

    for (unsigned i = 0; i < count; i++) {
        fputs(i == 0 ? "" : "\n", out);
        markdown_section(out, seen[i]);
        for (const struct key *key = seen[i]->keys; key->name != NULL; key++) {
            unsigned j = 0;

            while (j < count && seen[j] != key->section)
                j++;
            if (key->section != NULL && j == count && count < 16)
                seen[count++] = key->section;
        }
    }
}
