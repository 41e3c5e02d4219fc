/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes are numbered as in their monitor's table: names may be words of the language.  In front is
 * the node of the monitor that they are inside of: d3_1 is the first one inside of d3. */
#include <inttypes.h>
#include <manifest/source.h>
#include <manifest/units.h>
#include <string.h>

#include "graph.h"

#define FONT      "fontname=\"sans-serif\""
#define NEXT_LINE 0x85 /* a line end to Unicode, and no control character to YAML */

/* A system, be it the outermost or one inside. */
struct picture {
    const struct flows *flows;
    const struct system *system;
    const char *prefix;  /* of its nodes     */
    const char *cluster; /* of its clusters  */
    const char *monitor; /* the node of it   */
    int depth;           /* spaces           */
    FILE *out;
};

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
static void end_node(const struct picture *p, const struct common *c, uint64_t priority,
                     bool may_poweroff)
{
    const char *whole = p->system->entry == NULL ? "switch the machine off" : "end all in here";
    FILE *out = p->out;
    struct arena arena = {NULL};

    if (priority != PRIORITY_DEFAULT)
        fprintf(out, "\\npriority %" PRIu64, priority);
    if (c->weight.text != NULL && c->weight.number != 100)
        fprintf(out, "\\nweight %" PRIu64, c->weight.number);
    if (c->cap.text != NULL)
        fprintf(out, "\\nat most %" PRIu64 "%%", c->cap.number);
    if (c->reservation.budget.text != NULL)
        fprintf(out, "\\n%s in %s for certain", format_span(&arena, c->reservation.budget.number),
                format_span(&arena, c->reservation.period.number));
    if (c->cpus.number > 0)
        fprintf(out, "\\nprocessor%s %s", __builtin_popcount(system_cpus(&c->cpus)) > 1 ? "s" : "",
                c->cpus.text);
    if (may_poweroff)
        fprintf(out, "\\nmay %s", whole);
    fputs("\"];\n", out);
    arena_free(&arena);
}

/* The head of a node: its name, and what it runs. */
static void begin_node(const struct picture *p, unsigned number, const char *name,
                       const char *image)
{
    fprintf(p->out, "%*s%s%u [label=\"%s\\n", p->depth + 4, "", p->prefix, number, name);
    print_text(p->out, file_name(image));
}

static void begin_cluster(const struct picture *p, const char *name, const char *label,
                          const char *colour)
{
    fprintf(p->out, "%*ssubgraph cluster_%s%s {\n%*slabel=\"", p->depth, "", p->cluster, name,
            p->depth + 4, "");
    print_text(p->out, label);
    fprintf(p->out, "\";\n%*snode [fillcolor=\"%s\"];\n", p->depth + 4, "", colour);
}

static void end_cluster(const struct picture *p)
{
    fprintf(p->out, "%*s}\n", p->depth, "");
}

static void print_vms(const struct picture *p)
{
    struct arena arena = {NULL};
    unsigned number = 1;

    if (p->system->vms == NULL)
        return;
    begin_cluster(p, "vms", "virtual machines", "#d6efd0");
    for (const struct vm *vm = p->system->vms; vm != NULL; vm = vm->next) {
        begin_node(p, number++, vm->name, vm->kernel.text);
        fprintf(p->out, "\\n%s, %" PRIu64 " vCPU%s", format_size(&arena, vm->memory.number),
                vm->vcpus.number, vm->vcpus.number == 1 ? "" : "s");
        end_node(p, &vm->common, vm->priority.number, vm->may_poweroff.number != 0);
    }
    end_cluster(p);
    arena_free(&arena);
}

static void print_programs(const struct picture *p)
{
    struct arena arena = {NULL};
    unsigned number = p->system->vm_count + 1;

    if (p->system->programs == NULL)
        return;
    begin_cluster(p, "programs", "programs", "#cfe3f7");
    for (const struct program *program = p->system->programs; program != NULL;
         program = program->next) {
        begin_node(p, number++, program->name, program->image.text);
        fprintf(p->out, "\\n%s of heap", format_size(&arena, program->memory.number));
        end_node(p, &program->common, program->priority.number, program->may_poweroff.number != 0);
    }
    end_cluster(p);
    arena_free(&arena);
}

/* Everybody calls the monitor: one line for each group tells that better than one for each. */
static void print_calls_of_monitor(const struct picture *p)
{
    static const char edge[] = "    %s%u -> %s [ltail=cluster_%s%s, style=dashed];\n";
    unsigned number = p->system->vm_count + 1;

    if (p->system->vms != NULL)
        fprintf(p->out, edge, p->prefix, 1u, p->monitor, p->cluster, "vms");
    if (p->system->programs != NULL)
        fprintf(p->out, edge, p->prefix, number, p->monitor, p->cluster, "programs");
    number += p->system->program_count;
    for (const struct monitor *m = p->system->monitors; m != NULL; m = m->next)
        fprintf(p->out, "    %s%u -> %s [style=dashed];\n", p->prefix, number++, p->monitor);
}

