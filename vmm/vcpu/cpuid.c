/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/cpuid.h"

#include <string.h>

#include "devices/kvmclock.h"
#include "vcpu/walk.h"

#define BIT(n) (1u << (n))

/*
 * Features that need nothing of the VMM and the kernel but that guest state is
 * switched as it is: those may pass.  Whatever is not named here stays hidden;
 * among that SVM, VMX, MONITOR, MCE and MCA, performance counters, speculation
 * control (its MSRs are not switched), protection keys, AVX-512, shadow stacks.
 */
/* clang-format off */
#define KEEP_1_EDX /* FPU VME DE PSE TSC MSR PAE CX8 APIC SEP MTRR PGE CMOV PAT PSE36 CLFLUSH MMX  \
                      FXSR SSE SSE2 */                                                             \
    (BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(8) | BIT(9) | BIT(11) |    \
     BIT(12) | BIT(13) | BIT(15) | BIT(16) | BIT(17) | BIT(19) | BIT(23) | BIT(24) | BIT(25) |     \
     BIT(26))
#define KEEP_1_ECX /* SSE3 PCLMUL SSSE3 FMA CX16 PCID SSE4.1 SSE4.2 MOVBE POPCNT AES XSAVE AVX     \
                      F16C RDRAND */                                                               \
    (BIT(0) | BIT(1) | BIT(9) | BIT(12) | BIT(13) | BIT(17) | BIT(19) | BIT(20) | BIT(22) |        \
     BIT(23) | BIT(25) | BIT(26) | BIT(28) | BIT(29) | BIT(30))
#define ADD_1_EDX (BIT(9) | BIT(12)) /* APIC MTRR */
#define ADD_1_ECX (BIT(21) | BIT(24) | BIT(31)) /* x2APIC, TSC deadline, hypervisor */
#define ECX_XSAVE   BIT(26)
#define ECX_OSXSAVE BIT(27)
#define ECX_AVX_FAMILY (BIT(12) | BIT(28) | BIT(29))

#define KEEP_7_EBX /* FSGSBASE BMI1 AVX2 SMEP BMI2 ERMS INVPCID RDSEED ADX SMAP CLFLUSHOPT CLWB    \
                      SHA */                                                                       \
    (BIT(0) | BIT(3) | BIT(5) | BIT(7) | BIT(8) | BIT(9) | BIT(10) | BIT(18) | BIT(19) | BIT(20) | \
     BIT(23) | BIT(24) | BIT(29))
#define EBX_AVX2 BIT(5)
#define EBX_SMAP BIT(20)
#define KEEP_7_ECX (BIT(2) | BIT(8) | BIT(9) | BIT(10) | BIT(22)) /* UMIP GFNI VAES VPCLMUL RDPID */
#define ECX_VECTOR_AES (BIT(9) | BIT(10))
#define KEEP_7_EDX BIT(4) /* FSRM */

#define KEEP_EXT1_EDX /* the mirrored ones, SYSCALL NX MMXEXT FXSR_OPT PDPE1GB RDTSCP LM */        \
    ((KEEP_1_EDX & 0x0183f3ff) | BIT(11) | BIT(20) | BIT(22) | BIT(25) | BIT(26) | BIT(27) |       \
     BIT(29))
#define KEEP_EXT1_ECX /* LAHF ABM SSE4A MISALIGNSSE PREFETCHW */                                   \
    (BIT(0) | BIT(5) | BIT(6) | BIT(7) | BIT(8))
#define KEEP_EXT8_EBX (BIT(0) | BIT(2) | BIT(9)) /* CLZERO, XSAVEERPTR, WBNOINVD */
#define KEEP_EXT21_EAX (BIT(0) | BIT(2) | BIT(6)) /* facts about LFENCE, NULL selectors, ... */
/* clang-format on */
#define EXT1_CMP_LEGACY BIT(1)      /* AMD: what looks like threads are cores */
#define VENDOR_AMD      0x68747541u /* "Auth", the beginning of the name   */

#define EXT1_NX      BIT(20)
#define EXT1_FXSROPT BIT(25)

