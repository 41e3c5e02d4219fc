/* SPDX-License-Identifier: BSD-2-Clause */
/* An assertion that fails prints itself and aborts. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : rt_assert_failed(#condition, __FILE__, __LINE__))
#endif

#ifndef RT_ASSERT_H
#define RT_ASSERT_H

#define static_assert _Static_assert

void rt_assert_failed(const char *what, const char *file, int line) __attribute__((noreturn));

#endif
