/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/vcpu/cpuid.c
// CFLAGS: -Ivmm -Ibuild/idl -Iidl/include -Ilib/l4/include -Itests/unit/vmm
/* What guests see of a processor that has everything, and of one that has little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vcpu/cpuid.h"
#include "vcpu/walk.h"

static struct cpuid_leaf everything(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid_leaf l = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    if (leaf == 0)
        l.eax = 0x20;
    if (leaf == 0x80000000)
        l.eax = 0x80000025;
    if (leaf == 0xd && subleaf == 2)
        l = (struct cpuid_leaf){256, 576, 0, 0};
    return l;
}

/* Like QEMU's qemu64. */
static struct cpuid_leaf little(uint32_t leaf, uint32_t subleaf)
{
    switch (leaf) {
    case 0:
        return (struct cpuid_leaf){0xd, 0x68747541, 0x444d4163, 0x69746e65};
    case 1:
        return (struct cpuid_leaf){0x60fb1, 0x00010800, 0x80002001, 0x178bfbff};
    case 0x80000000:
        return (struct cpuid_leaf){0x8000000a, 0x68747541, 0x444d4163, 0x69746e65};
    case 0x80000001:
        return (struct cpuid_leaf){0x60fb1, 0, 0x00000105, 0x2191abfd};
    case 0x80000008:
        return (struct cpuid_leaf){0x3028, 0, 0, 0};
    case 0x8000000a:
        return (struct cpuid_leaf){1, 16, 0, 0x10001};
    default:
        return (struct cpuid_leaf){0};
    }
}

static struct cpuid_table t;

static void make(cpuid_source *source, bool no_xsave, bool no_smap, uint32_t cpus)
{
    struct cpuid_config config = {
        .id = cpus - 1, .cpus = cpus, .no_xsave = no_xsave, .no_smap = no_smap, .kvm_features = 8};
    cpuid_init(&t, &config, source);
}

static struct cpuid_leaf get(uint32_t leaf, uint32_t subleaf)
{
    return cpuid_is_dynamic(leaf) ? cpuid_compute(&t, leaf, subleaf, CR4_OSXSAVE, 7)
                                  : *cpuid_find(&t, leaf);
}

static bool has(uint32_t word, unsigned bit)
{
    return word >> bit & 1;
}

enum { EAX, EBX, ECX, EDX };

struct feature {
    const char *name;
    uint32_t leaf;
    unsigned word, bit;
};

static bool has_feature(const struct feature *f)
{
    struct cpuid_leaf l = get(f->leaf, 0);
    const uint32_t words[] = {l.eax, l.ebx, l.ecx, l.edx};
    return has(words[f->word], f->bit);
}

static void what_must_be_hidden_is(void **state)
{
    static const struct feature hidden[] = {
        {"MONITOR", 1, ECX, 3},      {"VMX", 1, ECX, 5},          {"MCE", 1, EDX, 7},
        {"MCA", 1, EDX, 14},         {"SVM", 0x80000001, ECX, 2}, {"IBS", 0x80000001, ECX, 10},
        {"TSC_ADJUST", 7, EBX, 1},   {"AVX-512", 7, EBX, 16},     {"PKU", 7, ECX, 3},
        {"LA57", 7, ECX, 16},        {"SPEC_CTRL", 7, EDX, 26},   {"IBPB", 0x80000008, EBX, 12},
        {"NPT", 0x8000000a, EDX, 0}, {"SEV", 0x8000001f, EAX, 1}, {"counters", 0xa, EAX, 0},
        {"MWAIT", 5, EAX, 0},
    };
    make(everything, false, false, 1);
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (has_feature(&hidden[i]))
            fail_msg("%s", hidden[i].name);
    }
    assert_int_equal(get(7, 1).eax, 0);
}

