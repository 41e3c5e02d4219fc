/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formatter behind printf, free of any output device.  Conversions:
 * d i u x X o p s c %, with flags - 0 + space #, width and precision (also *),
 * and lengths hh h l ll z j t.  No floating point.
 */
#ifndef RT_FORMAT_H
#define RT_FORMAT_H

#include <stdarg.h>

/* Calls put for each character; returns how many there were. */
int rt_vformat(void (*put)(void *arg, char c), void *arg, const char *fmt, va_list args);

#endif
