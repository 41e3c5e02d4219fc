/* SPDX-License-Identifier: BSD-2-Clause */
/* From the text of a description to a checked system. */
#include <manifest/source.h>
#include <string.h>

#include "check.h"
#include "decode.h"

#define DEEPEST 20

static const struct mark whole_file;

/* What libyaml finds, in words that help whoever wrote the file. */
static const struct {
    const char *problem; /* a part of libyaml's message */
    const char *cause, *remedy;
    bool opened; /* the place to show is where it was opened */
} yaml_problems[] = {
    {"mapping values are not allowed", "a colon where no key can be",
     "check the indentation here and whether the line before lacks a colon; quote a value "
     "that holds \": \"",
     false},
    {"could not find expected ':'", "a key without a colon",
     "write \"key: value\", with a space behind the colon", false},
    {"did not find expected key", "a line that is indented like no key before it",
     "indent all keys of one mapping by the same number of spaces", false},
    {"did not find expected '-'", "a key among the items of a list",
     "check the indentation; the items of a list begin below each other", false},
    {"found unexpected end of stream", "a quoted text that does not end", "close the quotes", true},
    {"did not find expected ',' or '}'", "a \"{\" that is not closed",
     "separate entries by commas and close the \"}\"", true},
    {"did not find expected ',' or ']'", "a \"[\" that is not closed", "close the \"]\"", true},
    {"cannot start any token", "a character that no value can begin with",
     "put the value in quotes", false},
    {"found undefined alias", "an alias (*name) without its anchor (&name)",
     "quote the value if the \"*\" belongs to it", false},
    {"escape character", "an unknown escape in double quotes",
     "write \\\\ for a backslash, or use single quotes", false},
};

static struct mark yaml_place(yaml_mark_t mark)
{
    return (struct mark){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static void report_yaml_problem(struct report *report, const yaml_parser_t *parser)
{
    const char *problem = parser->problem != NULL ? parser->problem : "it cannot be read";
    struct mark at = yaml_place(parser->problem_mark);

    for (unsigned i = 0; i < sizeof yaml_problems / sizeof yaml_problems[0]; i++) {
        if (strstr(problem, yaml_problems[i].problem) == NULL)
            continue;
        if (yaml_problems[i].opened)
            at = yaml_place(parser->context_mark);
        report_error(report, at, "this is not YAML: %s", yaml_problems[i].cause);
        report_remedy(report, "%s", yaml_problems[i].remedy);
        return;
    }
    report_error(report, at, "this is not YAML: %s", problem);
    report_remedy(report, "check indentation, colons and quotes here and in the line before");
}

/* A file holds one description: "---" in the middle is more likely a mistake. */
static void check_single(struct report *report, yaml_parser_t *parser)
{
    yaml_document_t second;
    yaml_node_t *root;

    if (!yaml_parser_load(parser, &second)) {
        report_yaml_problem(report, parser);
        return;
    }
    root = yaml_document_get_root_node(&second);
    if (root != NULL) {
        report_error(report, node_mark(root), "a second document begins here");
        report_remedy(report, "keep one system per file: remove the \"---\" or split the file");
    }
    yaml_document_delete(&second);
}

static void decode_vm(struct decoder *decoder, const struct pair *pair, struct vm ***link)
{
    struct system *system = decoder->system;
    const char *where = arena_format(&system->arena, "VM \"%s\"", pair->key);
    struct vm *vm = arena_alloc(&system->arena, sizeof *vm);

    *vm = system->defaults;
    vm->name = pair->key;
    vm->at = pair->mark;
    check_name(system, vm->name, vm->at);
    decode_section(decoder, &vm_section, pair->value, where, vm);
    if (pair->repeated)
        return;
    **link = vm;
    *link = &vm->next;
    system->vm_count++;
}

/* What is said of a program or monitor, whose defaults are the schema's. */
static void decode_entry(struct decoder *decoder, const struct pair *pair, const char *kind,
                         const struct section *section, void *entry)
{
    struct system *system = decoder->system;
    const char *where = arena_format(&system->arena, "%s \"%s\"", kind, pair->key);

    decode_fallbacks(system, section, entry);
    check_name(system, pair->key, pair->mark);
    decode_section(decoder, section, pair->value, where, entry);
}

static void decode_program(struct decoder *decoder, const struct pair *pair, struct program ***link)
{
    struct system *system = decoder->system;
    struct program *program = arena_alloc(&system->arena, sizeof *program);

    decode_entry(decoder, pair, "program", &program_section, program);
    program->name = pair->key;
    program->at = pair->mark;
    if (pair->repeated)
        return;
    **link = program;
    *link = &program->next;
    system->program_count++;
}

static void decode_monitor(struct decoder *decoder, const struct pair *pair, struct monitor ***link)
{
    struct system *system = decoder->system;
    struct monitor *monitor = arena_alloc(&system->arena, sizeof *monitor);

    decode_entry(decoder, pair, "monitor", &monitor_section, monitor);
    monitor->name = pair->key;
    monitor->at = pair->mark;
    if (pair->repeated)
        return;
    **link = monitor;
    *link = &monitor->next;
    system->monitor_count++;
}

/* A table of VMs, programs or monitors must be a mapping, and not empty. */
static bool check_table(struct decoder *decoder, const struct pair *table, const char *what)
{
    struct report *report = &decoder->system->report;
    const yaml_node_t *node = table->value;

    if (node->type == YAML_MAPPING_NODE &&
        node->data.mapping.pairs.start != node->data.mapping.pairs.top)
        return true;
    if (node->type == YAML_SEQUENCE_NODE)
        report_error(report, node_mark(node), "\"%s\" is a list, where names are expected",
                     table->key);
    else
        report_error(report, table->mark, "\"%s\" holds no %s", table->key, what);
    report_remedy(report, "write each %s as its name and a colon, its keys indented below", what);
    return false;
}

static void decode_tables(struct decoder *decoder, const yaml_node_t *root)
{
    struct system *system = decoder->system;
    struct vm **vms = &system->vms;
    struct program **programs = &system->programs;
    struct monitor **monitors = &system->monitors;
    bool found = false;

    for (struct pair table = {0};
         next_pair(decoder, root, "the system description has two keys", &table);) {
        struct pair entry = {0};

        if (table.repeated)
            continue;
        if (strcmp(table.key, "vms") == 0) {
            found = true;
            while ((entry.at != NULL || check_table(decoder, &table, "VM")) &&
                   next_pair(decoder, table.value, "two VMs are called", &entry))
                decode_vm(decoder, &entry, &vms);
        } else if (strcmp(table.key, "programs") == 0) {
            found = true;
            while ((entry.at != NULL || check_table(decoder, &table, "program")) &&
                   next_pair(decoder, table.value, "two programs are called", &entry))
                decode_program(decoder, &entry, &programs);
        } else if (strcmp(table.key, "monitors") == 0) {
            found = true;
            while ((entry.at != NULL || check_table(decoder, &table, "monitor")) &&
                   next_pair(decoder, table.value, "two monitors are called", &entry))
                decode_monitor(decoder, &entry, &monitors);
        }
    }
    if (!found) {
        report_error(&system->report, whole_file, "the description has no VMs");
        report_remedy(&system->report, "add \"vms:\" and below it at least one VM");
    }
}

static void decode_document(struct system *system, yaml_document_t *document)
{
    struct decoder decoder = {system, document};
    const yaml_node_t *root = yaml_document_get_root_node(document);

    if (root == NULL || (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0)) {
        report_error(&system->report, whole_file, "the file is empty");
        report_remedy(&system->report, "describe at least one VM; see system.yaml(5)");
        return;
    }
    if (root->type != YAML_MAPPING_NODE) {
        report_error(&system->report, node_mark(root), "the file is no system description");
        report_remedy(&system->report, "begin with a key like \"vms:\"; see system.yaml(5)");
        return;
    }
    decode_section(&decoder, &system_section, root, "the system description", system);
    decode_tables(&decoder, root);
}

static bool start_parser(struct report *report, yaml_parser_t *parser)
{
    if (!yaml_parser_initialize(parser)) {
        report_error(report, whole_file, "out of memory");
        return false;
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)report->text, report->size);
    return true;
}

/* libyaml's time grows with the square of the depth, so the depth is looked at before
 * it may read all.  What else is wrong is found again when it does. */
static bool check_depth(struct report *report)
{
    yaml_parser_t parser;
    bool more = start_parser(report, &parser);
    unsigned depth = 0;

    while (more) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event))
            break;
        if (event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT)
            depth++;
        else if (event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT)
            depth--;
        if (depth > DEEPEST) {
            report_error(report, yaml_place(event.start_mark), "nested more than %d deep", DEEPEST);
            report_remedy(report, "a system description has at most 4 levels");
        }
        more = event.type != YAML_STREAM_END_EVENT && depth <= DEEPEST;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return depth <= DEEPEST;
}

