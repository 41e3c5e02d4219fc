/* SPDX-License-Identifier: BSD-2-Clause */
/* Permission bitmaps, the same for all vCPUs: a set bit is an intercept. */
#include "arch/msr.h"
#include "svm.h"

/* MSRs that VMLOAD and VMSAVE switch: the guest has its own and may do as it likes. */
static const u32 passed[] = {
    MSR_SYSENTER_CS, MSR_SYSENTER_ESP, MSR_SYSENTER_EIP, MSR_STAR,    MSR_LSTAR,
    MSR_CSTAR,       MSR_SFMASK,       MSR_FS_BASE,      MSR_GS_BASE, MSR_KERNEL_GS_BASE,
};

#define MSR_ORDER 1 /* 8 KiB: 2 bits each for 0-1fff, c0000000-c0001fff, c0010000-c0011fff */
#define IO_ORDER  2 /* 12 KiB: one bit for each port, and three for accesses across the end */

static INIT u8 *all_set(unsigned order)
{
    u8 *p = kmem_pages(&accounts[0], order);

    if (p)
        memset(p, 0xff, PAGE_SIZE << order);
    return p;
}

INIT bool svm_bitmaps_init(void)
{
    u8 *msr = all_set(MSR_ORDER), *io = all_set(IO_ORDER);

    if (!msr || !io)
        return false;
    for (unsigned i = 0; i < ARRAY_SIZE(passed); i++) {
        u32 n = passed[i] & 0x1fff, area = passed[i] >> 31 ? 0x800 : 0;

        msr[area + n / 4] &= (u8) ~(3u << n % 4 * 2);
    }
    svm.msrpm_pa = virt_to_phys(msr).v;
    svm.iopm_pa = virt_to_phys(io).v;
    return true;
}
