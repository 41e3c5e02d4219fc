/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that comes from outside, made fit for a log line or a terminal. */
#ifndef RT_TEXT_H
#define RT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Copy at most `max` bytes up to a NUL, as a NUL-terminated string of at most
 * size - 1 bytes; what is not printable ASCII becomes '.', blanks at the end
 * go.  Returns its length.  `size` must not be 0. */
size_t text_copy(char *to, size_t size, const void *from, size_t max);

/* Append printf-style to a string in a buffer of `size` bytes, cutting it there. */
void text_add(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A number of bytes as people read it: "512 MiB", "3 GiB", "20 KiB".  Rounds up,
 * so that what is asked for is enough.  The result lives in one of four static
 * buffers, taken in turn. */
const char *text_size(uint64_t bytes);

#endif
