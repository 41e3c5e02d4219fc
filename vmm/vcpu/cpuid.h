/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest sees of the processor: a table made once from the host's
 * CPUID and a policy that names the features a guest may have.
 */
#ifndef VMM_VCPU_CPUID_H
#define VMM_VCPU_CPUID_H

#include <stdbool.h>
#include <stdint.h>

struct cpuid_leaf {
    uint32_t eax, ebx, ecx, edx;
};

typedef struct cpuid_leaf cpuid_source(uint32_t leaf, uint32_t subleaf);

#define CPUID_BASIC    0x0eu
#define CPUID_EXTENDED 0x22u
#define CPUID_HYPER    2u
#define CPUID_XSTATES  3u /* x87, SSE, AVX */
#define CPUID_CACHES   4u

struct cpuid_table {
    struct cpuid_leaf basic[CPUID_BASIC];
    struct cpuid_leaf extended[CPUID_EXTENDED];
    struct cpuid_leaf hyper[CPUID_HYPER];
    struct cpuid_leaf caches[CPUID_CACHES];   /* leaf 4's subleaves   */
    struct cpuid_leaf xstates[CPUID_XSTATES]; /* leaf 0xd's subleaves */
    uint64_t xcr0;                            /* what XCR0 may hold; 0: no XSAVE */
    uint64_t efer;                            /* what EFER may hold              */
    uint32_t id, cpus;
};

struct cpuid_config {
    uint32_t id, cpus; /* APIC id, processors of the VM        */
    bool no_xsave;     /* the host cannot intercept XSETBV     */
    bool no_smap;      /* SMAP is faulty there                 */
    uint32_t kvm_features;
};

void cpuid_init(struct cpuid_table *table, const struct cpuid_config *config, cpuid_source *host);

/* True where the answer depends on more than the leaf: take cpuid_compute() then. */
static inline bool cpuid_is_dynamic(uint32_t leaf)
{
    return leaf < CPUID_BASIC && (1u << leaf & 0x2892); /* 1, 4, 7, 0xb, 0xd */
}

/* The leaves that are not dynamic. */
static inline const struct cpuid_leaf *cpuid_find(const struct cpuid_table *table, uint32_t leaf)
{
    static const struct cpuid_leaf none;
    if (leaf < CPUID_BASIC)
        return &table->basic[leaf];
    if (leaf - 0x80000000u < CPUID_EXTENDED)
        return &table->extended[leaf - 0x80000000u];
    if (leaf - 0x40000000u < CPUID_HYPER)
        return &table->hyper[leaf - 0x40000000u];
    return &none;
}

struct cpuid_leaf cpuid_compute(const struct cpuid_table *table, uint32_t leaf, uint32_t subleaf,
                                uint64_t cr4, uint64_t xcr0);

/* The processor's own. */
struct cpuid_leaf cpuid_host(uint32_t leaf, uint32_t subleaf);

#endif
