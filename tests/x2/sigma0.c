/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol of sigma0. */
#include <l4/arch.h>
#include "x2.h"

static L4_Fpage_t get(L4_Word_t address, int log2)
{
    return L4_Sigma0_GetPage(L4_nilthread, L4_FpageLog2(address, log2));
}

#define SMALLEST 12
#define LARGEST  22

CHECK(any_page, "6.8", "any page, 4 KiB to 4 MiB, none of them twice")
{
    L4_Word_t at[LARGEST + 1];

    for (L4_Word_t log2 = SMALLEST; log2 <= LARGEST; log2++) {
        L4_Fpage_t f = L4_Sigma0_GetAny(L4_nilthread, log2, L4_CompleteAddressSpace);
        EXPECT_EQUAL(L4_SizeLog2(f), log2);
        EXPECT_EQUAL(L4_Rights(f), L4_FullyAccessible);
        at[log2] = L4_Address(f);
        *(volatile L4_Word_t *)at[log2] = log2;
        *(volatile L4_Word_t *)(at[log2] + L4_Size(f) - 8) = ~log2;
    }
    for (L4_Word_t log2 = SMALLEST; log2 <= LARGEST; log2++) {
        EXPECT_EQUAL(*(volatile L4_Word_t *)at[log2], log2);
        EXPECT_EQUAL(*(volatile L4_Word_t *)(at[log2] + (1ul << log2) - 8), ~log2);
    }
    return PASS;
}

CHECK(own_again, "6.8", "the owner may ask again, for parts too")
{
    L4_Word_t mine = get_memory(14);

    EXPECT(mine);
    EXPECT_EQUAL(L4_Address(get(mine, 14)), mine);
    EXPECT_EQUAL(L4_Address(get(mine + 0x2000, 12)), mine + 0x2000);
    return PASS;
}

CHECK(one_to_one, "6.8", "the answer's form")
{
    L4_Word_t mine = get_memory(12);
    L4_MapItem_t m;

    L4_Accept(L4_MapGrantItems(L4_CompleteAddressSpace));
    L4_LoadMR(1, L4_FpageLog2(mine, 12).raw);
    L4_LoadMR(2, 0);
    L4_Set_MsgTag(L4_MakeTag(L4_LABEL_SIGMA0, 2, 0));
    EXPECT_EQUAL(L4_Call(L4_Sigma0Id()).raw, L4_MakeTag(0, 0, 2).raw);
    L4_StoreMRs(1, 2, m.raw);
    EXPECT(L4_IsMapItem(m));
    EXPECT_EQUAL(L4_MapItemSndBase(m), mine);
    return PASS;
}

CHECK(own_window, "6.8", "into a window")
{
    L4_Word_t mine = get_memory(12);
    L4_Fpage_t f;

    *(volatile L4_Word_t *)mine = 0xabc;
    f = L4_Sigma0_GetPage_RcvWindow(L4_nilthread, L4_FpageLog2(mine, 12),
                                    L4_FpageLog2(0x70000000, 12));
    EXPECT_EQUAL(L4_Address(f), mine);
    EXPECT_EQUAL(*(volatile L4_Word_t *)0x70000000, 0xabc);
    L4_Flush(page(0x70000000, 12, L4_FullyAccessible));
    return PASS;
}

/* Refusals: what is the kernel's, too small, too large. */
CHECK(refused, "6.8", "what is not given")
{
    L4_Word_t kernel = 0x600000;

    EXPECT(L4_IsNilFpage(get(kernel, 12)));
    EXPECT(L4_IsNilFpage(get(kernel, 21)));
    EXPECT(L4_IsNilFpage(get(L4_Kip()->sigma0.low, 12)));
    EXPECT(L4_IsNilFpage(get(0x200000, 11)));
    EXPECT(L4_IsNilFpage(L4_Sigma0_GetAny(L4_nilthread, 50, L4_CompleteAddressSpace)));
    return PASS;
}

static void ask_for_shared(void)
{
    shared[1] = L4_Sigma0_GetPage(L4_nilthread, L4_FpageLog2(shared[0], 12)).raw;
}

