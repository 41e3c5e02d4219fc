/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes are numbered as in the monitor's table: names may be words of the language. */
#include <inttypes.h>
#include <manifest/source.h>
#include <manifest/units.h>
#include <string.h>

#include "graph.h"

#define FONT      "fontname=\"sans-serif\""
#define NEXT_LINE 0x85 /* a line end to Unicode, and no control character to YAML */

/* A text from the user inside of quotes: nothing in it ends them, is a line break, or an entity
 * such as &lt;, which Graphviz would take for what it stands for. */
static void print_text(FILE *out, const char *text)
{
    size_t left = strlen(text);

    for (unsigned len; left > 0; text += len, left -= len) {
        uint32_t code;

        len = utf8_length(text, left, &code);
        if (len == 0 || code < ' ' || code == NEXT_LINE || utf8_is_control(code)) {
            fputc('?', out);
            len = len == 0 ? 1 : len;
        } else if (code == '&') {
            fputs("&amp;", out);
        } else {
            if (code == '"' || code == '\\')
                fputc('\\', out);
            fwrite(text, 1, len, out);
        }
    }
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* The end of a node: what is not as everybody has it. */
static void end_node(FILE *out, const struct common *c, uint64_t priority, bool may_poweroff)
{
    struct arena arena = {NULL};

    if (priority != 100)
        fprintf(out, "\\npriority %" PRIu64, priority);
    if (c->weight.number != 100)
        fprintf(out, "\\nweight %" PRIu64, c->weight.number);
    if (c->cap.text != NULL)
        fprintf(out, "\\nat most %" PRIu64 "%%", c->cap.number);
    if (c->reservation.budget.text != NULL)
        fprintf(out, "\\n%s in %s for certain", format_span(&arena, c->reservation.budget.number),
                format_span(&arena, c->reservation.period.number));
    if (c->cpus.number > 0)
        fprintf(out, "\\nprocessor%s %s", __builtin_popcount(system_cpus(&c->cpus)) > 1 ? "s" : "",
                c->cpus.text);
    fputs(may_poweroff ? "\\nmay switch the machine off\"];\n" : "\"];\n", out);
    arena_free(&arena);
}

/* The head of a node: its name, and what it runs. */
static void begin_node(FILE *out, unsigned number, const char *name, const char *image)
{
    fprintf(out, "        d%u [label=\"%s\\n", number, name);
    print_text(out, file_name(image));
}

static void print_vms(const struct system *system, FILE *out)
{
    struct arena arena = {NULL};
    unsigned number = 1;

    if (system->vms == NULL)
        return;
    fputs("    subgraph cluster_vms {\n        label=\"virtual machines\";\n"
          "        node [fillcolor=\"#d6efd0\"];\n",
          out);
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        begin_node(out, number++, vm->name, vm->kernel.text);
        fprintf(out, "\\n%s, %" PRIu64 " vCPU%s", format_size(&arena, vm->memory.number),
                vm->vcpus.number, vm->vcpus.number == 1 ? "" : "s");
        end_node(out, &vm->common, vm->priority.number, vm->may_poweroff.number != 0);
    }
    fputs("    }\n", out);
    arena_free(&arena);
}

static void print_programs(const struct system *system, FILE *out)
{
    struct arena arena = {NULL};
    unsigned number = system->vm_count + 1;

    if (system->programs == NULL)
        return;
    fputs("    subgraph cluster_programs {\n        label=\"programs\";\n"
          "        node [fillcolor=\"#cfe3f7\"];\n",
          out);
    for (const struct program *p = system->programs; p != NULL; p = p->next) {
        begin_node(out, number++, p->name, p->image.text);
        fprintf(out, "\\n%s of heap", format_size(&arena, p->memory.number));
        end_node(out, &p->common, p->priority.number, p->may_poweroff.number != 0);
    }
    fputs("    }\n", out);
    arena_free(&arena);
}

/* Everybody calls the monitor: one line for each group tells that better than one for each. */
static void print_monitor(const struct system *system, FILE *out)
{
    static const char edge[] = "    d%u -> monitor [ltail=cluster_%s, style=dashed];\n";

    fputs("    subgraph cluster_monitor {\n        label=\"root task\";\n"
          "        monitor [label=\"monitor\\nall call it\", fillcolor=\"#f8e3b0\"];\n    }\n",
          out);
    if (system->vms != NULL)
        fprintf(out, edge, 1u, "vms");
    if (system->programs != NULL)
        fprintf(out, edge, system->vm_count + 1, "programs");
}

/* Memory is no call: an edge of its own, with two heads. */
static void print_shared(const struct flows *flows, FILE *out)
{
    for (unsigned i = 0; i < flows->call_count; i++) {
        const struct flow_call *call = &flows->calls[i];

        if (strcmp(call->service, FLOWS_MEMORY) == 0)
            fprintf(out, "    d%u -> d%u [label=\"memory\", dir=both, style=bold];\n",
                    call->user + 1, call->publisher + 1);
    }
}

/* One arrow from each user to each of its publishers, with all services. */
static void print_calls(const struct flows *flows, FILE *out)
{
    unsigned count = flows->system->domain_count;

    for (unsigned pair = 0; pair < count * count; pair++) {
        unsigned user = pair / count, publisher = pair % count, found = 0;

        for (unsigned i = 0; i < flows->call_count; i++) {
            const struct flow_call *call = &flows->calls[i];

            if (call->user != user || call->publisher != publisher ||
                strcmp(call->service, FLOWS_MEMORY) == 0)
                continue;
            if (found++ == 0)
                fprintf(out, "    d%u -> d%u [label=\"%s", user + 1, publisher + 1, call->service);
            else
                fprintf(out, "\\n%s", call->service);
        }
        fputs(found > 0 ? "\"];\n" : "", out);
    }
}

void graph_print(const struct flows *flows, FILE *out)
{
    fputs("digraph system {\n    graph [label=\"", out);
    print_text(out, file_name(flows->system->report.path));
    fputs("\", labelloc=t, rankdir=LR, compound=true, " FONT "];\n"
          "    node [shape=box, style=\"rounded,filled\", fontsize=11, " FONT "];\n"
          "    edge [fontsize=9, color=\"#555555\", " FONT "];\n",
          out);
    print_vms(flows->system, out);
    print_programs(flows->system, out);
    print_monitor(flows->system, out);
    print_calls(flows, out);
    print_shared(flows, out);
    fputs("}\n", out);
}
