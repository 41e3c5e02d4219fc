/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of the machine: how they are written, and that each has one owner. */
#include <ctype.h>
#include <manifest/spans.h>
#include <manifest/units.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "decode.h"

static bool parse_number(const char *text, char **end, uint64_t *number)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

    *number = strtoull(text, end, hex ? 16 : 10);
    return isxdigit((unsigned char)(hex ? text[2] : text[0])) && *end != text;
}

/* What follows behind the plus: a size of at least 1. */
static bool parse_extent(struct arena *arena, const char *text, uint64_t *size)
{
    struct unit_fault fault;
    char *end;

    return ((parse_number(text, &end, size) && *end == '\0') ||
            parse_size(arena, text, size, &fault)) &&
           *size > 0;
}

static bool parse_range(struct arena *arena, const char *text, struct value *value)
{
    uint64_t size;
    char *end;

    if (!parse_number(text, &end, &value->number))
        return false;
    value->last = value->number;
    if (*end == '-')
        return parse_number(end + 1, &end, &value->last) && *end == '\0';
    if (*end != '+')
        return *end == '\0';
    if (!parse_extent(arena, end + 1, &size))
        return false;
    value->last += size - 1;
    return true;
}

bool decode_range(struct system *system, const struct key *key, const char *text, struct mark at,
                  struct value *value)
{
    struct report *report = &system->report;
    uint64_t multiple = key->multiple;

    if (!parse_range(&system->arena, text, value)) {
        report_error(report, at, "\"%s\": \"%s\" is no range", key->name, text);
        report_remedy(report, "write a number, two as in 0x3e8-0x3ef, or one and a size as in "
                              "0xfed00000+4K");
        return false;
    }
    if (value->number > value->last || value->last > key->range_max) {
        report_error(report, at, "\"%s\": \"%s\" %s", key->name, text,
                     value->number > value->last ? "ends before it begins" : "ends too high");
        report_remedy(report, "the highest is 0x%jx", (uintmax_t)key->range_max);
        return false;
    }
    if (value->number % multiple != 0 || (value->last + 1) % multiple != 0) {
        report_error(report, at, "\"%s\": \"%s\" does not begin and end at a multiple of %s",
                     key->name, text, format_size(&system->arena, multiple));
        report_remedy(
            report, "write 0x%jx+0x%jx", (uintmax_t)(value->number & ~(multiple - 1)),
            (uintmax_t)((value->last | (multiple - 1)) + 1 - (value->number & ~(multiple - 1))));
        return false;
    }
    return true;
}

static const struct value *list_of(const struct domain *d, enum span_kind kind)
{
    const struct devices *devices = &d->common->devices;

    return kind == SPAN_INTERRUPTS ? &devices->interrupts
           : kind == SPAN_PORTS    ? &devices->ports
                                   : &devices->memory;
}

static void check_range(struct system *system, const struct domain *d, enum span_kind kind,
                        const struct value *range)
{
    const char *by = span_reserved(kind, &(struct span){range->number, range->last, 0});
    struct report *report = &system->report;

    if (by != NULL) {
        report_error(report, range->at, "\"%s\" cannot have \"%s\": it is %s", d->name, range->text,
                     by);
        report_remedy(report, "leave it out: the system uses it itself");
    }
    for (const struct domain *other = system->domains; other < d; other++) {
        const struct value *list = list_of(other, kind);

        for (unsigned i = 0; i < list->number; i++) {
            if (list->items[i].number > range->last || range->number > list->items[i].last)
                continue;
            report_error(report, range->at, "\"%s\" and \"%s\" cannot both have \"%s\"",
                         other->name, d->name, range->text);
            report_note(report, "\"%s\" of \"%s\" is in line %u", list->items[i].text, other->name,
                        list->items[i].at.line);
            report_remedy(report, "give it to one of them, who serves the other");
        }
    }
}

void check_devices(struct system *system)
{
    for (unsigned d = 0; d < system->domain_count; d++) {
        for (enum span_kind kind = SPAN_INTERRUPTS; kind <= SPAN_MEMORY; kind++) {
            const struct value *list = list_of(&system->domains[d], kind);

            for (unsigned i = 0; i < list->number; i++)
                check_range(system, &system->domains[d], kind, &list->items[i]);
        }
    }
}