#define INVARIANT_TSC BIT(8)
#define ARAT          BIT(2) /* the APIC timer never stops */

#define XCR0_X87          1u
#define XCR0_SSE          2u
#define XCR0_AVX          4u
#define XSAVE_LEGACY_SIZE 576u

struct cpuid_leaf cpuid_host(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid_leaf l;
    __asm__ volatile("cpuid"
                     : "=a"(l.eax), "=b"(l.ebx), "=c"(l.ecx), "=d"(l.edx)
                     : "a"(leaf), "c"(subleaf));
    return l;
}

/* Bits of an APIC id that tell the cores apart: the topology is one thread a core, one package. */
static uint32_t core_bits(const struct cpuid_table *t)
{
    uint32_t bits = 0;
    while (1u << bits < t->cpus)
        bits++;
    return bits;
}

static bool xsave_usable(const struct cpuid_config *config, cpuid_source *host)
{
    return !config->no_xsave && host(0, 0).eax >= 0xd && (host(1, 0).ecx & ECX_XSAVE);
}

static void make_xstates(struct cpuid_table *t, cpuid_source *host)
{
    t->xcr0 = host(0xd, 0).eax & (XCR0_X87 | XCR0_SSE | XCR0_AVX);
    t->xstates[0].eax = (uint32_t)t->xcr0;
    t->xstates[1].eax = host(0xd, 1).eax & BIT(0); /* XSAVEOPT */
    if (t->xcr0 & XCR0_AVX)
        t->xstates[2] = host(0xd, 2);
    t->xstates[0].ecx = XSAVE_LEGACY_SIZE;
    if (t->xcr0 & XCR0_AVX)
        t->xstates[0].ecx = t->xstates[2].eax + t->xstates[2].ebx;
}

static void make_features(struct cpuid_table *t, const struct cpuid_config *config,
                          cpuid_source *host)
{
    struct cpuid_leaf *l = &t->basic[1];
    *l = host(1, 0);
    l->ebx = (l->ebx & 0xff00) | t->id << 24 | (t->cpus > 1 ? t->cpus << 16 : 0);
    l->edx = (l->edx & KEEP_1_EDX) | ADD_1_EDX | (t->cpus > 1 ? BIT(28) : 0);
    l->ecx = (l->ecx & KEEP_1_ECX) | ADD_1_ECX;
    if (t->xcr0 == 0)
        l->ecx &= ~ECX_XSAVE;
    if (!(t->xcr0 & XCR0_AVX))
        l->ecx &= ~ECX_AVX_FAMILY;

    l = &t->basic[7];
    *l = host(7, 0);
    l->eax = 0;
    l->ebx &= KEEP_7_EBX & ~(config->no_smap ? EBX_SMAP : 0);
    l->ecx &= KEEP_7_ECX;
    l->edx &= KEEP_7_EDX;
    if (!(t->xcr0 & XCR0_AVX)) {
        l->ebx &= ~EBX_AVX2;
        l->ecx &= ~ECX_VECTOR_AES;
    }
}

static void make_basic(struct cpuid_table *t, const struct cpuid_config *config, cpuid_source *host)
{
    struct cpuid_leaf l = host(0, 0);
    uint32_t max = l.eax;
    t->basic[0] = l;
    t->basic[0].eax = CPUID_BASIC - 1;
    if (max >= 2)
        t->basic[2] = host(2, 0);
    if (max >= 4) {
        for (uint32_t i = 0; i < CPUID_CACHES; i++) {
            t->caches[i] = host(4, i);
            t->caches[i].eax &= 0x3fff; /* shared by this processor alone */
            if (t->caches[i].eax & 0x1f)
                t->caches[i].eax |= ((1u << core_bits(t)) - 1) << 26;
        }
    }
    t->basic[6].eax = ARAT;
    if (xsave_usable(config, host))
        make_xstates(t, host);
    make_features(t, config, host);
}

