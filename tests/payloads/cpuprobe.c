/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions by which a guest could reach its host, each with the outcomes that keep it in:
 * a fault, or an effect on the guest alone.  On bare QEMU only "cpuprobe: ok" is not to be
 * expected: a machine does have its host's registers.
 */
#include "payload.h"

enum { DB = 1, UD = 6, GP = 13 };
enum {
    EFER = 0xc0000080,
    EFER_SVME = 1 << 12,
    VM_CR = 0xc0010114,
    VM_HSAVE_PA = 0xc0010117,
    SMM_BASE = 0xc0010111,
    HWCR = 0xc0010015,
    MSR_TSC = 0x10,
    MSR_DEBUGCTL = 0x1d9
};

static unsigned leaks;

/* A trap number, or -1 for none, must be one of the two. */
static void expect(const char *what, int first, int second)
{
    bool good = trap_vector == first || trap_vector == second;

    print("probe %s: %d%s\n", what, trap_vector, good ? "" : " LEAK");
    leaks += !good;
}

static void expect_true(const char *what, bool good)
{
    print("probe %s: %s\n", what, good ? "contained" : "LEAK");
    leaks += !good;
}

#define TRY(...)                                                                                   \
    do {                                                                                           \
        trap_vector = -1;                                                                          \
        __asm__ volatile(__VA_ARGS__);                                                             \
    } while (0)

static uint64_t read_msr(uint32_t msr)
{
    uint32_t low, high;

    TRY(GUARDED("rdmsr") : "=a"(low), "=d"(high) : "c"(msr), "0"(0), "1"(0));
    return (uint64_t)high << 32 | low;
}

static void write_msr(uint32_t msr, uint64_t value)
{
    TRY(GUARDED("wrmsr") : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static void probe_svm(void)
{
    uint64_t page = (uintptr_t)image_start;

    TRY(GUARDED("vmrun %%rax") : : "a"(page) : "memory");
    expect("VMRUN", UD, GP);
    TRY(GUARDED("vmload %%rax") : : "a"(page) : "memory");
    expect("VMLOAD", UD, GP);
    TRY(GUARDED("vmsave %%rax") : : "a"(page) : "memory");
    expect("VMSAVE", UD, GP);
    TRY(GUARDED("stgi"));
    expect("STGI", UD, GP);
    TRY(GUARDED("clgi"));
    expect("CLGI", UD, GP);
    TRY(GUARDED("invlpga %%rax, %%ecx") : : "a"(page), "c"(0));
    expect("INVLPGA", UD, GP);
    TRY(GUARDED("skinit %%eax") : : "a"(0));
    expect("SKINIT", UD, GP);
    TRY(GUARDED("vmmcall") : : "a"(~0ul) : "memory");
    expect("VMMCALL", UD, -1);
    TRY(GUARDED("vmcall") : : "a"(~0ul) : "memory");
    expect("VMCALL", UD, -1);
}

static void probe_msrs(void)
{
    uint64_t efer = read_msr(EFER);

    write_msr(EFER, efer | EFER_SVME);
    expect_true("EFER.SVME set", trap_vector == GP || !(read_msr(EFER) & EFER_SVME));
    write_msr(EFER, efer & ~(uint64_t)EFER_SVME);
    expect("EFER.SVME clear", -1, -1);
    write_msr(VM_HSAVE_PA, (uintptr_t)image_start);
    expect_true("VM_HSAVE_PA", trap_vector == GP || read_msr(VM_HSAVE_PA) == 0);
    write_msr(SMM_BASE, 0x30000);
    expect("SMM_BASE", GP, -1);
    write_msr(HWCR, read_msr(HWCR));
    expect("HWCR", GP, -1);
    read_msr(0x12345678);
    expect("unknown MSR", GP, GP);
    write_msr(0x12345678, 1);
    expect("unknown MSR write", GP, GP);
    uint64_t before = rdtsc();
    write_msr(MSR_TSC, 0);
    expect("TSC write", GP, -1);
    print("probe TSC: moved by %ld\n", (int64_t)(rdtsc() - before));
}

static void probe_registers(void)
{
    uint64_t value = 0;

    TRY(GUARDED("mov %0, %%cr8") : : "r"(5ul));
    expect("CR8 write", -1, -1);
    TRY(GUARDED("mov %%cr8, %0") : "+r"(value));
    expect_true("CR8 is the guest's own", value == 5);
    TRY(GUARDED("mov %0, %%cr8") : : "r"(0ul));
    TRY(GUARDED("xsetbv") : : "a"(1), "d"(0), "c"(0));
    expect("XSETBV", UD, -1);
    TRY(GUARDED("xsetbv") : : "a"(0), "d"(0), "c"(0));
    expect("XSETBV nonsense", UD, GP);
    TRY(GUARDED("mov %0, %%dr0") : : "r"((uintptr_t)image_start));
    TRY(GUARDED("mov %%dr0, %0") : "+r"(value));
    expect_true("DR0", value == (uintptr_t)image_start);
    TRY(GUARDED("mov %0, %%dr7") : : "r"(0x400ul));
    expect("DR7", -1, -1);
    TRY(GUARDED("rdpmc") : : "c"(0) : "eax", "edx");
    expect_true("RDPMC", trap_vector != -1 || read_msr(0xc0010004) == 0);
    TRY(GUARDED("wbinvd") : : : "memory");
    expect("WBINVD", -1, -1);
    TRY(GUARDED("invd") : : : "memory");
    expect("INVD", -1, GP);
    TRY(GUARDED("monitor") : : "a"(image_start), "c"(0), "d"(0));
    expect("MONITOR", UD, -1);
    TRY(GUARDED("rsm"));
    expect("RSM", UD, UD);
}

static void probe_ports(void)
{
    out8(0xb2, 0);
    expect_true("SMI port", true);
    out8(0x70, 0x8f);
    out8(0x71, 0);
    out8(0x21, 0xff);
    out8(0xa1, 0xff);
    out8(0x43, 0x34);
    expect_true("PIC, PIT and CMOS ports", true);
}

void payload_main(void)
{
    print("cpuprobe: begins\n");
    probe_svm();
    probe_msrs();
    probe_registers();
    probe_ports();
    print("cpuprobe: %u leaks\n", leaks);
    if (!leaks)
        print("cpuprobe: ok\n");
}
