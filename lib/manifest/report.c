/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/report.h>

#include <manifest/source.h>
#include <stdarg.h>
#include <string.h>

#define SHOWN_AT_MOST 50
#define KEPT_AT_MOST  1000 /* who meets more has another problem */

struct finding {
    struct finding *next; /* ordered by place, then by arrival */
    struct mark at;
    bool error;
    const char *cause;
    const char *note; /* lines, each ending in a newline */
    const char *remedy;
};

static const char *format(struct report *report, const char *text, va_list args)
{
    va_list again;
    int len;
    char *result;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, text, again);
    va_end(again);
    result = arena_alloc(report->arena, (size_t)len + 1);
    vsnprintf(result, (size_t)len + 1, text, args);
    return result;
}

void report_attach(struct report *outer, struct report *inner)
{
    struct report *last = outer;

    while (last->next != NULL)
        last = last->next;
    last->next = inner;
    inner->outer = outer;
}

static bool comes_after(struct mark a, struct mark b)
{
    return a.line > b.line || (a.line == b.line && a.column > b.column);
}

/* Has it been found when another monitor's description was read from the same file? */
static bool is_known(const struct report *report, struct mark at, const char *cause)
{
    const struct report *other = report;

    while (other->outer != NULL)
        other = other->outer;
    for (; other != NULL; other = other->next) {
        if (other == report || strcmp(other->path, report->path) != 0)
            continue;
        for (const struct finding *f = other->first; f != NULL; f = f->next) {
            if (f->at.line == at.line && f->at.column == at.column && strcmp(f->cause, cause) == 0)
                return true;
        }
    }
    return false;
}

/* Each description inside of which it is is at fault by it; the outermost one, which counts them
 * for people, once. */
static void count_error(struct report *report, bool known)
{
    for (; report != NULL; report = report->outer)
        report->errors += report->outer != NULL || !known;
}

static void add(struct report *report, bool error, struct mark at, const char *cause)
{
    struct finding **link = &report->first, *finding;
    bool known = is_known(report, at, cause);

    report->current = NULL;
    if (report->errors + report->warnings >= KEPT_AT_MOST)
        return;
    for (; *link != NULL && !comes_after((*link)->at, at); link = &(*link)->next) {
        finding = *link;
        if (!comes_after(at, finding->at) && strcmp(finding->cause, cause) == 0)
            return;
    }
    if (error)
        count_error(report, known);
    else
        report->warnings++;
    if (known)
        return;
    finding = arena_alloc(report->arena, sizeof *finding);
    *finding = (struct finding){*link, at, error, cause, "", NULL};
    *link = finding;
    report->current = finding;
}

void report_error(struct report *report, struct mark at, const char *cause, ...)
{
    va_list args;

    va_start(args, cause);
    add(report, true, at, format(report, cause, args));
    va_end(args);
}

void report_warning(struct report *report, struct mark at, const char *cause, ...)
{
    va_list args;

    va_start(args, cause);
    add(report, false, at, format(report, cause, args));
    va_end(args);
}

void report_note(struct report *report, const char *note, ...)
{
    va_list args;
    const char *line;

    if (report->current == NULL)
        return;
    va_start(args, note);
    line = format(report, note, args);
    va_end(args);
    report->current->note =
        arena_format(report->arena, "%s  note: %s\n", report->current->note, line);
}

void report_remedy(struct report *report, const char *remedy, ...)
{
    va_list args;

    if (report->current == NULL)
        return;
    va_start(args, remedy);
    report->current->remedy = format(report, remedy, args);
    va_end(args);
}

static void print_finding(const struct report *report, const struct finding *f, FILE *out)
{
    fputs(report->path, out);
    if (f->at.line != 0)
        fprintf(out, ":%u:%u", f->at.line, f->at.column);
    fprintf(out, ": %s: %s\n", f->error ? "error" : "warning", f->cause);
    if (f->at.line != 0)
        source_quote(report->text, report->size, f->at, out);
    fputs(f->note, out);
    if (f->remedy != NULL)
        fprintf(out, "  remedy: %s\n", f->remedy);
}

void report_print(const struct report *report, FILE *out)
{
    unsigned shown = 0;

    for (const struct report *r = report; r != NULL; r = r->next) {
        for (const struct finding *f = r->first; f != NULL; f = f->next) {
            if (shown++ < SHOWN_AT_MOST)
                print_finding(r, f, out);
        }
    }
    if (shown > SHOWN_AT_MOST)
        fprintf(out, "%s: %u more findings are not shown\n", report->path, shown - SHOWN_AT_MOST);
}
