/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What users ask of the kernel debugger: INT3, then marker bytes that are
 * harmless instructions (l4-x2, "KDB").  Who enters it prints a string and
 * goes on, if there is no interactive one (debug/kdb.h).
 */
#include "arch/kdb.h"

#include "api/api.h"
#include "arch/layout.h"
#include "core/arch.h"
#include "core/sched.h"
#include "debug/kdb.h"
#include "debug/panic.h"

#define STRING_MAX 4096 /* so that nobody prints for ever */

enum {
    KDB_PUTC = 0,
    KDB_PUTS = 1,
    KDB_CLEAR = 2,
    KDB_BREAKIN = 3,
    KDB_GETC = 8,
    KDB_GETC_WAIT = 13
};

/* Execute the INT3 (CC or CD 03) again when cur runs next. */
static void restart(struct thread *cur)
{
    u8 last;

    cur->frame.ip -= arch_user_read(&last, cur->frame.ip - 1, 1) && last == 0xcc ? 1 : 2;
}

/* A string that is not there yet is a page fault like any other. */
static bool user_string_present(struct thread *cur, word_t va)
{
    char c = 0;

    for (word_t end = va + STRING_MAX; va != end; va++) {
        if (va >= USER_END) {
            kprintf("(no string at %lx)", va);
            return false;
        }
        if (!arch_user_read(&c, va, 1)) {
            restart(cur);
            api_page_fault(cur, va, RIGHT_R, cur->frame.ip);
            return false;
        }
        if (c == '\0')
            return true;
    }
    return true;
}

static void print_user_string(word_t va)
{
    char c;

    for (unsigned i = 0; i < STRING_MAX && arch_user_read(&c, va + i, 1) && c; i++)
        kprintf("%c", c);
}

/* The address in MOV imm, EAX or RAX behind a two-byte JMP; false if it is something else. */
static bool string_of_enter(word_t ip, word_t *va)
{
    u8 code[2];
    int32_t imm;
    u32 imm32;

    if (!arch_user_read(code, ip, sizeof(code)) || code[0] != 0xeb ||
        !arch_user_read(code, ip + 2, sizeof(code)))
        return false;
    if (code[0] == 0xb8) {
        if (!arch_user_read(&imm32, ip + 3, sizeof(imm32)))
            return false;
        *va = imm32;
        return true;
    }
    if (code[0] == 0x48 && code[1] == 0xb8)
        return arch_user_read(va, ip + 4, sizeof(*va));
    if (code[0] != 0x48 || code[1] != 0xc7 || !arch_user_read(&imm, ip + 5, sizeof(imm)))
        return false;
    *va = (word_t)(sword_t)imm;
    return true;
}

/* Without input, blocking means to ask again and again. */
static void read_blocking(struct thread *cur)
{
    int c = kdb_getc();

    if (c >= 0) {
        cur->frame.ax = (word_t)(sword_t)(signed char)c;
    } else {
        restart(cur);
        sched_yield();
    }
}

static void service(struct thread *cur, u8 op)
{
    switch (op) {
    case KDB_PUTC:
        kprintf("%c", (char)cur->frame.ax);
        break;
    case KDB_PUTS:
        if (user_string_present(cur, cur->frame.ax))
            print_user_string(cur->frame.ax);
        break;
    case KDB_CLEAR:
    case KDB_BREAKIN:
        break;
    case KDB_GETC:
        cur->frame.ax = (word_t)(sword_t)kdb_getc();
        break;
    case KDB_GETC_WAIT:
        read_blocking(cur);
        break;
    default:
        kprintf("kdb: unknown operation %x of thread %lx\n", op, cur->id);
    }
}

void kdb_trap(struct thread *cur)
{
    word_t ip = cur->frame.ip, va = 0;
    u8 code[2] = {0, 0};
    bool trace;

    if (arch_user_read(code, ip, sizeof(code)) && code[0] == 0x3c) {
        service(cur, code[1]);
        return;
    }
    trace = code[0] == 0x90;
    if (!string_of_enter(ip + trace, &va)) {
        kprintf("kdb: thread %lx stopped at %lx, goes on\n", cur->id, ip);
        kdb_request("breakpoint");
        return;
    }
    if (!user_string_present(cur, va))
        return;
    if (!trace)
        kprintf("kdb: thread %lx: ", cur->id);
    print_user_string(va);
    if (!trace) {
        kprintf("\n");
        kdb_request("enter kdebug");
    }
}
