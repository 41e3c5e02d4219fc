/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the X.2 interface, run as a root task.  A check is one row of a
 * table; it passes, fails with a note on the console, or is skipped.  Where there
 * are several processors, some run twice: the second time with their workers on others than
 * the root task's.
 */
#ifndef X2_H
#define X2_H

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/protocol.h>
#include <l4/schedule.h>
#include <l4/sigma0.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/vcpu.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "machine.h"

enum result { FAIL, PASS, SKIP };

enum check_flag {
    ALMOND = 1 << 0, /* leave it out on another kernel                          */
    SPREAD = 1 << 1, /* once more with workers on other processors              */
    SEVERAL = 1 << 2 /* only where there are several processors                 */
};

struct check {
    const char *section, *what;
    enum result (*run)(void);
    unsigned flags;
};

/*
 * CHECK(name, "section", "what it shows") { ... } makes a row of the table: the
 * linker puts them together, in the order of the files and of their lines.
 */
#define CHECK_ROW(name, section_text, text, flag_bits)                                             \
    static enum result name(void);                                                                 \
    static const struct check check_##name                                                         \
        __attribute__((used, section("x2_checks"), aligned(8))) = {section_text, text, name,       \
                                                                   flag_bits};                     \
    static enum result name(void)
#define CHECK(name, section_text, text)        CHECK_ROW(name, section_text, text, 0)
#define CHECK_ALMOND(name, section_text, text) CHECK_ROW(name, section_text, text, ALMOND)
#define CHECK_SPREAD(name, section_text, text) CHECK_ROW(name, section_text, text, SPREAD)
#define CHECK_ALMOND_SPREAD(name, section_text, text)                                              \
    CHECK_ROW(name, section_text, text, ALMOND | SPREAD)
#define CHECK_ALMOND_SEVERAL(name, section_text, text)                                             \
    CHECK_ROW(name, section_text, text, ALMOND | SEVERAL)

extern const struct check __start_x2_checks[], __stop_x2_checks[];

/* Ends the check as failed, saying where and what. */
#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            return FAIL;                                                                           \
        }                                                                                          \
    } while (0)

