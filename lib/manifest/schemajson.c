/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of schema.c for machines, as a JSON schema. */
#include <manifest/schema.h>

#include <inttypes.h>
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

static void json_pattern(FILE *out, const struct key *key, const char *pattern)
{
    fprintf(out,
            key->or_none ? "\"type\": \"string\", \"pattern\": \"^(%s|none)$\""
                         : "\"type\": \"string\", \"pattern\": \"^%s$\"",
            pattern);
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
static void json_type(FILE *out, const struct key *key, unsigned depth);

/* One item may stand for a list of it. */
static void json_list(FILE *out, const struct key *key, unsigned depth)
{
    struct key item = *key;

    item.kind = key->item;
    fprintf(out, "\"oneOf\": [\n%*s{ ", depth + 2, "");
    json_type(out, &item, depth);
    fprintf(out, " },\n%*s{ \"type\": \"array\", \"maxItems\": %" PRIu64, depth + 2, "", key->max);
    fprintf(out, ", \"uniqueItems\": true,\n%*s\"items\": { ", depth + 4, "");
    json_type(out, &item, depth);
    fprintf(out, " } }\n%*s]", depth, "");
}

static void json_type(FILE *out, const struct key *key, unsigned depth)
{
    switch (key->kind) {
    case VALUE_SIZE:
        json_pattern(out, key, "[0-9]+[KMG]");
        break;
    case VALUE_TIME:
        json_pattern(out, key, "[0-9]+(ms|s|min)");
        break;
    case VALUE_SPAN:
        json_pattern(out, key, "[0-9]+(us|ms|s)");
        break;
    case VALUE_PERCENT:
        json_pattern(out, key, "[0-9]+%");
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
    case VALUE_PATH:
        fputs("\"type\": \"string\", \"minLength\": 1", out);
        break;
    case VALUE_SERVICE:
        fprintf(out,
                "\"type\": \"string\", \"pattern\": \"" SERVICE_PATTERN "\", \"maxLength\": %d",
                SERVICE_MAX_LENGTH);
        break;
    case VALUE_AWAITED:
        fprintf(out,
                "\"type\": \"string\", \"pattern\": \"" AWAITED_PATTERN "\", \"maxLength\": %d",
                SERVICE_MAX_LENGTH);
        break;
    case VALUE_CPUS:
        fprintf(out,
                "\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"maximum\": %d, "
                "\"pattern\": \"" CPUS_PATTERN "\"",
                CPU_LAST);
        break;
    case VALUE_RANGE:
        fputs("\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"pattern\": \"" RANGE_PATTERN
              "\"",
              out);
        break;
    case VALUE_LIST:
        json_list(out, key, depth);
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
    const char *comma = "";

    fputs("\"type\": \"object\", \"additionalProperties\": false,\n", out);
    fprintf(out, "%*s\"properties\": {", depth, "");
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (section->shared && key->individual)
            continue;
        fprintf(out, "%s\n%*s\"%s\": {\n%*s\"description\": ", comma, depth + 2, "", key->name,
                depth + 4, "");
        comma = ",";
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
          "  \"anyOf\": [{ \"required\": [\"vms\"] }, { \"required\": [\"programs\"] },\n"
          "            { \"required\": [\"monitors\"] }],\n  ",
          out);
    json_section(out, &system_section, 2);
    fputs("\n}\n", out);
}
