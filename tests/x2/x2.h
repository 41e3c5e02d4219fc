/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the X.2 interface, run as a root task.  A check is one row of a
 * table; it passes, fails with a note on the console, or is skipped.
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

struct check {
    const char *section, *what;
    enum result (*run)(void);
    bool almond; /* leave it out on another kernel */
};

/*
 * CHECK(name, "section", "what it shows") { ... } makes a row of the table: the
 * linker puts them together, in the order of the files and of their lines.
 */
#define CHECK_ROW(name, section_text, text, only_almond)                                           \
    static enum result name(void);                                                                 \
    static const struct check check_##name                                                         \
        __attribute__((used, section("x2_checks"), aligned(8))) = {section_text, text, name,       \
                                                                   only_almond};                   \
    static enum result name(void)
#define CHECK(name, section_text, text)        CHECK_ROW(name, section_text, text, false)
#define CHECK_ALMOND(name, section_text, text) CHECK_ROW(name, section_text, text, true)

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
/* An inactive thread in a new space that SpaceControl has initialised. */
L4_ThreadId_t new_space(void);
/* Top of a fresh stack, prepared for the entry of a function. */
L4_Word_t new_stack(void);
void kill(L4_ThreadId_t t);
/* Deletes all threads that these functions made. */
void reap(void);

#define UTCB_AREA 0xb0000000ul /* in new spaces */

/* Lets the other threads run until they wait. */
void settle(void);

/* Long enough for anything that should happen. */
#define SOON L4_TimePeriod(2000000)

/* Receive from t; an error after a while. */
L4_MsgTag_t hear(L4_ThreadId_t t);
/* An empty message with a label, to a receiver that should be there soon. */
L4_MsgTag_t tell(L4_ThreadId_t t, L4_Word_t label);
/* The end of a worker: tells the root thread, then waits for ever. */
void finish(void);

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
/* Lets t call action; true if that led to a message of a kernel protocol. */
bool ask_fault(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b, struct fault *f);
/* Answers a fault with a mapping, then waits for the answer, or for the next fault. */
bool resolve(L4_ThreadId_t t, L4_MapItem_t item, L4_Word_t *result);
bool resolve_fault(L4_ThreadId_t t, L4_MapItem_t item, struct fault *f);
/* Gives t a mapping or grant at window. */
bool give(L4_ThreadId_t t, L4_Fpage_t window, L4_MapItem_t item);

/* Actions. */
L4_Word_t do_nothing(L4_Word_t a, L4_Word_t b);
L4_Word_t do_read(L4_Word_t address, L4_Word_t b);
L4_Word_t do_write(L4_Word_t address, L4_Word_t value);
L4_Word_t do_execute(L4_Word_t address, L4_Word_t b);
L4_Word_t do_in(L4_Word_t port, L4_Word_t b);
L4_Word_t do_out(L4_Word_t port, L4_Word_t value);

/* Sends the page at address to a thread that waits in accept_page: a map item, or a grant. */
L4_Word_t do_map(L4_Word_t address, L4_Word_t to);
L4_Word_t do_grant(L4_Word_t address, L4_Word_t to);
/* A thread's main function: gets a page at ACCEPT_AT, then is an agent. */
void accept_page(void);
#define ACCEPT_AT 0x50000000ul

/* ---- memory (agent.c) ---- */

/* Memory of the root task outside its image, one to one; 0 if sigma0 has none. */
L4_Word_t get_memory(unsigned log2);

static inline L4_Fpage_t page(L4_Word_t address, unsigned log2, L4_Word_t rights)
{
    return L4_FpageAddRights(L4_FpageLog2(address, (int)log2), rights);
}

#endif
