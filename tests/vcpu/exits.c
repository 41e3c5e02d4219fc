/* SPDX-License-Identifier: BSD-2-Clause */
/* Each reason for an exit, and what comes with it. */
#include "vm.h"

#include <string.h>

GUEST(cpuid);
GUEST(io);
GUEST(hlt);
GUEST(misc);
GUEST(ud);
GUEST(npf);
GUEST(msrs);
GUEST(segments);
GUEST(svm);
GUEST(cr8);
GUEST(tsc);
GUEST(xsetbv);
GUEST(monitor);

static bool cpuid(void)
{
    LOAD_REAL(cpuid);
    for (unsigned i = 0; i < 16; i++)
        if (i != L4_RSP)
            vs->gpr[i] = 0x1111ull * i;
    CHECK(vm_expect(L4_EXIT_CPUID));
    CHECK(vs->rip == CODE && vs->exit_len == 2 && vs->valid & L4_VCPU_G_GPR);
    for (unsigned i = 0; i < 16; i++)
        CHECK(vs->gpr[i] == (i == L4_RSP ? STACK : 0x1111ull * i));
    vs->rip += vs->exit_len;
    CHECK(vm_expect(L4_EXIT_CPUID));
    for (unsigned i = 0; i < 16; i++)
        CHECK(vs->gpr[i] == (i == L4_RSP ? STACK : 0x1111ull * i + (i < 8)));
    return true;
}

static bool cpuid_ctrl(void)
{
    LOAD_REAL(cpuid);
    vs->gpr[L4_RAX] = 1;
    vs->cr4 = 0x200;
    CHECK(vm_expect(L4_EXIT_CPUID));
    CHECK(vs->valid & L4_VCPU_G_CTRL && vs->cr4 == 0x200);
    vs->gpr[L4_RAX] = 2;
    CHECK(vm_expect(L4_EXIT_CPUID));
    CHECK(!(vs->valid & L4_VCPU_G_CTRL));
    return true;
}

static bool io(void)
{
    uint64_t q;

    LOAD_REAL(io);
    vs->gpr[L4_RAX] = 0xab;
    CHECK(vm_expect_out(0x80, 0xab));
    CHECK(vs->qual[1] == vs->rip && vs->exit_len == 2);
    CHECK(vm_expect(L4_EXIT_IO));
    q = vs->qual[0];
    CHECK(L4_IO_PORT(q) == 0x40 && L4_IO_SIZE(q) == 2 && q & L4_IO_IN && !(q & L4_IO_STRING));
    vs->rip = vs->qual[1];
    CHECK(vm_expect_skip(L4_EXIT_IO));
    q = vs->qual[0];
    CHECK(L4_IO_PORT(q) == 0x1234 && L4_IO_SIZE(q) == 4 && !(q & L4_IO_IN));
    CHECK(vm_expect_skip(L4_EXIT_IO));
    CHECK(vs->qual[0] & L4_IO_IN && vs->qual[0] & L4_IO_STRING && vs->qual[0] & L4_IO_REP);
    CHECK(vm_expect_skip(L4_EXIT_IO));
    q = vs->qual[0];
    CHECK(!(q & L4_IO_IN) && q & L4_IO_STRING && !(q & L4_IO_REP) && L4_IO_SIZE(q) == 1);
    return true;
}

static bool hlt(void)
{
    LOAD_REAL(hlt);
    CHECK(vm_expect(L4_EXIT_HLT));
    CHECK(vs->rip == CODE + 1 && vs->exit_len == 1 && vs->rflags & 0x200 && vs->intr_shadow == 1);
    vs->rip += vs->exit_len;
    CHECK(vm_expect(L4_EXIT_HLT));
    CHECK(vs->rip == CODE + 3 && !(vs->rflags & 0x200) && vs->intr_shadow == 0);
    return true;
}

static bool misc(void)
{
    LOAD_REAL(misc);
    vs->intercept = L4_VCPU_I_PAUSE | L4_VCPU_I_RDTSC;
    CHECK(vm_expect_skip(L4_EXIT_RDPMC));
    CHECK(vm_expect_skip(L4_EXIT_WBINVD));
    CHECK(vm_expect_skip(L4_EXIT_WBINVD));
    if (L4_VcpuRun() == L4_EXIT_PAUSE) /* a pause filter lets one pass */
        vs->rip += vs->exit_len;
    CHECK(vs->exit == L4_EXIT_PAUSE || vs->exit == L4_EXIT_RDTSC);
    CHECK(vm_expect_skip(L4_EXIT_RDTSC));
    CHECK(vm_expect_skip(L4_EXIT_VMMCALL));
    return true;
}

