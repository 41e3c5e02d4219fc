/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/units.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct unit {
    const char *name;
    uint64_t factor;
    const char *meant_by[6]; /* what people write for it elsewhere */
};

struct dimension {
    const char *quantity;
    const struct unit *units; /* ascending, ends with a NULL name */
    const char *example;
};

static const struct unit size_units[] = {
    {"K", KIB, {"k", "kb", "kib", "ki", "kilobytes"}},
    {"M", MIB, {"m", "mb", "mib", "mi", "megabytes"}},
    {"G", GIB, {"g", "gb", "gib", "gi", "gigabytes"}},
    {NULL, 0, {NULL}},
};

static const struct unit time_units[] = {
    {"ms", 1, {"msec", "msecs", "millis", "milliseconds"}},
    {"s", 1000, {"sec", "secs", "second", "seconds"}},
    {"min", 60000, {"m", "mins", "minute", "minutes"}},
    {NULL, 0, {NULL}},
};

static const struct unit span_units[] = {
    {"us", 1, {"usec", "usecs", "micros", "microseconds", "µs"}},
    {"ms", 1000, {"msec", "msecs", "millis", "milliseconds"}},
    {"s", 1000000, {"sec", "secs", "second", "seconds"}},
    {NULL, 0, {NULL}},
};

static const struct dimension size_dimension = {"size", size_units, "K, M or G"};
static const struct dimension time_dimension = {"time", time_units, "ms, s or min"};
static const struct dimension span_dimension = {"time", span_units, "us, ms or s"};

static const struct unit *unit_named(const struct dimension *dimension, const char *name)
{
    for (const struct unit *u = dimension->units; u->name != NULL; u++) {
        if (strcmp(u->name, name) == 0)
            return u;
    }
    return NULL;
}

static const struct unit *unit_meant_by(const struct dimension *dimension, const char *name)
{
    for (const struct unit *u = dimension->units; u->name != NULL; u++) {
        for (unsigned i = 0; i < 6 && u->meant_by[i] != NULL; i++) {
            if (strcasecmp(u->meant_by[i], name) == 0)
                return u;
        }
    }
    return NULL;
}

/* The decimal digits at *text, which moves behind them.  False on overflow. */
static bool take_digits(const char **text, uint64_t *out)
{
    uint64_t n = 0;

    for (; isdigit((unsigned char)**text); (*text)++) {
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, (unsigned)(**text - '0'), &n))
            return false;
    }
    *out = n;
    return true;
}

static bool fail(struct unit_fault *fault, const char *cause, const char *remedy)
{
    fault->cause = cause;
    fault->remedy = remedy;
    return false;
}

/* "1.5G" is better written as "1536M": the value in the next smaller unit. */
static bool fraction(struct arena *arena, const struct dimension *dimension, const char *text,
                     uint64_t whole, struct unit_fault *fault)
{
    const char *p = strchr(text, '.') + 1;
    const char *cause = arena_format(arena, "\"%s\" is not a whole number", text);
    const char *smaller = arena_format(arena, "use a smaller unit: %s", dimension->example);
    const struct unit *unit;
    uint64_t part = 0, scale = 1;

    for (; isdigit((unsigned char)*p) && scale < 1000000; p++, scale *= 10)
        part = part * 10 + (unsigned)(*p - '0');
    unit = unit_named(dimension, p);
    if (unit == NULL || unit == dimension->units || whole > 1000000)
        return fail(fault, cause, smaller);
    part = part * (unit->factor / unit[-1].factor) / scale;
    return fail(fault, cause,
                arena_format(arena, "write %ju%s",
                             (uintmax_t)(whole * (unit->factor / unit[-1].factor) + part),
                             unit[-1].name));
}

