/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and paths hold nothing that JSON would have to escape. */
#include "flows.h"

static void print_list(FILE *out, const char *key, const struct value *list)
{
    fprintf(out, ", \"%s\": [", key);
    for (unsigned i = 0; i < list->number; i++)
        fprintf(out, "%s\"%s\"", i == 0 ? "" : ", ", list->items[i].text);
    fputc(']', out);
}

static void print_domains(const struct system *system, FILE *out)
{
    fputs("  \"domains\": [\n    { \"name\": \"monitor\", \"kind\": \"monitor\" }", out);
    for (unsigned d = 0; d < system->domain_count; d++) {
        const struct domain *domain = &system->domains[d];

        fprintf(out, ",\n    { \"name\": \"%s\", \"kind\": \"%s\"", domain->name,
                domain->kind == DOMAIN_VM        ? "vm"
                : domain->kind == DOMAIN_PROGRAM ? "program"
                                                 : "monitor");
        print_list(out, "publishes", &domain->common->publishes);
        print_list(out, "uses", &domain->common->uses);
        print_list(out, "after", &domain->common->after);
        fprintf(out, ", \"may-poweroff\": %s }", domain->may_poweroff ? "true" : "false");
    }
    fputs("\n  ],\n", out);
}

/* What everybody may ask of the monitor is no service with a path. */
static void print_direct(const struct flows *flows, FILE *out)
{
    const struct domain *domains = flows->system->domains;

    fputs("  \"direct\": [", out);
    for (unsigned d = 0; d < flows->system->domain_count; d++)
        fprintf(out, "%s\n    { \"user\": \"%s\", \"publisher\": \"monitor\", \"service\": null }",
                d == 0 ? "" : ",", domains[d].name);
    for (unsigned i = 0; i < flows->call_count; i++)
        fprintf(out, ",\n    { \"user\": \"%s\", \"publisher\": \"%s\", \"service\": \"%s\" }",
                domains[flows->calls[i].user].name, domains[flows->calls[i].publisher].name,
                flows->calls[i].service);
    fputs("\n  ],\n", out);
}

static void print_chain(const struct flows *flows, unsigned a, unsigned b, FILE *out)
{
    fprintf(out, "[\"%s\"", flows->system->domains[a].name);
    while (a != b) {
        a = flows->towards[a][b];
        fprintf(out, ", \"%s\"", flows->system->domains[a].name);
    }
    fputc(']', out);
}

/* The pairs that are so many calls apart at least, and so many at most. */
static void print_pairs(const struct flows *flows, const char *key, unsigned least, unsigned most,
                        FILE *out)
{
    const struct domain *domains = flows->system->domains;
    unsigned count = flows->system->domain_count, found = 0;

    fprintf(out, "  \"%s\": [", key);
    for (unsigned a = 0; a < count; a++) {
        for (unsigned b = a + 1; b < count; b++) {
            if (flows->apart[a][b] < least || flows->apart[a][b] > most)
                continue;
            fputs(found++ == 0 ? "\n    " : ",\n    ", out);
            if (most < FLOWS_ISOLATED)
                print_chain(flows, a, b, out);
            else
                fprintf(out, "[\"%s\", \"%s\"]", domains[a].name, domains[b].name);
        }
    }
    fputs(found > 0 ? "\n  ]" : "]", out);
}

void flows_print_json(const struct flows *flows, FILE *out)
{
    fprintf(out, "{\n  \"influence\": \"%s\",\n", flows_meaning);
    print_domains(flows->system, out);
    print_direct(flows, out);
    print_pairs(flows, "indirect", 2, FLOWS_ISOLATED - 1, out);
    fputs(",\n", out);
    print_pairs(flows, "isolated", FLOWS_ISOLATED, FLOWS_ISOLATED, out);
    fputs("\n}\n", out);
}