static uint32_t cpuid_1_ecx(void)
{
    uint32_t a = 1, b, c = 0, d;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return c;
}

static bool monitor(void)
{
    if (!(cpuid_1_ecx() & 1u << 3))
        return true;
    LOAD_LONG(monitor);
    CHECK(vm_expect_skip(L4_EXIT_MWAIT));
    CHECK(vs->qual[0] == 0);
    CHECK(vm_expect_skip(L4_EXIT_MWAIT));
    CHECK(vs->qual[0] == 1);
    return true;
}

static bool exception(void)
{
    LOAD_REAL(ud);
    vs->exceptions = 1u << 6;
    CHECK(vm_expect(L4_EXIT_EXCEPTION));
    CHECK(vs->qual[0] == 6 && vs->rip == CODE);
    CHECK((vs->valid & L4_VCPU_G_ALL) == L4_VCPU_G_ALL);
    return true;
}

static bool nested_fault(void)
{
    LOAD_REAL(npf);
    vm_unmap(DATA, 12);
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(vs->qual[0] == DATA && vs->qual[1] & L4_NPF_WRITE && vs->qual[1] & L4_NPF_FINAL);
    CHECK(vs->rip == CODE + 3 && vs->seg[L4_SEG_CS].limit == 0xffff);
    CHECK(vm_map(DATA, 12));
    CHECK(vm_expect_out(0x80, 0x5a));
    CHECK(ram[DATA] == 0x5a);
    vm_unmap(DATA, 12); /* the processor may have it in its TLB */
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(!(vs->qual[1] & L4_NPF_WRITE));
    CHECK(vm_map(DATA, 12));
    ram[DATA] = 0xa5;
    CHECK(vm_expect_out(0x80, 0xa5));
    return true;
}

static bool read_only(void)
{
    L4_Fpage_t page = L4_FpageLog2((L4_Word_t)&ram[DATA], 12);

    LOAD_REAL(npf);
    vm_unmap(DATA, 12);
    CHECK(L4_VcpuMap(L4_FpageAddRights(page, L4_Readable), DATA));
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(vs->qual[0] == DATA && vs->qual[1] & L4_NPF_WRITE && vs->qual[1] & L4_NPF_PRESENT);
    CHECK(vm_map(DATA, 12));
    CHECK(vm_expect_out(0x80, 0x5a));
    return true;
}

static bool no_execute(void)
{
    L4_Fpage_t page = L4_FpageLog2((L4_Word_t)&ram[CODE], 12);

    LOAD_REAL(npf);
    vm_unmap(CODE, 12);
    CHECK(L4_VcpuMap(L4_FpageAddRights(page, L4_ReadWriteOnly), CODE));
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(vs->qual[0] >> 12 == CODE >> 12 && vs->qual[1] & L4_NPF_FETCH);
    CHECK(vm_map(CODE, 12));
    CHECK(vm_expect_out(0x80, 0x5a));
    return true;
}

