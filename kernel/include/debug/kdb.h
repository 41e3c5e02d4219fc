/* SPDX-License-Identifier: BSD-2-Clause */
/* The interactive debugger on the console: only in builds with `make KDB=1` (kernel/debug/kdb). */
#ifndef DEBUG_KDB_H
#define DEBUG_KDB_H

#include "core/arch.h"
#include "types.h"

struct arch_frame;
struct slab_cache;
struct space;

#ifdef KERNEL_DEBUGGER

/* ---- who asks for it ---- */

/* This processor enters it when it is about to leave the kernel. */
void kdb_request(const char *why);
/* The boot loader wants it before the first server runs (KIP's Kdebug.config). */
void kdb_boot(void);
/* An NMI: processor 0 enters it soon.  False: nobody does. */
bool kdb_nmi(void);
/* At the kernel's exit, where no work is half done: enter it if somebody has asked, or if the key
 * has come.  Stops the other processors, so it may start over. */
void kdb_attend(void);
/* The end of the kernel: the prompt, if there is a way to one.  f may be NULL. */
void kdb_panic(const struct arch_frame *f, word_t fp);

/* ---- what it asks of others ---- */

/* The time of the next alarm: processor 0 looks for the key now and then. */
u64 kdb_alarm(u64 next);
/* The console's next character for users, -1: none. */
int kdb_getc(void);
/* A line has been printed: stop if the screen is full. */
void kdb_line(void);
/* A fault of the kernel: does not return if a command of the debugger has caused it. */
void kdb_fault(void);
/* There is a cache of this name. */
void kdb_cache(const struct slab_cache *c);

/* ---- arch/.../kdb ---- */

#define KDB_SIZES 4 /* of pages, at most */

struct page_count {
    unsigned tables, pinned;
    struct {
        unsigned log2, pages;
    } of[KDB_SIZES];
};

/* Count what the page tables of s hold. */
void arch_count_pages(const struct space *s, struct page_count *count);
/* Read n bytes at address va of a space that is no VM space, or of the kernel (NULL); false: there
 * is nothing. */
bool arch_read(const struct space *s, word_t va, void *dst, size_t n);
_Noreturn void arch_reset(void);

#else

static inline void kdb_request(const char *why)
{
}

static inline void kdb_boot(void)
{
}

static inline bool kdb_nmi(void)
{
    return false;
}

static inline void kdb_attend(void)
{
}

static inline void kdb_panic(const struct arch_frame *f, word_t fp)
{
}

static inline u64 kdb_alarm(u64 next)
{
    return next;
}

static inline int kdb_getc(void)
{
    return arch_console_getc();
}

static inline void kdb_line(void)
{
}

static inline void kdb_fault(void)
{
}

static inline void kdb_cache(const struct slab_cache *c)
{
}

#endif

#endif
