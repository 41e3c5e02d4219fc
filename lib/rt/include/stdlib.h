/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of the heap that rt_heap_init was given (<rt/heap.h>), numbers, the end. */
#ifndef RT_STDLIB_H
#define RT_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void *malloc(size_t size) __attribute__((malloc));
void *calloc(size_t count, size_t size) __attribute__((malloc));
void *realloc(void *p, size_t size);
void free(void *p);

/* Base 0 takes the prefixes 0x and 0; too large a number is ULONG_MAX and ERANGE. */
unsigned long strtoul(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);
int atoi(const char *s);

/* Both end the thread with an undefined instruction, which reaches its exception
 * handler; a runtime knows nothing of its parents. */
void abort(void) __attribute__((noreturn));
void exit(int status) __attribute__((noreturn));

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