static void parse_yaml(struct system *system)
{
    struct report *report = &system->report;
    yaml_parser_t parser;
    yaml_document_t document;

    if (!check_depth(report) || !start_parser(report, &parser))
        return;
    if (!yaml_parser_load(&parser, &document)) {
        report_yaml_problem(report, &parser);
    } else {
        decode_document(system, &document);
        if (yaml_document_get_root_node(&document) != NULL)
            check_single(report, &parser);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}

static void init(struct system *system, const char *path)
{
    memset(system, 0, sizeof *system);
    system->report.arena = &system->arena;
    system->report.path = path;
    decode_fallbacks(system, &system_section, system);
}

static void parse(struct system *system, const struct system_options *options)
{
    if (!source_check(&system->report))
        return;
    parse_yaml(system);
    check_system(system, options);
}

void system_parse(struct system *system, const char *path, const char *text, size_t size,
                  const struct system_options *options)
{
    init(system, path);
    system->report.text = text;
    system->report.size = size;
    parse(system, options);
}

void system_load(struct system *system, const char *path, const struct system_options *options)
{
    init(system, path);
    if (source_read(&system->report))
        parse(system, options);
}

void system_load_inner(struct system *inner, struct system *outer, const struct monitor *entry,
                       const char *path, const struct system_options *options)
{
    init(inner, path);
    inner->outer = outer;
    inner->entry = entry;
    report_attach(&outer->report, &inner->report);
    if (source_read(&inner->report))
        parse(inner, options);
}

struct system *system_outermost(struct system *system)
{
    while (system->outer != NULL)
        system = system->outer;
    return system;
}

void system_free(struct system *system)
{
    for (struct monitor *m = system->monitors; m != NULL; m = m->next) {
        if (m->inner != NULL)
            system_free(m->inner);
    }
    arena_free(&system->arena);
    system->vms = NULL;
    system->programs = NULL;
    system->monitors = NULL;
    system->images = NULL;
}
