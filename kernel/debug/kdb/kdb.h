/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debugger from inside.  Its commands look at a kernel that stands still, and
 * perhaps is broken: they take no locks, look up every id that is typed, and end
 * early with kdb_end(): by an error, by a fault, or when the operator has seen
 * enough.  So no command may hold anything that has to be given back.
 */
#ifndef KDB_INTERNAL_H
#define KDB_INTERNAL_H

#include "core/thread.h"
#include "debug/kdb.h"
#include "debug/panic.h"
#include "types.h"

#define KDB_WORDS 4

struct kdb_args {
    unsigned count; /* behind the command */
    char *word[KDB_WORDS];
};

struct kdb_command {
    const char *name;
    const char *args; /* its words, those that may be missing in [brackets] */
    const char *help;
    void (*run)(const struct kdb_args *a);
};

extern const struct kdb_command kdb_commands[]; /* commands.c; ends with a NULL name */

/* ---- prompt.c ---- */

/* Carry commands out until one says that the system goes on. */
void kdb_prompt(void);
void kdb_leave(void);
_Noreturn void kdb_end(void);

/* An error, with what to do about it; the command is over. */
#define KDB_FAIL(...) (kprintf(__VA_ARGS__), kprintf("\n"), kdb_end())

/* ---- line.c ---- */
#define KDB_LINE 80

/* Wait for a key. */
char kdb_key(void);
/* A line, edited; a Ctrl-C or Ctrl-U makes it empty. */
void kdb_read_line(char line[KDB_LINE]);
/* Stop after so many lines of output from now on; 0: do not stop. */
void kdb_set_page(unsigned lines);
void kdb_new_page(bool paged);

/* ---- words.c ---- */

/* What a word names; there are KDB_FAIL()s in them. */
word_t kdb_number(const char *word);
struct thread *kdb_thread(const char *word);
struct space *kdb_space(const char *word);

/* The text of an id, good until eight more have been made. */
const char *kdb_id(word_t id);
/* A thread's own, also while it is being deleted. */
const char *kdb_thread_id(const struct thread *t);
/* A space is named by the thread with the lowest number in it. */
const char *kdb_space_id(const struct space *s);
/* Is it the first thread of its space? */
bool kdb_first_in_space(const struct thread *t);

/* TSC ticks in microseconds, to be printed. */
static inline unsigned long long kdb_us(u64 ticks)
{
    return arch_tsc_to_us(ticks);
}

/* "rwx", for as long as kdb_id()'s. */
const char *kdb_rights(unsigned rights);

/* ---- wait.c ---- */

/* Whom t waits for; NULL: nobody, or no particular thread. */
const struct thread *kdb_awaited(const struct thread *t);
const char *kdb_awaited_id(const struct thread *t);

/* ---- names.c ---- */
const char *kdb_state(const struct thread *t);
const char *kdb_kipc(const struct thread *t);
const char *kdb_continuation(const struct thread *t);

/* ---- enter.c ---- */

/* Where the backtrace of this processor begins, and the registers if it has panicked. */
extern word_t kdb_frame_pointer;
extern const struct arch_frame *kdb_panic_frame;
extern bool kdb_dead; /* there is no way back from here */

/* ---- commands ---- */
void kdb_cmd_threads(const struct kdb_args *a);
void kdb_cmd_thread(const struct kdb_args *a);
void kdb_cmd_spaces(const struct kdb_args *a);
void kdb_cmd_space(const struct kdb_args *a);
void kdb_cmd_mappings(const struct kdb_args *a);
void kdb_cmd_queues(const struct kdb_args *a);
void kdb_cmd_ipc(const struct kdb_args *a);
void kdb_cmd_memory(const struct kdb_args *a);
void kdb_cmd_cpus(const struct kdb_args *a);
void kdb_cmd_irqs(const struct kdb_args *a);
void kdb_cmd_bt(const struct kdb_args *a);
void kdb_cmd_dump(const struct kdb_args *a);
void kdb_cmd_trace(const struct kdb_args *a);

#endif
