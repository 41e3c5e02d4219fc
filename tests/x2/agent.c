/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that do what they are sent, for checks that need another space. */
#include <l4/arch.h>
#include "x2.h"

#define LABEL_ASK    0x51
#define LABEL_ANSWER 0x52

L4_Word_t agent_error;
static volatile L4_Word_t next_window;

L4_Word_t do_nothing(L4_Word_t a, L4_Word_t b)
{
    return a;
}

L4_Word_t do_read(L4_Word_t address, L4_Word_t b)
{
    return *(volatile L4_Word_t *)address;
}

L4_Word_t do_write(L4_Word_t address, L4_Word_t value)
{
    *(volatile L4_Word_t *)address = value;
    return 0;
}

L4_Word_t do_execute(L4_Word_t address, L4_Word_t b)
{
    return ((L4_Word_t(*)(void))address)();
}

L4_Word_t do_in(L4_Word_t port, L4_Word_t b)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "d"((uint16_t)port));
    return value;
}

L4_Word_t do_out(L4_Word_t port, L4_Word_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"((uint8_t)value), "d"((uint16_t)port));
    return 0;
}

L4_Word_t do_set_pager(L4_Word_t pager, L4_Word_t b)
{
    L4_Set_Pager((L4_ThreadId_t){.raw = pager});
    return 0;
}

L4_Word_t do_set_handler(L4_Word_t handler, L4_Word_t b)
{
    L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = handler});
    return 0;
}

L4_Word_t do_stop(L4_Word_t t, L4_Word_t b)
{
    struct l4_exregs r = {.control = L4_EXREGS_STOP};

    return L4_Exregs((L4_ThreadId_t){.raw = t}, &r).raw;
}

void agent(void)
{
    L4_ThreadId_t from;
    L4_Word_t w[3], answer;
    L4_MsgTag_t tag;

    for (;;) {
        L4_Accept((L4_Acceptor_t){.raw = next_window});
        tag = L4_Wait(&from);
        if (L4_IpcFailed(tag) || L4_Label(tag) != LABEL_ASK)
            continue;
        L4_StoreMRs(1, 3, w);
        answer = ((action_t)w[0])(w[1], w[2]);
        L4_LoadMR(1, answer);
        L4_LoadMR(2, L4_ErrorCode());
        L4_Set_MsgTag(L4_MakeTag(LABEL_ANSWER, 2, 0));
        L4_Send(from);
    }
}

bool order(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b)
{
    L4_LoadMR(1, (L4_Word_t)action);
    L4_LoadMR(2, a);
    L4_LoadMR(3, b);
    L4_Set_MsgTag(L4_MakeTag(LABEL_ASK, 3, 0));
    return L4_IpcSucceeded(L4_Send_Timeout(t, SOON));
}

bool answer(L4_ThreadId_t t, L4_Word_t *result)
{
    L4_MsgTag_t tag = hear(t);

    if (L4_IpcFailed(tag) || L4_Label(tag) != LABEL_ANSWER) {
        printf("# no answer: tag %lx, words %lx %lx, error %lx\n", tag.raw, L4_MR(1), L4_MR(2),
               L4_ErrorCode());
        return false;
    }
    *result = L4_MR(1);
    agent_error = L4_MR(2);
    return true;
}

bool read_fault(L4_ThreadId_t t, struct fault *f)
{
    f->tag = hear(t);
    L4_StoreMRs(1, 24, f->word);
    if (L4_IpcFailed(f->tag) || L4_Label(f->tag) == LABEL_ANSWER) {
        printf("# no fault: tag %lx, error %lx\n", f->tag.raw, L4_ErrorCode());
        return false;
    }
    return true;
}

bool ask(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b, L4_Word_t *result)
{
    return order(t, action, a, b) && answer(t, result);
}

bool ask_fault(L4_ThreadId_t t, action_t action, L4_Word_t a, L4_Word_t b, struct fault *f)
{
    return order(t, action, a, b) && read_fault(t, f);
}

bool reply_item(L4_ThreadId_t t, L4_MapItem_t item)
{
    L4_LoadMRs(1, 2, item.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    return L4_IpcSucceeded(L4_Reply(t));
}

bool resolve(L4_ThreadId_t t, L4_MapItem_t item, L4_Word_t *result)
{
    return reply_item(t, item) && answer(t, result);
}

bool resolve_fault(L4_ThreadId_t t, L4_MapItem_t item, struct fault *f)
{
    return reply_item(t, item) && read_fault(t, f);
}

static L4_Word_t do_accept(L4_Word_t window, L4_Word_t b)
{
    next_window = window;
    return 0;
}

bool give(L4_ThreadId_t t, L4_Fpage_t window, L4_MapItem_t item)
{
    L4_Word_t r;

    if (!ask(t, do_accept, L4_MapGrantItems(window).raw, 0, &r))
        return false;
    L4_LoadMR(1, (L4_Word_t)do_accept);
    L4_LoadMR(2, 0);
    L4_LoadMR(3, 0);
    L4_LoadMRs(4, 2, item.raw);
    L4_Set_MsgTag(L4_MakeTag(LABEL_ASK, 3, 2));
    return L4_IpcSucceeded(L4_Send_Timeout(t, SOON)) && answer(t, &r);
}

L4_Word_t do_flush(L4_Word_t address, L4_Word_t b)
{
    return L4_Flush(page(address, 12, L4_FullyAccessible)).raw;
}

static L4_Word_t pass_on(L4_Word_t address, L4_Word_t to, L4_Word_t type)
{
    L4_LoadMR(1, type << 1);
    L4_LoadMR(2, page(address, 12, L4_FullyAccessible).raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    return L4_Send_Timeout((L4_ThreadId_t){.raw = to}, SOON).raw & L4_TAG_ERROR;
}

L4_Word_t do_map(L4_Word_t address, L4_Word_t to)
{
    return pass_on(address, to, L4_ITEM_MAP);
}

L4_Word_t do_grant(L4_Word_t address, L4_Word_t to)
{
    return pass_on(address, to, L4_ITEM_GRANT);
}

void accept_page(void)
{
    L4_ThreadId_t from;

    L4_Accept(L4_MapGrantItems(L4_FpageLog2(ACCEPT_AT, 12)));
    L4_Wait(&from);
    L4_Accept(L4_UntypedWordsAcceptor);
    agent();
}
