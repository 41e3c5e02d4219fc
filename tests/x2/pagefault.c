/* SPDX-License-Identifier: BSD-2-Clause */
/* The page-fault protocol. */
#include "x2.h"

#define AT 0x60000123ul

CHECK_SPREAD(message, "6.4", "read: label, address, ip; the reply maps")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    *(L4_Word_t *)(mine + 0x123) = 0xfeed;
    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    EXPECT_EQUAL(plain(f.tag), L4_MakeTag(L4_LABEL_PAGEFAULT | ACCESS_READ, 2, 0).raw);
    EXPECT_EQUAL(f.word[0], AT);
    EXPECT(f.word[1] - (L4_Word_t)do_read < 64);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_Readable), AT), &r));
    EXPECT_EQUAL(r, 0xfeed);
    return PASS;
}

CHECK_SPREAD(write_message, "6.4", "write")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(ask_fault(t, do_write, AT, 0xbeef, &f));
    EXPECT_EQUAL(plain(f.tag), L4_MakeTag(L4_LABEL_PAGEFAULT | L4_Writable, 2, 0).raw);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_ReadWriteOnly), AT), &r));
    EXPECT_EQUAL(*(volatile L4_Word_t *)(mine + 0x123), 0xbeef);
    return PASS;
}

CHECK_SPREAD(fetch_message, "6.4", "instruction fetch")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_execute, AT, 0, &f));
    EXPECT(L4_Label(f.tag) & L4_eXecutable);
    EXPECT_EQUAL(f.word[0], AT);
    EXPECT_EQUAL(f.word[1], AT);
    return PASS;
}

CHECK_SPREAD(again, "6.4", "a reply without a page: the same again")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_read, AT, 0, &f));
    for (int i = 0; i < 3; i++) {
        EXPECT(resolve_fault(t, L4_MapItem(L4_Nilpage, 0), &f));
        EXPECT_EQUAL(f.word[0], AT);
    }
    return PASS;
}

/* Message registers, acceptor and error code are those from before the fault. */
static L4_Word_t do_transparent(L4_Word_t address, L4_Word_t b)
{
    L4_Word_t wrong = 0;

    for (int i = 0; i < 64; i++)
        L4_LoadMR(i, 0x100ul + (L4_Word_t)i);
    L4_LoadBR(0, 0x77777001);
    L4_Set_Tcr(L4_TCR_ERROR_CODE, 0x31);
    L4_Set_VirtualSender((L4_ThreadId_t){.raw = 0x32});
    *(volatile L4_Word_t *)address;
    for (int i = 0; i < 64; i++)
        wrong += L4_MR(i) != 0x100ul + (L4_Word_t)i;
    wrong += L4_Accepted().raw != 0x77777001;
    wrong += L4_ErrorCode() != 0x31;
    wrong += L4_ActualSender().raw != 0x32;
    return wrong;
}

CHECK_SPREAD(transparent, "6.4", "registers and TCRs come back")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct fault f;

    EXPECT(ask_fault(t, do_transparent, AT, 0, &f));
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_Readable), AT), &r));
    EXPECT_EQUAL(r, 0);
    return PASS;
}

CHECK_SPREAD(cancelled, "6.4", "cancelled, it restarts the instruction")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t mine = get_memory(12), r;
    struct l4_exregs regs = {.control = L4_EXREGS_RUN};
    struct fault f;

    EXPECT(ask_fault(t, do_transparent, AT, 0, &f));
    L4_Exregs(t, &regs); /* ends the fault's IPC: the instruction faults again */
    EXPECT(L4_ThreadWasIpcing((L4_ThreadState_t){.raw = regs.control}));
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(L4_MR(1), AT);
    EXPECT(resolve(t, L4_MapItem(page(mine, 12, L4_Readable), AT), &r));
    EXPECT_EQUAL(r, 0);
    return PASS;
}

static void fault_now(void)
{
    shared[0] = *(volatile L4_Word_t *)AT;
}

/* A neighbour in our space whose pager is another thread than sigma0. */
CHECK_SPREAD(local_pager, "6.4", "within the pager's own space")
{
    L4_ThreadId_t t = spawn(fault_now);
    L4_Word_t mine = get_memory(12);
    L4_MapItem_t m = L4_MapItem(page(mine, 12, L4_Readable), AT);

    EXPECT_EQUAL(L4_Label(hear(t)), L4_LABEL_PAGEFAULT | ACCESS_READ);
    EXPECT_EQUAL(L4_MR(1), AT);
    L4_LoadMRs(1, 2, m.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    L4_Accept(L4_MapGrantItems(L4_CompleteAddressSpace));
    EXPECT(L4_IpcSucceeded(L4_Reply(t)));
    EXPECT(L4_IpcSucceeded(hear(t)));
    L4_Flush(page(AT & ~0xffful, 12, L4_FullyAccessible));
    return PASS;
}

CHECK_ALMOND_SPREAD(no_pager, "6.4", "without a pager the thread stops")
{
    L4_ThreadId_t t = spawn_remote(agent);
    L4_Word_t r, old;

    EXPECT(ask(t, do_set_pager, 0, 0, &r));
    L4_LoadMR(1, (L4_Word_t)do_read);
    L4_LoadMR(2, AT);
    L4_Set_MsgTag(L4_MakeTag(0x51, 3, 0));
    EXPECT(L4_IpcSucceeded(L4_Send_Timeout(t, SOON)));
    EXPECT(L4_IpcFailed(L4_Receive_Timeout(t, L4_TimePeriod(50000))));
    EXPECT_EQUAL(L4_Schedule(t, ~0ul, ~0ul, ~0ul, ~0ul, &old), L4_SCHEDRESULT_INACTIVE);
    return PASS;
}

/* What an unprivileged thread can touch of the kernel's half: nothing. */
CHECK_ALMOND_SPREAD(kernel_address, "6.4", "a kernel address")
{
    L4_ThreadId_t t = spawn_remote(agent);
    struct fault f;

    EXPECT(ask_fault(t, do_read, KERNEL_ADDRESS, 0, &f));
    EXPECT_EQUAL(L4_LABEL_PROTOCOL(L4_Label(f.tag)), L4_LABEL_PAGEFAULT);
    EXPECT_EQUAL(f.word[0], KERNEL_ADDRESS);
    return PASS;
}
