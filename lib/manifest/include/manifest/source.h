/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of a system description, before YAML: reading the file, the faults
 * that a YAML parser explains badly, and quoting a line in a message.
 */
#ifndef MANIFEST_SOURCE_H
#define MANIFEST_SOURCE_H

#include <manifest/report.h>

#define SOURCE_MAX ((size_t)256 << 10)

/* Read report->path into report->text.  False, with the finding reported, if the
 * file cannot be read or is too large to be a description. */
bool source_read(struct report *report);

/* Report bytes that are not UTF-8, control characters and tabs in the
 * indentation.  False if there were any. */
bool source_check(struct report *report);

/* Bytes of the UTF-8 sequence at p, of which `left` can be read, 0 if there is none; *code is
 * its character. */
unsigned utf8_length(const char *p, size_t left, uint32_t *code);

/* Characters that no text has, but for tabs and line ends. */
bool utf8_is_control(uint32_t code);

/* Print the line of the mark and a caret below its column. */
void source_quote(const char *text, size_t size, struct mark at, FILE *out);

#endif
