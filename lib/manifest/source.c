/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/source.h>

#include <errno.h>
#include <string.h>

static const struct mark whole_file;

bool source_read(struct report *report)
{
    FILE *file = fopen(report->path, "rb");
    char *text;

    if (file == NULL) {
        report_error(report, whole_file, "cannot read the file: %s", strerror(errno));
        report_remedy(
            report, "name a system description that is there, as examples/two-vms/system.yaml is");
        return false;
    }
    text = arena_alloc(report->arena, SOURCE_MAX + 1);
    report->text = text;
    report->size = fread(text, 1, SOURCE_MAX + 1, file);
    if (ferror(file)) {
        report_error(report, whole_file, "cannot read the file: %s", strerror(errno));
        report_remedy(report, "name a file, not a folder");
    } else if (report->size > SOURCE_MAX) {
        report_error(report, whole_file, "the file is larger than 256 KiB");
        report_remedy(report, "a system description is a few lines of YAML: name that file");
    }
    fclose(file);
    return report->errors == 0;
}

unsigned utf8_length(const char *text, size_t left, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)text;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned len = *p < 0x80   ? 1
                   : *p < 0xc0 ? 0
                   : *p < 0xe0 ? 2
                   : *p < 0xf0 ? 3
                   : *p < 0xf8 ? 4
                               : 0;

    if (len == 0 || len > left)
        return 0;
    *code = len == 1 ? *p : *p & (0x7fu >> len);
    for (unsigned i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (p[i] & 0x3f);
    }
    if (len > 1 && (*code < smallest[len] || *code > 0x10ffff || (*code & ~0x7ffu) == 0xd800))
        return 0;
    return len;
}

bool utf8_is_control(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
           (code >= 0x7f && code < 0xa0 && code != 0x85) || code == 0xfffe || code == 0xffff;
}

/* Does the line have content behind its white space, so that a tab there matters? */
static bool has_content(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p < end && *p != '\n' && *p != '\r' && *p != '#';
}

static void report_bad_byte(struct report *report, struct mark at, unsigned char byte)
{
    report_error(report, at, "the byte 0x%02x is not UTF-8 text", byte);
    report_remedy(report, "save the file as UTF-8");
}

static void report_control(struct report *report, struct mark at, uint32_t code)
{
    report_error(report, at, "the control character U+%04X is not allowed", code);
    report_remedy(report, "remove it");
}

static void report_tab(struct report *report, struct mark at)
{
    report_error(report, at, "a tab in the indentation");
    report_remedy(report, "YAML is indented with spaces: replace the tab");
}

bool source_check(struct report *report)
{
    const char *p = report->text, *end = p + report->size;
    struct mark at = {1, 1};
    bool indent = true;
    unsigned before = report->errors;

    if (report->size >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
        report_error(report, whole_file, "the file is UTF-16 text");
        report_remedy(report, "save the file as UTF-8");
        return false;
    }
    if (memchr(p, '\0', report->size) != NULL) {
        report_error(report, whole_file, "the file is no text: it has NUL characters in it");
        report_remedy(report, "name a system description, which is a few lines of YAML");
        return false;
    }
    for (unsigned len; p < end; p += len) {
        uint32_t code = 0;

        len = utf8_length(p, (size_t)(end - p), &code);
        if (len == 0) {
            report_bad_byte(report, at, (unsigned char)*p);
            len = 1;
        } else if (utf8_is_control(code)) {
            report_control(report, at, code);
        } else if (code == '\t' && indent && has_content(p, end)) {
            report_tab(report, at);
            indent = false;
        }
        if (code == '\n') {
            at = (struct mark){at.line + 1, 1};
            indent = true;
        } else {
            at.column += code != 0xfeff || at.line != 1; /* a byte order mark is no column */
            indent = indent && (code == ' ' || code == '\t');
        }
    }
    return report->errors == before;
}

/* Print one line so that no byte of it can disturb the terminal. */
static unsigned print_line(const char *p, const char *end, unsigned column, FILE *out)
{
    unsigned caret = 0;
    unsigned n = 1;
    uint32_t code;

    for (unsigned len; p < end && *p != '\n' && *p != '\r'; p += len, n++) {
        if (n == column)
            caret = n;
        len = utf8_length(p, (size_t)(end - p), &code);
        if (len == 0 || utf8_is_control(code)) {
            fputc('?', out);
            len = len == 0 ? 1 : len;
        } else if (code == '\t') {
            fputc(' ', out);
        } else {
            fwrite(p, 1, len, out);
        }
    }
    return caret != 0 ? caret : n;
}

void source_quote(const char *text, size_t size, struct mark at, FILE *out)
{
    const char *p = text, *end = text + size;
    unsigned caret;

    for (uint32_t line = 1; line < at.line; line++) {
        const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;

        if (newline == NULL)
            return;
        p = newline + 1;
    }
    if (p == end)
        return;
    if (size >= 3 && p == text && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    fprintf(out, "  %4u | ", at.line);
    caret = print_line(p, end, at.column, out);
    fprintf(out, "\n       | %*s\n", (int)caret, "^");
}