static bool table_walk(void)
{
    LOAD_LONG(tsc);
    vm_unmap(0x3000, 12);
    CHECK(vm_expect(L4_EXIT_NPF));
    CHECK(vs->qual[0] >> 12 == 3 && vs->qual[1] & L4_NPF_TABLE && !(vs->qual[1] & L4_NPF_FINAL));
    CHECK(vm_map(0x3000, 12));
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool msrs(void)
{
    LOAD_LONG(msrs);
    CHECK(vm_expect_out(0x80, 0)); /* KernelGS and swapgs without an exit */
    CHECK((uint32_t)vs->gpr[L4_RAX] == 0x5000);
    CHECK(vm_expect_skip(L4_EXIT_MSR));
    CHECK((uint32_t)vs->gpr[L4_RCX] == 0xc0000080 && vs->qual[0] == 0);
    CHECK((vs->valid & L4_VCPU_G_ALL) == L4_VCPU_G_ALL && vs->lstar == 0x12345678);
    CHECK(vs->efer == 0xd01); /* without SVME */
    CHECK(vs->seg[L4_SEG_GS].base == 0x5000);
    CHECK(vm_expect_skip(L4_EXIT_MSR));
    CHECK((uint32_t)vs->gpr[L4_RCX] == 0x1b && vs->qual[0] == 1);
    CHECK(vm_expect_skip(L4_EXIT_MSR));
    CHECK(vs->qual[0] == 0);
    return true;
}

static bool segments(void)
{
    LOAD_LONG(segments);
    vs->seg[L4_SEG_TR].selector = 0x18;
    vs->seg[L4_SEG_TR].base = 0x123000;
    vs->seg[L4_SEG_LDTR].base = 0x321000;
    CHECK(vm_expect_skip(L4_EXIT_HLT));
    CHECK(!(vs->valid & L4_VCPU_G_SEG));
    vs->flags = L4_VCPU_SYNC;
    CHECK(vm_expect(L4_EXIT_SYNC));
    CHECK((vs->valid & L4_VCPU_G_ALL) == L4_VCPU_G_ALL && vs->flags == 0);
    CHECK(vs->seg[L4_SEG_FS].base == 0x100007777 && vs->seg[L4_SEG_FS].selector == 0x10);
    CHECK(vs->seg[L4_SEG_TR].base == 0x123000 && vs->seg[L4_SEG_LDTR].base == 0x321000);
    CHECK(vs->seg[L4_SEG_GDTR].base == GDT && vs->seg[L4_SEG_CS].attr == 0xa9b);
    CHECK(vm_expect_skip(L4_EXIT_HLT));
    CHECK((uint32_t)vs->gpr[L4_RAX] == 0x7777 && (uint32_t)vs->gpr[L4_RDX] == 1);
    return true;
}

static bool svm_instructions(void)
{
    LOAD_LONG(svm);
    for (unsigned i = 0; i < 6; i++) {
        CHECK(vm_expect_skip(L4_EXIT_VIRT_INSN));
        CHECK(vs->rip == CODE + 2 + 3 * (i + 1));
    }
    return true;
}

static bool cr8(void)
{
    LOAD_LONG(cr8);
    CHECK(vm_expect_out(0x80, 5));
    vs->flags = L4_VCPU_SYNC;
    CHECK(vm_expect(L4_EXIT_SYNC));
    CHECK(vs->cr8 == 5);
    vs->cr8 = 9;
    vs->dirty = L4_VCPU_G_CTRL;
    CHECK(vm_expect_out(0x80, 9));
    return true;
}

static bool invalid_state(void)
{
    LOAD_REAL(hlt);
    vs->cr0 = 0x20000010; /* NW without CD */
    CHECK(vm_expect(L4_EXIT_INVALID));
    CHECK(vs->cr0 == 0x20000010 && vs->rip == CODE && !(vs->valid & L4_VCPU_G_SEG));
    LOAD_REAL(hlt);
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

static bool tsc_offset(void)
{
    uint64_t before, after;

    LOAD_LONG(tsc);
    vs->tsc_offset = 1ull << 50;
    before = rdtsc();
    CHECK(vm_expect(L4_EXIT_HLT));
    after = rdtsc();
    CHECK(vs->gpr[L4_RAX] - vs->tsc_offset >= before && vs->gpr[L4_RAX] - vs->tsc_offset <= after);
    return true;
}

static bool xsetbv(void)
{
    if (!(cpuid_1_ecx() & 1u << 26) || L4_Almond()->quirks & L4_ALMOND_Q_NO_XSETBV_EXIT)
        return true;
    LOAD_LONG(xsetbv);
    CHECK(vm_expect_skip(L4_EXIT_XSETBV));
    CHECK((uint32_t)vs->gpr[L4_RAX] == 1 && vs->xcr0 == 1);
    CHECK(vm_expect(L4_EXIT_HLT));
    return true;
}

const struct test exit_tests[] = {
    {"CPUID, and registers go in and out", cpuid},
    {"CPUID leaf 1 comes with the control registers", cpuid_ctrl},
    {"IO: sizes, directions, strings", io},
    {"HLT, with and without the shadow of STI", hlt},
    {"RDPMC, WBINVD, INVD, PAUSE, RDTSC, VMMCALL", misc},
    {"MONITOR and MWAIT", monitor},
    {"an exception that the VMM wants", exception},
    {"nested page faults, map, unmap", nested_fault},
    {"read-only memory", read_only},
    {"memory without execute permission", no_execute},
    {"a nested fault in the guest's page tables", table_walk},
    {"MSRs of its own and others", msrs},
    {"segments and the SYNC flag", segments},
    {"SVM instructions", svm_instructions},
    {"CR8 is the guest's own", cr8},
    {"state that the processor refuses", invalid_state},
    {"TSC offset", tsc_offset},
    {"XSETBV", xsetbv},
    {NULL, NULL},
};