static bool bad_unit(struct arena *arena, const struct dimension *dimension, uint64_t n,
                     const char *name, struct unit_fault *fault)
{
    const struct unit *meant = unit_meant_by(dimension, name);

    if (*name == '\0')
        return fail(
            fault, arena_format(arena, "the %s %ju has no unit", dimension->quantity, (uintmax_t)n),
            arena_format(arena, "add one of %s, as in %ju%s", dimension->example, (uintmax_t)n,
                         dimension->units[1].name));
    return fail(fault, arena_format(arena, "\"%s\" is not a unit of %s", name, dimension->quantity),
                meant != NULL ? arena_format(arena, "write %ju%s", (uintmax_t)n, meant->name)
                              : arena_format(arena, "use one of %s", dimension->example));
}

static bool parse(struct arena *arena, const struct dimension *dimension, const char *text,
                  uint64_t *out, struct unit_fault *fault)
{
    const char *p = text;
    const struct unit *unit;
    uint64_t n;

    if (!isdigit((unsigned char)*text))
        return fail(fault, arena_format(arena, "\"%s\" is not a %s", text, dimension->quantity),
                    arena_format(arena, "write a number with one of %s, as in 64%s",
                                 dimension->example, dimension->units[1].name));
    if (!take_digits(&p, &n))
        return fail(fault, arena_format(arena, "\"%s\" is too large", text),
                    "write a smaller number");
    if (*p == '.')
        return fraction(arena, dimension, text, n, fault);
    while (*p == ' ')
        p++;
    unit = unit_named(dimension, p);
    if (unit == NULL)
        return bad_unit(arena, dimension, n, p, fault);
    if (p[-1] == ' ')
        return fail(fault, arena_format(arena, "a space between number and unit in \"%s\"", text),
                    arena_format(arena, "write %ju%s", (uintmax_t)n, unit->name));
    if (__builtin_mul_overflow(n, unit->factor, out))
        return fail(fault, arena_format(arena, "\"%s\" is too large", text),
                    "write a smaller number");
    return true;
}

bool parse_size(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault)
{
    return parse(arena, &size_dimension, text, out, fault);
}

bool parse_time(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault)
{
    return parse(arena, &time_dimension, text, out, fault);
}

bool parse_span(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault)
{
    return parse(arena, &span_dimension, text, out, fault);
}

bool parse_percent(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault)
{
    const char *p = text;

    if (isdigit((unsigned char)*p) && take_digits(&p, out)) {
        if (strcmp(p, "%") == 0)
            return true;
        if (*p == '\0' || p[strspn(p, " %")] == '\0')
            return fail(fault, arena_format(arena, "\"%s\" is not written as a percentage", text),
                        arena_format(arena, "write %ju%%", (uintmax_t)*out));
    }
    return fail(fault, arena_format(arena, "\"%s\" is not a percentage", text),
                "write a whole number and a percent sign, as in 50%");
}

bool parse_count(struct arena *arena, const char *text, uint64_t *out, struct unit_fault *fault)
{
    const char *p = text;

    if (isdigit((unsigned char)*p) && take_digits(&p, out) && *p == '\0')
        return true;
    return fail(fault, arena_format(arena, "\"%s\" is not a whole number", text),
                isdigit((unsigned char)*text) && *p != '\0'
                    ? "write the number alone, in decimal, without a unit"
                    : "write a whole decimal number");
}

static const char *format(struct arena *arena, const struct unit *units, uint64_t n)
{
    const struct unit *best = units;

    for (const struct unit *u = units; u->name != NULL; u++) {
        if (n >= u->factor && n % u->factor == 0)
            best = u;
    }
    return arena_format(arena, "%ju%s", (uintmax_t)(n / best->factor), best->name);
}

const char *format_size(struct arena *arena, uint64_t bytes)
{
    return format(arena, size_units, bytes);
}

const char *format_time(struct arena *arena, uint64_t ms)
{
    return format(arena, time_units, ms);
}

const char *format_span(struct arena *arena, uint64_t us)
{
    return format(arena, span_units, us);
}

const char *format_percent(struct arena *arena, uint64_t percent)
{
    return arena_format(arena, "%ju%%", (uintmax_t)percent);
}
