/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs use that try the monitor: each prints a line about what is wrong, and counts it. */
#ifndef TESTS_PROGRAMS_CHECK_H
#define TESTS_PROGRAMS_CHECK_H

#include <marzipan/native.h>

void check(const char *what, enum mz_error got, enum mz_error expected);
void check_number(const char *what, long long got, long long expected);
void expect(const char *what, bool good);

/* How many there were. */
unsigned failures(void);

/* Says how many there were, and ends: well, if there were none. */
_Noreturn void finish(void);

#endif
