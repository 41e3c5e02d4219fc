/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and paths hold nothing that JSON would have to escape. */
#include "flows.h"

#define STEP 6 /* deeper is what is inside of a monitor */

static void print_system(const struct flows *flows, int depth, FILE *out);

static void print_list(FILE *out, const char *key, const struct value *list)
{
    fprintf(out, ", \"%s\": [", key);
    for (unsigned i = 0; i < list->number; i++)
        fprintf(out, "%s\"%s\"", i == 0 ? "" : ", ", list->items[i].text);
    fputc(']', out);
}

static void print_inside(const struct monitor *monitor, int depth, FILE *out)
{
    struct flows flows;

    flows_find(monitor->inner, &flows);
    fprintf(out, ",\n%*s\"inside\": {\n", depth + 6, "");
    print_system(&flows, depth + STEP, out);
    fprintf(out, "\n%*s}", depth + 6, "");
}

static void print_domains(const struct system *system, int depth, FILE *out)
{
    static const char *const kinds[] = {
        [DOMAIN_VM] = "vm", [DOMAIN_PROGRAM] = "program", [DOMAIN_MONITOR] = "monitor"};

    fprintf(out, "%*s\"domains\": [\n%*s{ \"name\": \"monitor\", \"kind\": \"monitor\" }",
            depth + 2, "", depth + 4, "");
    for (unsigned d = 0; d < system->domain_count; d++) {
        const struct domain *domain = &system->domains[d];

        fprintf(out, ",\n%*s{ \"name\": \"%s\", \"kind\": \"%s\"", depth + 4, "", domain->name,
                kinds[domain->kind]);
        print_list(out, "publishes", &domain->common->publishes);
        print_list(out, "uses", &domain->common->uses);
        print_list(out, "after", &domain->common->after);
        fprintf(out, ", \"may-poweroff\": %s", domain->may_poweroff ? "true" : "false");
        if (domain->monitor != NULL)
            print_inside(domain->monitor, depth, out);
        fputs(" }", out);
    }
    fprintf(out, "\n%*s],\n", depth + 2, "");
}

/* What everybody may ask of the monitor is no service with a path. */
static void print_direct(const struct flows *flows, int depth, FILE *out)
{
    const struct domain *domains = flows->system->domains;

    fprintf(out, "%*s\"direct\": [", depth + 2, "");
    for (unsigned d = 0; d < flows->system->domain_count; d++)
        fprintf(out, "%s\n%*s{ \"user\": \"%s\", \"publisher\": \"monitor\", \"service\": null }",
                d == 0 ? "" : ",", depth + 4, "", domains[d].name);
    for (unsigned i = 0; i < flows->call_count; i++)
        fprintf(out, ",\n%*s{ \"user\": \"%s\", \"publisher\": \"%s\", \"service\": \"%s\" }",
                depth + 4, "", domains[flows->calls[i].user].name,
                domains[flows->calls[i].publisher].name, flows->calls[i].service);
    fprintf(out, "\n%*s],\n", depth + 2, "");
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
                        int depth, FILE *out)
{
    const struct domain *domains = flows->system->domains;
    unsigned count = flows->system->domain_count, found = 0;

    fprintf(out, "%*s\"%s\": [", depth + 2, "", key);
    for (unsigned a = 0; a < count; a++) {
        for (unsigned b = a + 1; b < count; b++) {
            if (flows->apart[a][b] < least || flows->apart[a][b] > most)
                continue;
            fprintf(out, "%s\n%*s", found++ == 0 ? "" : ",", depth + 4, "");
            if (most < FLOWS_ISOLATED)
                print_chain(flows, a, b, out);
            else
                fprintf(out, "[\"%s\", \"%s\"]", domains[a].name, domains[b].name);
        }
    }
    if (found > 0)
        fprintf(out, "\n%*s", depth + 2, "");
    fputc(']', out);
}

static void print_system(const struct flows *flows, int depth, FILE *out)
{
    print_domains(flows->system, depth, out);
    print_direct(flows, depth, out);
    print_pairs(flows, "indirect", 2, FLOWS_ISOLATED - 1, depth, out);
    fputs(",\n", out);
    print_pairs(flows, "isolated", FLOWS_ISOLATED, FLOWS_ISOLATED, depth, out);
}

void flows_print_json(const struct flows *flows, FILE *out)
{
    fprintf(out, "{\n  \"influence\": \"%s\",\n", flows_meaning);
    print_system(flows, 0, out);
    fputs("\n}\n", out);
}