/* Owners are threads, even within one space. */
CHECK_SPREAD(owners, "6.8", "memory belongs to a thread")
{
    L4_Word_t mine = get_memory(12);

    shared[0] = mine;
    shared[1] = 1;
    EXPECT(L4_IpcSucceeded(hear(spawn(ask_for_shared))));
    EXPECT_EQUAL(shared[1], 0);
    return PASS;
}

CHECK(shared_memory, "6.8", "shared memory is for all")
{
    const L4_Word_t screen = 0xb8000;

    EXPECT_EQUAL(L4_Address(get(screen, 12)), screen);
    shared[0] = screen;
    EXPECT(L4_IpcSucceeded(hear(spawn(ask_for_shared))));
    EXPECT_EQUAL(shared[1] & ~0xffful, screen);
    return PASS;
}

CHECK(device_memory, "6.8", "device memory by its address")
{
    EXPECT_EQUAL(L4_Address(get(0xfee00000, 12)), 0xfee00000);
    return PASS;
}

CHECK(window_missing, "6.8", "a client without a window")
{
    L4_Accept(L4_UntypedWordsAcceptor);
    L4_LoadMR(1, L4_FpageLog2(~0ul, 12).raw);
    L4_LoadMR(2, 0);
    L4_Set_MsgTag(L4_MakeTag(L4_LABEL_SIGMA0, 2, 0));
    EXPECT(L4_IpcFailed(L4_Call(L4_Sigma0Id())));
    EXPECT_EQUAL(L4_IPC_ERROR(L4_ErrorCode()), L4_IPC_OVERFLOW);
    EXPECT(get_memory(12)); /* sigma0 minds no client's failure */
    return PASS;
}

CHECK(unanswered, "6.8", "no answer to nonsense")
{
    static const L4_Word_t tags[][3] = {
        {0x123, 2, 0}, {L4_LABEL_SIGMA0, 1, 0}, {L4_LABEL_SIGMA0, 4, 0}, {L4_LABEL_SIGMA0, 0, 2}};

    for (unsigned i = 0; i < 4; i++) {
        L4_LoadMR(1, L4_FpageLog2(~0ul, 12).raw);
        L4_LoadMR(2, 0);
        L4_Set_MsgTag(L4_MakeTag(tags[i][0], tags[i][1], tags[i][2]));
        EXPECT(L4_IpcFailed(L4_Call_Timeouts(L4_Sigma0Id(), SOON, L4_TimePeriod(20000))));
    }
    return PASS;
}

CHECK_ALMOND(ports, "6.8", "IO ports")
{
    L4_Fpage_t f = L4_Sigma0_GetPage(L4_nilthread, L4_IoFpageLog2(0x2f8, 3));

    EXPECT(L4_IsIoFpage(f));
    EXPECT_EQUAL(L4_IoFpagePort(f), 0x2f8);
    EXPECT_EQUAL(L4_IoFpageSizeLog2(f), 3);
    do_in(0x2ff, 0);
    shared[0] = L4_IoFpageLog2(0x2f8, 3).raw;
    return PASS;
}

static void ask_for_port(void)
{
    shared[1] = L4_Sigma0_GetPage(L4_nilthread, L4_IoFpageLog2(shared[0], 0)).raw;
}

CHECK_ALMOND(port_owners, "6.8", "IO ports belong to a thread")
{
    do_in(0x2f8, 0);
    shared[0] = 0x2f8;
    shared[1] = 1;
    EXPECT(L4_IpcSucceeded(hear(spawn(ask_for_port))));
    EXPECT_EQUAL(shared[1], 0);
    shared[0] = 0x2e8;
    EXPECT(L4_IpcSucceeded(hear(spawn(ask_for_port))));
    EXPECT(shared[1] != 0);
    return PASS;
}

/* A page fault of the root task gets ordinary memory. */
CHECK(by_fault, "6.8", "page faults")
{
    L4_Word_t mine = get_memory(12);

    L4_Flush(page(mine, 12, L4_FullyAccessible));
    *(volatile L4_Word_t *)mine = 5;
    EXPECT_EQUAL(*(volatile L4_Word_t *)mine, 5);
    return PASS;
}