static void make_extended(struct cpuid_table *t, cpuid_source *host)
{
    uint32_t max = host(0x80000000, 0).eax;
    struct cpuid_leaf *e = t->extended;
    if (max < 0x80000008 || max > 0x8000ffff)
        max = 0x80000008;
    if (max > 0x80000000 + CPUID_EXTENDED - 1)
        max = 0x80000000 + CPUID_EXTENDED - 1;
    for (uint32_t i = 0; i <= max - 0x80000000; i++) {
        if (i <= 6 || i == 8 || i == 0x19 || i == 0x21)
            e[i] = host(0x80000000 + i, 0);
    }
    e[0].eax = max;
    e[1].edx &= KEEP_EXT1_EDX;
    e[1].ecx &= KEEP_EXT1_ECX;
    if (t->cpus > 1 && t->basic[0].ebx == VENDOR_AMD)
        e[1].ecx |= EXT1_CMP_LEGACY;
    e[7] = (struct cpuid_leaf){.edx = INVARIANT_TSC};
    e[8].ebx &= KEEP_EXT8_EBX;
    e[8].ecx = core_bits(t) << 12 | (t->cpus - 1);
    e[8].edx = 0;
    if (max >= 0x8000001e) /* what belongs to TOPOEXT, which is hidden, says the same */
        e[0x1e] = (struct cpuid_leaf){.eax = t->id, .ebx = t->id};
    e[0x21] = (struct cpuid_leaf){.eax = e[0x21].eax & KEEP_EXT21_EAX};

    t->efer = EFER_SCE | EFER_LME | EFER_LMA;
    if (e[1].edx & EXT1_NX)
        t->efer |= EFER_NX;
    if (e[1].edx & EXT1_FXSROPT)
        t->efer |= EFER_FFXSR;
}

/* KVM's signature: Debian's kernels then use x2APIC without interrupt remapping,
 * take the TSC's frequency from us, and leave the PIT and port 0x80 alone. */
static void make_hyper(struct cpuid_table *t, uint32_t features)
{
    static const char signature[13] = "KVMKVMKVM\0\0\0";
    t->hyper[0].eax = 0x40000000 + CPUID_HYPER - 1;
    memcpy(&t->hyper[0].ebx, signature, 4);
    memcpy(&t->hyper[0].ecx, signature + 4, 4);
    memcpy(&t->hyper[0].edx, signature + 8, 4);
    t->hyper[1].eax = features;
}

void cpuid_init(struct cpuid_table *table, const struct cpuid_config *config, cpuid_source *host)
{
    *table = (struct cpuid_table){.id = config->id, .cpus = config->cpus};
    make_basic(table, config, host);
    make_extended(table, host);
    make_hyper(table, config->kvm_features);
}

/* The extended topology: one thread a core, `cpus` cores. */
static struct cpuid_leaf topology(const struct cpuid_table *t, uint32_t level)
{
    struct cpuid_leaf l = {.ecx = level, .edx = t->id};
    if (level == 0) {
        l.ebx = 1;
        l.ecx |= 1u << 8;
    } else if (level == 1) {
        l.eax = core_bits(t);
        l.ebx = t->cpus;
        l.ecx |= 2u << 8;
    }
    return l;
}

struct cpuid_leaf cpuid_compute(const struct cpuid_table *table, uint32_t leaf, uint32_t subleaf,
                                uint64_t cr4, uint64_t xcr0)
{
    struct cpuid_leaf l = {0};
    switch (leaf) {
    case 4:
        return subleaf < CPUID_CACHES ? table->caches[subleaf] : l;
    case 7:
        return subleaf == 0 ? table->basic[7] : l;
    case 0xb:
        return topology(table, subleaf);
    case 0xd:
        if (table->xcr0 == 0 || subleaf >= CPUID_XSTATES)
            return l;
        l = table->xstates[subleaf];
        if (subleaf == 0) /* the size that the enabled components need */
            l.ebx = xcr0 & XCR0_AVX ? l.ecx : XSAVE_LEGACY_SIZE;
        return l;
    default:
        l = *cpuid_find(table, leaf);
        if (leaf == 1 && table->xcr0 && (cr4 & CR4_OSXSAVE))
            l.ecx |= ECX_OSXSAVE;
        return l;
    }
}
