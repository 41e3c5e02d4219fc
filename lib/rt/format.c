/* SPDX-License-Identifier: BSD-2-Clause */
/* printf's formatter: parses one conversion into a struct spec, then emits it. */
#include <rt/format.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct out {
    void (*put)(void *arg, char c);
    void *arg;
    int count;
};

struct spec {
    bool left, zero, plus, space, alt;
    int width;
    int precision; /* -1: none */
    int size;      /* bytes of an integer argument */
    char conversion;
};

static void emit(struct out *out, char c)
{
    out->put(out->arg, c);
    out->count++;
}

static void pad(struct out *out, char c, int n)
{
    for (; n > 0; n--)
        emit(out, c);
}

static const char *parse_flags(struct spec *spec, const char *p)
{
    for (;; p++)
        switch (*p) {
        case '-':
            spec->left = true;
            break;
        case '0':
            spec->zero = true;
            break;
        case '+':
            spec->plus = true;
            break;
        case ' ':
            spec->space = true;
            break;
        case '#':
            spec->alt = true;
            break;
        default:
            return p;
        }
}

static const char *parse_number(int *value, const char *p)
{
    for (*value = 0; *p >= '0' && *p <= '9'; p++)
        *value = *value * 10 + (*p - '0');
    return p;
}

static const char *parse_size(struct spec *spec, const char *p)
{
    spec->size = sizeof(int);
    for (;; p++)
        switch (*p) {
        case 'h':
            spec->size = p[-1] == 'h' ? sizeof(char) : sizeof(short);
            break;
        case 'l':
            spec->size = p[-1] == 'l' ? sizeof(long long) : sizeof(long);
            break;
        case 'z':
        case 't':
            spec->size = sizeof(size_t);
            break;
        case 'j':
            spec->size = sizeof(intmax_t);
            break;
        default:
            return p;
        }
}

static uint64_t fetch(va_list *args, int size)
{
    if (size == sizeof(long long))
        return va_arg(*args, unsigned long long);
    return va_arg(*args, unsigned int);
}

static int64_t sign_extend(uint64_t value, int size)
{
    int shift = 64 - 8 * size;

    return (int64_t)(value << shift) >> shift;
}

static uint64_t zero_extend(uint64_t value, int size)
{
    int shift = 64 - 8 * size;

    return value << shift >> shift;
}

/* Writes the digits backwards from end; returns the first. */
static char *digits(char *end, uint64_t value, unsigned base, bool upper)
{
    const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    for (; value; value /= base)
        *--end = set[value % base];
    return end;
}

static void emit_integer(struct out *out, const struct spec *spec, const char *prefix,
                         const char *first, const char *end)
{
    int n = (int)(end - first), prefix_len = 0;
    int zeros = spec->precision < 0 ? (n == 0) : spec->precision - n;
    int spaces;

    while (prefix[prefix_len])
        prefix_len++;
    if (zeros < 0)
        zeros = 0;
    spaces = spec->width - prefix_len - zeros - n;
    if (spec->zero && !spec->left && spec->precision < 0 && spaces > 0)
        zeros += spaces, spaces = 0;
    if (!spec->left)
        pad(out, ' ', spaces);
    while (*prefix)
        emit(out, *prefix++);
    pad(out, '0', zeros);
    while (first < end)
        emit(out, *first++);
    if (spec->left)
        pad(out, ' ', spaces);
}

static void format_signed(struct out *out, const struct spec *spec, va_list *args)
{
    char buf[24], *end = buf + sizeof(buf);
    int64_t value = sign_extend(fetch(args, spec->size), spec->size);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const char *sign = value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";

    emit_integer(out, spec, sign, digits(end, magnitude, 10, false), end);
}

static void format_unsigned(struct out *out, const struct spec *spec, va_list *args)
{
    char buf[24], *end = buf + sizeof(buf);
    char c = spec->conversion;
    unsigned base = c == 'u' ? 10 : c == 'o' ? 8 : 16;
    uint64_t value = zero_extend(fetch(args, spec->size), spec->size);
    const char *prefix = c == 'p' || (spec->alt && value && c == 'x') ? "0x"
                         : spec->alt && value && c == 'X'             ? "0X"
                         : spec->alt && c == 'o'                      ? "0"
                                                                      : "";

    emit_integer(out, spec, prefix, digits(end, value, base, c == 'X'), end);
}

static void format_string(struct out *out, const struct spec *spec, const char *s)
{
    int n = 0;

    if (!s)
        s = "(null)";
    while ((spec->precision < 0 || n < spec->precision) && s[n])
        n++;
    if (!spec->left)
        pad(out, ' ', spec->width - n);
    for (int i = 0; i < n; i++)
        emit(out, s[i]);
    if (spec->left)
        pad(out, ' ', spec->width - n);
}

static void format_char(struct out *out, const struct spec *spec, char c)
{
    if (!spec->left)
        pad(out, ' ', spec->width - 1);
    emit(out, c);
    if (spec->left)
        pad(out, ' ', spec->width - 1);
}

static void convert(struct out *out, struct spec *spec, va_list *args)
{
    switch (spec->conversion) {
    case 'd':
    case 'i':
        format_signed(out, spec, args);
        break;
    case 'p':
        spec->size = sizeof(void *);
        format_unsigned(out, spec, args);
        break;
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        format_unsigned(out, spec, args);
        break;
    case 's':
        format_string(out, spec, va_arg(*args, const char *));
        break;
    case 'c':
        format_char(out, spec, (char)va_arg(*args, int));
        break;
    default: /* also %% */
        emit(out, spec->conversion);
    }
}

static const char *parse_spec(struct spec *spec, const char *p, va_list *args)
{
    *spec = (struct spec){.precision = -1};
    p = parse_flags(spec, p);
    if (*p == '*') {
        spec->width = va_arg(*args, int);
        p++;
        if (spec->width < 0)
            spec->left = true, spec->width = -spec->width;
    } else {
        p = parse_number(&spec->width, p);
    }
    if (*p == '.') {
        p++;
        if (*p == '*')
            spec->precision = va_arg(*args, int), p++;
        else
            p = parse_number(&spec->precision, p);
    }
    p = parse_size(spec, p);
    spec->conversion = *p;
    return *p ? p + 1 : p;
}

int rt_vformat(void (*put)(void *arg, char c), void *arg, const char *fmt, va_list args)
{
    struct out out = {put, arg, 0};
    struct spec spec;
    va_list ap;

    va_copy(ap, args);
    while (*fmt) {
        if (*fmt != '%') {
            emit(&out, *fmt++);
            continue;
        }
        fmt = parse_spec(&spec, fmt + 1, &ap);
        if (spec.conversion)
            convert(&out, &spec, &ap);
    }
    va_end(ap);
    return out.count;
}
