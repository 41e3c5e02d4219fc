/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel interface page and what the boot loader left. */
#include <l4/bootinfo.h>
#include "x2.h"

/* Registers other than the four results, and the carry flag, must survive the trap. */
CHECK(discovery, "2.1", "lock nop finds the KIP and keeps registers")
{
    L4_Word_t base, version, flags, id;

    EXPECT(find_kernel(&base, &version, &flags, &id));
    EXPECT_EQUAL(base, L4_Kip());
    EXPECT_EQUAL(version, L4_Kip()->api_version);
    EXPECT_EQUAL(flags, L4_Kip()->api_flags);
    EXPECT_EQUAL(id, L4_KernelId());
    return PASS;
}

CHECK(header, "2.2", "magic, version, word size")
{
    const struct l4_kip *kip = L4_Kip();

    EXPECT_EQUAL(kip->magic, L4_KIP_MAGIC);
    EXPECT_EQUAL(kip->api_version >> 24, 0x84);
    EXPECT_EQUAL(kip->api_flags & 0xf, L4_WORD_BITS == 64 ? 4 : 0);
    return PASS;
}

CHECK(areas, "2.7", "sizes of UTCB and KIP areas")
{
    const void *kip = L4_Kip();

    EXPECT(L4_KipAreaSizeLog2(kip) >= 12);
    EXPECT(L4_UtcbAreaSizeLog2(kip) >= 12);
    EXPECT(L4_UtcbSize(kip) >= 128 * sizeof(L4_Word_t));
    EXPECT_EQUAL(L4_UtcbSize(kip) & ((1ul << L4_UtcbAlignmentLog2(kip)) - 1), 0);
    return PASS;
}

CHECK(thread_info, "2.9", "thread number bases; the root task's id")
{
    const void *kip = L4_Kip();

    EXPECT(L4_ThreadIdBits(kip) >= 10);
    EXPECT(L4_ThreadIdSystemBase(kip) >= 16);
    EXPECT(L4_ThreadIdUserBase(kip) > L4_ThreadIdSystemBase(kip));
    EXPECT_EQUAL(L4_ThreadNo(me), L4_ThreadIdUserBase(kip) + 2);
    EXPECT_EQUAL(L4_Version(me), 1);
    return PASS;
}

CHECK(page_info, "2.8", "page sizes and rights")
{
    EXPECT(L4_PageSizeMask(L4_Kip()) & 0x1000);
    EXPECT(L4_PageSizeMask(L4_Kip()) & 1ul << LARGE_LOG2);
    EXPECT_EQUAL(L4_PageRights(L4_Kip()) & 6, 6);
    return PASS;
}

CHECK(processors, "2.4", "processor descriptors")
{
    EXPECT(L4_NumProcessors(L4_Kip()) >= 1);
    EXPECT(L4_ProcDesc(L4_Kip(), 0) != NULL);
    EXPECT(L4_ProcDescInternalFreq(L4_ProcDesc(L4_Kip(), 0)) > 1000);
    EXPECT(L4_ProcDesc(L4_Kip(), L4_NumProcessors(L4_Kip())) == NULL);
    return PASS;
}

CHECK(kernel_descriptor, "2.5", "kernel descriptor and feature strings")
{
    L4_Word_t year, month, day;

    L4_KernelGenDate(L4_Kip(), &year, &month, &day);
    EXPECT(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    EXPECT(strlen(L4_KernelVersionString(L4_Kip())) > 0);
    EXPECT(!L4_HasFeature("no such feature"));
    return PASS;
}

CHECK(links, "2.3", "all system calls have links")
{
    const struct l4_kip *kip = L4_Kip();
    const L4_Word_t *link = &kip->space_control;

    for (int i = 0; i < 11; i++)
        EXPECT(link[i] != 0);
    return PASS;
}

/* The last descriptor that covers an address decides. */
static L4_Word_t memory_type(L4_Word_t address, bool virtual)
{
    L4_Word_t type = L4_UndefinedMemoryType;
    const L4_MemoryDesc_t *m;

    for (L4_Word_t n = 0; (m = L4_MemoryDesc(L4_Kip(), n)); n++)
        if ((L4_IsMemoryDescVirtual(m) != 0) == virtual && L4_MemoryDescLow(m) <= address &&
            address <= L4_MemoryDescHigh(m))
            type = L4_MemoryDescType(m);
    return type;
}

CHECK(memory_descriptors, "2.6", "memory descriptors")
{
    EXPECT(L4_NumMemoryDescriptors(L4_Kip()) > 0);
    EXPECT(L4_MemoryDesc(L4_Kip(), L4_NumMemoryDescriptors(L4_Kip())) == NULL);
    EXPECT_EQUAL(memory_type((L4_Word_t)shared, false), L4_BOOT_MEMORY_SERVERS);
    EXPECT_EQUAL(memory_type((L4_Word_t)shared, true), L4_ConventionalMemoryType);
    EXPECT_EQUAL(memory_type(0xb8000, false), L4_SharedMemoryType);
    return PASS;
}

CHECK(servers, "2.2", "server descriptors")
{
    const struct l4_kip *kip = L4_Kip();
    L4_Word_t here = (L4_Word_t)servers;

    EXPECT(kip->sigma0.low < kip->sigma0.high);
    EXPECT(kip->sigma0.low <= kip->sigma0.ip && kip->sigma0.ip < kip->sigma0.high);
    EXPECT(kip->root_server.low <= here && here < kip->root_server.high);
    return PASS;
}

CHECK(boot_info, "7.2", "boot info names the root task")
{
    L4_Word_t at = L4_BootInfo(L4_Kip()), execs = 0;
    L4_Fpage_t f = L4_Sigma0_GetPage(L4_nilthread, L4_FpageLog2(at, 12));
    const L4_BootRec_t *r;

    EXPECT(!L4_IsNilFpage(f));
    EXPECT(L4_BootInfo_Valid((void *)at));
    EXPECT(L4_BootInfo_Entries((void *)at) >= 2);
    EXPECT(L4_BootInfo_Size((void *)at) < 0x10000);
    r = L4_BootInfo_FirstEntry((void *)at);
    for (L4_Word_t n = 0; n < L4_BootInfo_Entries((void *)at); n++, r = L4_BootRec_Next(r)) {
        EXPECT((L4_Word_t)r < at + L4_BootInfo_Size((void *)at));
        if (L4_BootRec_Type(r) != L4_BootInfo_SimpleExec || ++execs != 2)
            continue;
        EXPECT_EQUAL(L4_SimpleExec_InitialIP(r), L4_Kip()->root_server.ip);
        EXPECT(strstr(L4_SimpleExec_Cmdline(r), "x2test") != NULL);
    }
    EXPECT(execs >= 2);
    return PASS;
}