static void what_the_board_has_is_shown(void **state)
{
    static const struct feature shown[] = {
        {"x2APIC", 1, ECX, 21},      {"TSC deadline", 1, ECX, 24},
        {"hypervisor", 1, ECX, 31},  {"APIC", 1, EDX, 9},
        {"ARAT", 6, EAX, 2},         {"invariant TSC", 0x80000007, EDX, 8},
        {"LM", 0x80000001, EDX, 29},
    };
    make(little, false, false, 1);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        if (!has_feature(&shown[i]))
            fail_msg("%s", shown[i].name);
    }
    assert_int_equal(get(0x80000000, 0).eax, 0x8000000a);
    assert_int_equal(get(0, 0).ebx, 0x68747541);
    struct cpuid_leaf kvm = get(0x40000000, 0);
    assert_memory_equal(&kvm.ebx, "KVMKVMKVM\0\0\0", 12);
    assert_int_equal(get(0x40000001, 0).eax, 8);
}

static void xsave(void **state)
{
    make(everything, false, false, 1);
    assert_int_equal(t.xcr0, 7);
    assert_true(has(get(1, 0).ecx, 26));
    assert_true(has(get(1, 0).ecx, 27)); /* OSXSAVE follows CR4 */
    assert_false(has(cpuid_compute(&t, 1, 0, 0, 1).ecx, 27));
    assert_int_equal(get(0xd, 0).eax, 7);
    assert_int_equal(get(0xd, 0).ebx, 832);
    assert_int_equal(cpuid_compute(&t, 0xd, 0, CR4_OSXSAVE, 3).ebx, 576);
    assert_int_equal(get(0xd, 0).ecx, 832);
    assert_int_equal(get(0xd, 9).eax, 0);
    make(everything, true, true, 1);
    assert_int_equal(t.xcr0, 0);
    assert_false(has(get(1, 0).ecx, 26));
    assert_false(has(get(1, 0).ecx, 27));
    assert_false(has(get(1, 0).ecx, 28)); /* AVX */
    assert_false(has(get(7, 0).ebx, 5));  /* AVX2 */
    assert_false(has(get(7, 0).ebx, 20)); /* SMAP */
    assert_int_equal(get(0xd, 0).eax, 0);
}

static void topology(void **state)
{
    make(little, false, false, 4);
    assert_int_equal(get(1, 0).ebx >> 24, 3);
    assert_int_equal(get(1, 0).ebx >> 16 & 0xff, 4);
    assert_int_equal(get(0xb, 0).ecx, 0x100);
    assert_int_equal(get(0xb, 1).eax, 2);
    assert_int_equal(get(0xb, 1).ebx, 4);
    assert_int_equal(get(0xb, 1).edx, 3);
    assert_int_equal(get(0xb, 2).ebx, 0);
    assert_int_equal(get(0x80000008, 0).ecx, 0x2003);
    assert_true(has(get(0x80000001, 0).ecx, 1)); /* cores, not threads */
    make(everything, false, false, 5);
    assert_int_equal(get(4, 0).eax >> 26, 7);
    assert_int_equal(get(4, 0).eax >> 14 & 0xfff, 0);
    assert_int_equal(get(0xb, 1).eax, 3);
    assert_int_equal(get(0x80000008, 0).ecx, 0x3004);
    assert_int_equal(get(0x8000001e, 0).eax, 4);
    assert_int_equal(get(0x8000001e, 0).ebx, 4);
    assert_false(has(get(0x80000001, 0).ecx, 1)); /* not AMD's */
    make(little, false, false, 1);
    assert_int_equal(get(0x80000008, 0).ecx, 0);
    assert_false(has(get(0x80000001, 0).ecx, 1));
}

static void any_leaf_has_an_answer(void **state)
{
    make(everything, false, false, 1);
    for (uint64_t leaf = 0; leaf <= UINT32_MAX; leaf += 0x10001 - leaf % 3)
        get((uint32_t)leaf, (uint32_t)leaf);
    for (unsigned i = 0; i < 0x100; i++) {
        get(i, i);
        get(0x80000000 + i, i);
        get(0x40000000 + i, UINT32_MAX);
        assert_int_equal(get(0x40000100 + i, 0).eax, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_must_be_hidden_is),
        cmocka_unit_test(what_the_board_has_is_shown),
        cmocka_unit_test(xsave),
        cmocka_unit_test(topology),
        cmocka_unit_test(any_leaf_has_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