/* The same for two numbers, which it prints. */
#define EXPECT_EQUAL(a, b)                                                                         \
    do {                                                                                           \
        L4_Word_t a_ = (L4_Word_t)(a), b_ = (L4_Word_t)(b);                                        \
        if (a_ != b_) {                                                                            \
            printf("# %s:%d: %s is %#lx, not %#lx\n", __FILE__, __LINE__, #a, a_, b_);             \
            return FAIL;                                                                           \
        }                                                                                          \
    } while (0)

/* Ends the check as failed, too, if something does not become true in time. */
#define AWAIT(condition)                                                                           \
    do {                                                                                           \
        for (unsigned n_ = 0; !(condition) && n_ < 30000; n_++)                                    \
            L4_Sleep(L4_TimePeriod(1000));                                                         \
        EXPECT(condition);                                                                         \
    } while (0)

/* The result of a part of a check. */
#define EXPECT_PASS(result)                                                                        \
    do {                                                                                           \
        if ((result) != PASS) {                                                                    \
            printf("# in %s:%d: %s\n", __FILE__, __LINE__, #result);                               \
            return FAIL;                                                                           \
        }                                                                                          \
    } while (0)

/* ---- threads (threads.c) ---- */

extern L4_ThreadId_t me; /* the root task's thread, which runs the checks, priority 255 */

/* All words of this are zero when a check begins; all spaces see it. */
extern volatile L4_Word_t shared[64];

/* A thread id that was never used. */
L4_ThreadId_t new_id(void);
/* A free UTCB of the own space. */
void *new_utcb(void);
/* Starts fn in a thread of the own space; of a new space; of the space of another thread. */
L4_ThreadId_t spawn(void (*fn)(void));
L4_ThreadId_t spawn_remote(void (*fn)(void));
L4_ThreadId_t spawn_beside(L4_ThreadId_t neighbour, int slot, void (*fn)(void));
/* The same on a certain processor. */
L4_ThreadId_t spawn_on(L4_Word_t processor, void (*fn)(void));
L4_ThreadId_t spawn_remote_on(L4_Word_t processor, void (*fn)(void));
L4_ThreadId_t spawn_beside_on(L4_Word_t processor, L4_ThreadId_t neighbour, int slot,
                              void (*fn)(void));
/* From now on workers go to other processors than this, in turn; or not any more. */
void spread_workers(bool on);
L4_Word_t processor_count(void);
/* An inactive thread in a new space that SpaceControl has initialised. */
L4_ThreadId_t new_space(void);
/* Until the check ends, this kernel memory account pays for new spaces. */
void spaces_of_account(L4_Word_t account);
/* Top of a fresh stack, prepared for the entry of a function. */
L4_Word_t new_stack(void);
void kill(L4_ThreadId_t t);
/* Deletes all threads that these functions made. */
void reap(void);

#define UTCB_AREA 0xb0000000ul /* in new spaces */

/* What Schedule says of t, which it does not change. */
L4_Word_t state_of(L4_ThreadId_t t);

/* ---- order (settle.c) ---- */

/* Lets the other threads run until they wait, on all processors; those that never wait, for a while. */
void settle(void);
void settle_init(void);
/* Do the threads that count in shared[0] and shared[1] share the time, as so many quarters: least ...
 * most to 1?  In one of several windows of so many microseconds. */
bool counts_share(L4_Word_t us, L4_Word_t least, L4_Word_t most);

/* Long enough for anything that should happen. */
#define SOON L4_TimePeriod(30000000)
/* Long enough to see that something does not happen, since nothing is in its way. */
#define A_WHILE L4_TimePeriod(30000)

/* Receive from t; an error after a while. */
L4_MsgTag_t hear(L4_ThreadId_t t);
/* An empty message with a label, to a receiver that should be there soon. */
L4_MsgTag_t tell(L4_ThreadId_t t, L4_Word_t label);
/* The end of a worker: tells the root thread, then waits for ever. */
void finish(void);

/* A received tag without the flag that tells of another processor. */
static inline L4_Word_t plain(L4_MsgTag_t tag)
{
    return tag.raw & ~L4_TAG_XCPU;
}

/* ErrorCode after an IPC: phase 1 is that of receiving. */
static inline L4_Word_t ipc_error(L4_Word_t code, L4_Word_t phase)
{
    return code << 1 | phase;
}

/* ---- calls into other spaces (agent.c) ---- */

typedef L4_Word_t (*action_t)(L4_Word_t a, L4_Word_t b);

/* A thread's main function: does what it is sent. */
void agent(void);

/* What a thread reported instead of an answer. */
struct fault {
    L4_MsgTag_t tag;
    L4_Word_t word[24]; /* MR1... */
};

/* Lets t call action; false if no answer, or a fault, came back. */
bool ask(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b, L4_Word_t *result);
/* The ErrorCode TCR of t after the last answer. */
extern L4_Word_t agent_error;
/* The two halves of ask(). */
bool order(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b);
bool answer(L4_ThreadId_t t, L4_Word_t *result);
/* Lets t call action; true if that led to a message of a kernel protocol. */
bool ask_fault(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b, struct fault *f);
/* Answers a fault with a mapping, then waits for the answer, or for the next fault. */
bool resolve(L4_ThreadId_t t, L4_MapItem_t item, L4_Word_t *result);
bool resolve_fault(L4_ThreadId_t t, L4_MapItem_t item, struct fault *f);
/* Reads a fault that t is to report; answers one with a mapping. */
bool read_fault(L4_ThreadId_t t, struct fault *f);
bool reply_item(L4_ThreadId_t t, L4_MapItem_t item);
/* Gives t a mapping or grant at window. */
bool give(L4_ThreadId_t t, L4_Fpage_t window, L4_MapItem_t item);

/* Actions. */
L4_Word_t do_nothing(L4_Word_t a, L4_Word_t b);
L4_Word_t do_read(L4_Word_t address, L4_Word_t b);
L4_Word_t do_write(L4_Word_t address, L4_Word_t value);
L4_Word_t do_execute(L4_Word_t address, L4_Word_t b);
L4_Word_t do_in(L4_Word_t port, L4_Word_t b);
L4_Word_t do_out(L4_Word_t port, L4_Word_t value);
L4_Word_t do_set_pager(L4_Word_t pager, L4_Word_t b);
L4_Word_t do_set_handler(L4_Word_t handler, L4_Word_t b);
L4_Word_t do_stop(L4_Word_t t, L4_Word_t b);

/* Sends the page at address to a thread that waits in accept_page: a map item, or a grant. */
L4_Word_t do_map(L4_Word_t address, L4_Word_t to);
L4_Word_t do_grant(L4_Word_t address, L4_Word_t to);
/* Takes a page away from the own space. */
L4_Word_t do_flush(L4_Word_t address, L4_Word_t b);
/* A thread's main function: gets a page at ACCEPT_AT, then is an agent. */
void accept_page(void);
#define ACCEPT_AT 0x50000000ul

/* ---- memory (memory.c) ---- */

/* Memory of the root task outside its image, one to one and freshly mapped, until the check ends;
 * 0 if there is not so much. */
L4_Word_t get_memory(unsigned log2);
/* Is there so much, in one piece? */
bool has_memory(unsigned log2);
void memory_init(void);
void memory_reset(void);
/* 16 MiB of the root task's address space where it has nothing. */
extern L4_Word_t hole;
/* Where the user's part of address spaces ends: the first address behind it. */
L4_Word_t user_end(void);

/* ---- traces (trace.c) ---- */

/* Does the trace, which has ended, have such an event of t's?  ~0 stands for any word. */
bool find_event(L4_ThreadId_t t, enum l4_trace_type type, L4_Word_t a, L4_Word_t b);

static inline L4_Fpage_t page(L4_Word_t address, unsigned log2, L4_Word_t rights)
{
    return L4_FpageAddRights(L4_FpageLog2(address, (int)log2), rights);
}

#endif
