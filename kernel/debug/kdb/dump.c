/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of spaces, as far as there is any; and calls, which are to be read from it. */
#include "arch/layout.h"
#include "debug/backtrace.h"
#include "kdb.h"

#define WORDS_DEFAULT 16
#define WORDS_MAX     0x1000
#define CALLS_MAX     64

static void print_word(const struct space *s, word_t va)
{
    word_t value;

    if (arch_read(s, va, &value, sizeof(value)))
        kprintf(sizeof(word_t) == 8 ? " %016lx" : " %08lx", value);
    else
        kprintf(sizeof(word_t) == 8 ? " ----------------" : " --------");
}

static void print_characters(const struct space *s, word_t va, word_t n)
{
    kprintf("  ");
    for (word_t i = 0; i < n; i++) {
        char c = ' ';

        arch_read(s, va + i, &c, 1);
        kprintf("%c", c >= ' ' && c < 127 ? c : '.');
    }
    kprintf("\n");
}

static struct space *space_to_read(const char *word)
{
    struct space *s;

    if (word[0] == 'k')
        return NULL;
    s = kdb_space(word);
    if (s->vm)
        KDB_FAIL("kdb: guest memory is not mapped for the kernel: dump it where its VMM has it "
                 "(mappings)");
    if (!s->pt_root)
        KDB_FAIL("kdb: the space has no page tables yet");
    return s;
}

void kdb_cmd_dump(const struct kdb_args *a)
{
    const unsigned line = sizeof(word_t) == 8 ? 2 : 4;
    struct space *s = space_to_read(a->word[0]);
    word_t va = ALIGN_DOWN(kdb_number(a->word[1]), sizeof(word_t));
    word_t words = a->count == 3 ? kdb_number(a->word[2]) : WORDS_DEFAULT;

    if (s && va >= USER_END)
        KDB_FAIL("kdb: user addresses end at %lx: dump kernel shows what is above",
                 (word_t)USER_END);
    if (!s && va < USER_END)
        KDB_FAIL("kdb: the kernel's addresses begin at %lx", (word_t)USER_END);
    if (words > WORDS_MAX)
        KDB_FAIL("kdb: that is too much: at most %x words", WORDS_MAX);
    for (word_t i = 0; i < words; i += line) {
        word_t n = MIN(line, words - i);

        kprintf(sizeof(word_t) == 8 ? "%016lx:" : "%08lx:", va);
        for (word_t j = 0; j < n; j++)
            print_word(s, va + j * sizeof(word_t));
        print_characters(s, va, n * sizeof(word_t));
        if (va + n * sizeof(word_t) < va)
            break;
        va += n * sizeof(word_t);
    }
}

/* ---- calls ---- */

/* Of a program that keeps frame pointers. */
static void user_backtrace(const struct thread *t)
{
    struct {
        word_t fp, ip;
    } frame = {t->frame.bp, frame_ip(&t->frame)};

    kprintf("thread %s in user mode at %lx", kdb_thread_id(t), frame.ip);
    if (t->cont != CONT_NONE)
        kprintf(", goes on in the kernel with %s", kdb_continuation(t));
    kprintf("\n");
    for (unsigned i = 0; i < CALLS_MAX && frame.fp; i++) {
        word_t last = frame.fp;

        if (!arch_read(t->space, frame.fp, &frame, sizeof(frame)))
            break;
        kprintf("  %lx\n", frame.ip);
        if (frame.fp <= last)
            break;
    }
}

void kdb_cmd_bt(const struct kdb_args *a)
{
    const struct thread *t;

    if (a->count == 1) {
        t = kdb_thread(a->word[0]);
        if (!t->space || t->space->vm || !t->space->pt_root)
            KDB_FAIL("kdb: %s never runs in user mode", kdb_thread_id(t));
        user_backtrace(t);
        return;
    }
    if (kdb_panic_frame)
        arch_dump_frame(kdb_panic_frame);
    backtrace(kdb_frame_pointer);
}
