/* SPDX-License-Identifier: BSD-2-Clause */
/* What must not get from guest to host, or from one guest to another. */
#include "vm.h"

#include <l4/ipc.h>
#include <l4/schedule.h>
#include <l4/self.h>
#include <stdio.h>
#include <string.h>

GUEST(fpu);
GUEST(debug);
GUEST(hlt);
GUEST(spin);
GUEST(spin_cli);
GUEST(triple);
GUEST(xsetbv);

static uint64_t xmm0(void)
{
    uint64_t v;

    __asm__ volatile(".byte 0x66, 0x48, 0x0f, 0x7e, 0xc0" : "=a"(v)); /* movq %xmm0, %rax */
    return v;
}

static void set_xmm0(uint64_t v)
{
    __asm__ volatile(".byte 0x66, 0x48, 0x0f, 0x6e, 0xc0" : : "a"(v)); /* movq %rax, %xmm0 */
}

static bool fpu(void)
{
    set_xmm0(0x1111222233334444);
    LOAD_LONG(fpu);
    vs->gpr[L4_RAX] = 0x5555666677778888;
    CHECK(vm_expect_skip(L4_EXIT_HLT));
    CHECK(xmm0() == 0x1111222233334444);
    set_xmm0(1);
    CHECK(vm_expect_skip(L4_EXIT_HLT));
    CHECK(vs->gpr[L4_RAX] == 0x5555666677778888);
    CHECK(xmm0() == 1);
    vs->gpr[L4_RAX] = 0;
    CHECK(vm_expect_skip(L4_EXIT_HLT));
    CHECK(vs->gpr[L4_RAX] == 0x5555666677778888);
    return true;
}

static bool other_done;

/* Another vCPU in the meantime: with all debug and FPU registers its own. */
static void other_vcpu(void)
{
    struct l4_vcpu_state *s = (struct l4_vcpu_state *)STATE_2;

    *s = *vs;
    s->dirty = L4_VCPU_G_ALL;
    s->flags = 0;
    s->rip = CODE;
    other_done = L4_VcpuRun() == L4_EXIT_HLT; /* its own DR0 and DR3 are set */
    s->rip += s->exit_len;
    other_done &= L4_VcpuRun() == L4_EXIT_IO && (uint32_t)s->gpr[L4_RAX] == 0x123456;
    for (;;)
        L4_Sleep(L4_Never);
}

static bool debug_registers(void)
{
    uint64_t *code = (uint64_t *)&ram[CODE];
    L4_ThreadId_t t;

    LOAD_LONG(debug);
    CHECK(vm_expect_skip(L4_EXIT_HLT));
    vs->flags = L4_VCPU_SYNC;
    CHECK(vm_expect(L4_EXIT_SYNC));
    t = helper_create();
    CHECK(L4_VcpuControl(t, vm_space, (void *)STATE_2));
    helper_run(other_vcpu);
    CHECK(other_done && code[0]);
    helper_end();
    CHECK(vm_expect_skip(L4_EXIT_IO));
    CHECK((uint32_t)vs->gpr[L4_RAX] == 0x123456);
    CHECK(vm_expect_skip(L4_EXIT_IO));
    CHECK((uint32_t)vs->gpr[L4_RAX] == 0x654321);
    return true;
}

/* The kernel's own: system calls, UTCB pointer and clock work as before. */
static bool host_intact(void)
{
    L4_ThreadId_t me = L4_Myself();
    L4_Clock_t c = L4_SystemClock();

    L4_Sleep(L4_TimePeriod(1000));
    return L4_IsThreadEqual(me, L4_Myself()) && L4_SystemClock().raw > c.raw;
}

static bool system_registers(void)
{
    LOAD_LONG(hlt);
    vs->lstar = vs->cstar = 0xdeadbeef;
    vs->star = ~0ull;
    vs->sfmask = ~0ull;
    vs->kernel_gs_base = 0x1234;
    vs->seg[L4_SEG_GS].base = 0x4321;
    vs->seg[L4_SEG_FS].base = 0x4321;
    vs->seg[L4_SEG_TR].base = 0x4321;
    vs->sysenter_eip = 0x1;
    vs->tsc_aux = 77;
    vs->pat = 0;
    vs->dr7 = 0x4ff;
    for (unsigned i = 0; i < 10; i++) {
        vs->rip = CODE;
        CHECK(vm_expect(L4_EXIT_HLT));
        CHECK(host_intact());
    }
    return true;
}

static bool efer_and_xcr0(void)
{
    LOAD_LONG(xsetbv);
    vs->efer |= 0x1000;
    vs->xcr0 = 0xfffffffffffffffe; /* taken only if the processor would */
    L4_VcpuRun();
    vs->flags = L4_VCPU_SYNC;
    CHECK(vm_expect(L4_EXIT_SYNC));
    CHECK(!(vs->efer & 0x1000) && vs->xcr0 != 0xfffffffffffffffe);
    return true;
}

static bool interrupts_off(void)
{
    LOAD_REAL(spin_cli);
    vs->deadline = rdtsc() + L4_Almond()->tsc_khz;
    CHECK(vm_expect(L4_EXIT_TIMER));
    return true;
}

static bool triple_fault(void)
{
    LOAD_LONG(triple);
    CHECK(vm_expect(L4_EXIT_SHUTDOWN));
    return true;
}

static uint64_t seed = 12345;

static uint64_t random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

#define ROUNDS 1000

/* Nothing that a VMM writes into the state page, and nothing that a guest executes, harms the host. */
static bool noise(void)
{
    unsigned counts[L4_EXIT_COUNT] = {0};

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t *words = (uint64_t *)&vs->cr0;
        enum l4_vcpu_exit exit;

        if (i % 2)
            LOAD_LONG(spin);
        else
            LOAD_REAL(spin);
        for (uint32_t at = CODE; at < CODE + 256; at += 8)
            *(uint64_t *)&ram[at] = random();
        for (unsigned n = random() % 4; n > 0; n--)
            words[random() % 40] = random() >> random() % 64;
        vs->gpr[random() % 16] = random();
        vs->inject = i % 4 == 0 ? random() : 0;
        vs->flags = random() & 0x1a;
        vs->deadline = rdtsc() + L4_Almond()->tsc_khz / 2;
        exit = L4_VcpuRun();
        CHECK(exit != L4_EXIT_ERROR && exit < L4_EXIT_COUNT && exit == vs->exit);
        CHECK(exit != L4_EXIT_UNKNOWN);
        counts[exit]++;
    }
    printf("# exits:");
    for (unsigned i = 0; i < L4_EXIT_COUNT; i++)
        if (counts[i])
            printf(" %u:%u", i, counts[i]);
    printf("\n");
    return host_intact();
}

const struct test safety_tests[] = {
    {"FPU registers of VMM and guest", fpu},
    {"debug registers of two vCPUs", debug_registers},
    {"system registers are the host's again", system_registers},
    {"EFER.SVME and XCR0", efer_and_xcr0},
    /* The last ones, since Bochs 2.7 does not survive them: it masks the host's interrupts by the
     * guest's IF, and does not intercept shutdowns. */
    {"a guest that keeps interrupts off", interrupts_off},
    {"a triple fault", triple_fault},
    {"noise in the state page and as code", noise},
    {NULL, NULL},
};
