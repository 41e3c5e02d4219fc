/* SPDX-License-Identifier: BSD-2-Clause */
#include "flows.h"

#include <string.h>

#define LINE_LENGTH 100

struct table {
    const struct flows *flows;
    const struct domain *domains;
    unsigned count;
    int width; /* of the longest name */
    FILE *out;
};

static const char *name(const struct table *t, unsigned d)
{
    return t->domains[d].name;
}

/* Numbers in the table of distances are those of the monitor's table of VMs; 0 is itself. */
static void print_distance(const struct table *t, unsigned a, unsigned b)
{
    unsigned calls = a == 0 || b == 0 ? 1 : t->flows->apart[a - 1][b - 1];

    if (a == b)
        fputs("  .", t->out);
    else if (calls == FLOWS_ISOLATED)
        fputs("  -", t->out);
    else
        fprintf(t->out, " %2u", calls);
}

/* How many calls lie between any two: as many columns beside each other as a line has room for. */
static void print_distances(const struct table *t)
{
    unsigned columns = (LINE_LENGTH - (unsigned)t->width - 5) / 3;

    fputs("\nCalls from one to another (-: there is no way)\n", t->out);
    for (unsigned first = 0; first <= t->count; first += columns) {
        unsigned end = first + columns <= t->count ? first + columns : t->count + 1;

        fprintf(t->out, "\n %*s", t->width + 4, "");
        for (unsigned b = first; b < end; b++)
            fprintf(t->out, " %2u", b);
        for (unsigned a = 0; a <= t->count; a++) {
            fprintf(t->out, "\n %2u %-*s ", a, t->width, a == 0 ? "monitor" : name(t, a - 1));
            for (unsigned b = first; b < end; b++)
                print_distance(t, a, b);
        }
        fputc('\n', t->out);
    }
}

/* One line for each user of a publisher. */
static void print_direct(const struct table *t)
{
    const struct flow_call *calls = t->flows->calls;
    unsigned count = t->flows->call_count;

    fputs("\nDirect: user <-> publisher, services\n", t->out);
    fprintf(t->out, "  %-*s <-> %-*s  the calls that all may make\n", t->width, "everybody",
            t->width, "monitor");
    for (unsigned user = 0; user < t->count; user++) {
        for (unsigned publisher = 0; publisher < t->count; publisher++) {
            unsigned found = 0;

            for (unsigned i = 0; i < count; i++) {
                if (calls[i].user != user || calls[i].publisher != publisher)
                    continue;
                if (found++ == 0)
                    fprintf(t->out, "  %-*s <-> %-*s  %s", t->width, name(t, user), t->width,
                            name(t, publisher), calls[i].service);
                else
                    fprintf(t->out, ", %s", calls[i].service);
            }
            fputs(found > 0 ? "\n" : "", t->out);
        }
    }
}

static void print_indirect(const struct table *t)
{
    bool any = false;

    fputs("\nIndirect: by the shortest chain\n", t->out);
    for (unsigned a = 0; a < t->count; a++) {
        for (unsigned b = a + 1; b < t->count; b++) {
            unsigned at = a;

            if (t->flows->apart[a][b] < 2 || t->flows->apart[a][b] == FLOWS_ISOLATED)
                continue;
            any = true;
            fprintf(t->out, "  %-*s <-> %-*s  %s", t->width, name(t, a), t->width, name(t, b),
                    name(t, a));
            while (at != b) {
                at = t->flows->towards[at][b];
                fprintf(t->out, " -> %s", name(t, at));
            }
            fputc('\n', t->out);
        }
    }
    fputs(any ? "" : "  none\n", t->out);
}

/* The names of all that d is not isolated from, folded. */
static void print_group(const struct table *t, unsigned d)
{
    int column = 0;

    for (unsigned other = d; other < t->count; other++) {
        int length = (int)strlen(name(t, other)) + 2;

        if (t->flows->apart[d][other] == FLOWS_ISOLATED)
            continue;
        if (column == 0)
            fprintf(t->out, "  %s", name(t, other));
        else
            fprintf(t->out, column + length >= LINE_LENGTH ? ",\n    %s" : ", %s", name(t, other));
        column = (column + length >= LINE_LENGTH ? 2 : column) + length;
    }
    fputc('\n', t->out);
}

static bool is_first_of_group(const struct table *t, unsigned d)
{
    for (unsigned other = 0; other < d; other++) {
        if (t->flows->apart[d][other] != FLOWS_ISOLATED)
            return false;
    }
    return true;
}

/* Whoever is not isolated from one is not isolated from those that this one reaches: the pairs
 * are those of different groups. */
static void print_isolated(const struct table *t)
{
    unsigned groups = 0;

    for (unsigned d = 0; d < t->count; d++)
        groups += is_first_of_group(t, d);
    fputs("\nIsolated: any two of different lines, but for the monitor, which all call\n", t->out);
    if (groups == 1)
        fputs("  none\n", t->out);
    for (unsigned d = 0; groups > 1 && d < t->count; d++) {
        if (is_first_of_group(t, d))
            print_group(t, d);
    }
}

/* What one can do to another without a call. */
static void print_other_ways(const struct table *t)
{
    bool any = false;

    for (unsigned d = 0; d < t->count; d++) {
        const struct value *after = &t->domains[d].common->after;

        if (!t->domains[d].may_poweroff && after->number == 0)
            continue;
        if (!any)
            fputs("\nBesides\n", t->out);
        any = true;
        if (t->domains[d].may_poweroff)
            fprintf(t->out, "  %-*s  may %s\n", t->width, name(t, d),
                    t->flows->system->entry == NULL ? "switch the machine off"
                                                    : "end all that is inside of its monitor");
        if (after->number > 0)
            fprintf(t->out, "  %-*s  starts only after", t->width, name(t, d));
        for (unsigned i = 0; i < after->number; i++)
            fprintf(t->out, "%s %s%s", i == 0 ? "" : ",", after->items[i].text,
                    i + 1 == after->number ? "\n" : "");
    }
}

static void print_inside(const struct flows *flows, const char *place, FILE *out);

/* The system, then those inside of it; place is where it is itself, as in "inner/deep/". */
static void print_system(const struct flows *flows, const char *place, FILE *out)
{
    struct table t = {flows, flows->system->domains, flows->system->domain_count,
                      (int)strlen("everybody"), out};

    for (unsigned d = 0; d < t.count; d++) {
        int length = (int)strlen(name(&t, d));

        t.width = length > t.width ? length : t.width;
    }
    print_distances(&t);
    print_direct(&t);
    print_indirect(&t);
    print_isolated(&t);
    print_other_ways(&t);
    print_inside(flows, place, out);
}

static void print_inside(const struct flows *flows, const char *place, FILE *out)
{
    for (const struct monitor *m = flows->system->monitors; m != NULL; m = m->next) {
        struct arena arena = {NULL};
        struct flows inner;

        flows_find(m->inner, &inner);
        fprintf(out,
                "\n==== Inside of %s%s\n\nThe monitor here is %s: by it alone what is inside and "
                "what is outside influence each other.\n",
                place, m->name, m->name);
        print_system(&inner, arena_format(&arena, "%s%s/", place, m->name), out);
        arena_free(&arena);
    }
}

void flows_print(const struct flows *flows, FILE *out)
{
    fprintf(out, "%s\n", flows_meaning);
    print_system(flows, "", out);
    if (flows->system->monitors != NULL)
        fputs("\n====\n", out);
    fputs("\nNot counted: what can be guessed from the time and load of what they share.\n", out);
}