/* Memory is no call: an edge of its own, with two heads. */
static void print_shared(const struct picture *p)
{
    for (unsigned i = 0; i < p->flows->call_count; i++) {
        const struct flow_call *call = &p->flows->calls[i];

        if (strcmp(call->service, FLOWS_MEMORY) == 0)
            fprintf(p->out, "    %s%u -> %s%u [label=\"memory\", dir=both, style=bold];\n",
                    p->prefix, call->user + 1, p->prefix, call->publisher + 1);
    }
}

/* One arrow from each user to each of its publishers, with all services. */
static void print_calls(const struct picture *p)
{
    unsigned count = p->system->domain_count;

    for (unsigned pair = 0; pair < count * count; pair++) {
        unsigned user = pair / count, publisher = pair % count, found = 0;

        for (unsigned i = 0; i < p->flows->call_count; i++) {
            const struct flow_call *call = &p->flows->calls[i];

            if (call->user != user || call->publisher != publisher ||
                strcmp(call->service, FLOWS_MEMORY) == 0)
                continue;
            if (found++ == 0)
                fprintf(p->out, "    %s%u -> %s%u [label=\"%s", p->prefix, user + 1, p->prefix,
                        publisher + 1, call->service);
            else
                fprintf(p->out, "\\n%s", call->service);
        }
        fputs(found > 0 ? "\"];\n" : "", p->out);
    }
}

/* The clusters, or the arrows between what is in them: those come last, since an arrow to what was
 * not mentioned yet would put it into the wrong cluster. */
static void print_inside(const struct picture *outer, void (*print)(const struct picture *));

static void print_arrows(const struct picture *p)
{
    print_calls_of_monitor(p);
    print_calls(p);
    print_shared(p);
    print_inside(p, print_arrows);
}

static void print_box(const struct picture *p);

static void print_boxes(const struct picture *p)
{
    print_vms(p);
    print_programs(p);
    print_inside(p, print_box);
}

/* Around a system inside and its monitor, of which the outer system says what it may. */
static void print_box(const struct picture *p)
{
    const struct monitor *m = p->system->entry;
    struct arena arena = {NULL};
    struct picture frame = *p;

    frame.system = p->system->outer;
    frame.depth -= 4;
    frame.cluster = p->monitor;
    begin_cluster(&frame, "", file_name(m->system.text), "#f8e3b0");
    fprintf(p->out, "%*s%s [label=\"%s\\nmonitor\\n%s, at most %" PRIu64 " domains", p->depth, "",
            p->monitor, m->name, format_size(&arena, m->memory.number), m->domain_limit);
    end_node(&frame, &m->common, m->priority.text != NULL ? m->priority.number : PRIORITY_DEFAULT,
             false);
    print_boxes(p);
    end_cluster(&frame);
    arena_free(&arena);
}

static void print_inside(const struct picture *outer, void (*print)(const struct picture *))
{
    unsigned number = outer->system->vm_count + outer->system->program_count + 1;

    for (const struct monitor *m = outer->system->monitors; m != NULL; m = m->next) {
        struct arena arena = {NULL};
        const char *node = arena_format(&arena, "%s%u", outer->prefix, number++);
        const char *prefix = arena_format(&arena, "%s_", node);
        struct flows flows;
        struct picture p = {&flows, m->inner, prefix, prefix, node, outer->depth + 4, outer->out};

        flows_find(m->inner, &flows);
        print(&p);
        arena_free(&arena);
    }
}

void graph_print(const struct flows *flows, FILE *out)
{
    struct picture p = {flows, flows->system, "d", "", "monitor", 4, out};

    fputs("digraph system {\n    graph [label=\"", out);
    print_text(out, file_name(flows->system->report.path));
    fputs("\", labelloc=t, rankdir=LR, compound=true, " FONT "];\n"
          "    node [shape=box, style=\"rounded,filled\", fontsize=11, " FONT "];\n"
          "    edge [fontsize=9, color=\"#555555\", " FONT "];\n",
          out);
    print_boxes(&p);
    fputs("    subgraph cluster_monitor {\n        label=\"root task\";\n"
          "        monitor [label=\"monitor\\nall call it\", fillcolor=\"#f8e3b0\"];\n    }\n",
          out);
    print_arrows(&p);
    fputs("}\n", out);
}
