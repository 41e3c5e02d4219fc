/* SPDX-License-Identifier: BSD-2-Clause */
/* Types and small helpers that the whole kernel uses. */
#ifndef TYPES_H
#define TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned long word_t;
typedef long sword_t;

#define WORD_BITS  (8 * (unsigned)sizeof(word_t))
#define PAGE_SHIFT 12
#define PAGE_SIZE  4096UL

/* A physical address.  Not a number, so that nobody follows it by mistake. */
typedef struct {
    u64 v;
} paddr_t;

/* Access rights, as in fpages. */
enum { RIGHT_X = 1, RIGHT_W = 2, RIGHT_R = 4, RIGHT_RWX = 7 };

static inline paddr_t paddr(u64 v)
{
    return (paddr_t){v};
}

#define ARRAY_SIZE(a)                 (sizeof(a) / sizeof((a)[0]))
#define likely(x)                     __builtin_expect(!!(x), 1)
#define unlikely(x)                   __builtin_expect(!!(x), 0)
#define MIN(a, b)                     ((a) < (b) ? (a) : (b))
#define MAX(a, b)                     ((a) > (b) ? (a) : (b))
#define ALIGN_DOWN(x, a)              ((x) & ~((__typeof__(x))(a)-1))
#define ALIGN_UP(x, a)                ALIGN_DOWN((x) + (a)-1, a)
#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))

#define INIT __attribute__((section(".init.text"), cold))

void *memcpy(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
void *memmove(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);

#endif
