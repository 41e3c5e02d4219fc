/* SPDX-License-Identifier: BSD-2-Clause */
#include "vm.h"

#include <l4/exregs.h>
#include <l4/schedule.h>
#include <l4/self.h>
#include <l4/sigma0.h>
#include <l4/space.h>
#include <stdio.h>
#include <string.h>

uint8_t ram[RAM_SIZE] __attribute__((aligned(RAM_SIZE)));
struct l4_vcpu_state *const vs = (struct l4_vcpu_state *)STATE;
L4_ThreadId_t vm_space;

static uint8_t helper_stack[4096] __attribute__((aligned(16)));
static L4_ThreadId_t helper;

static L4_ThreadId_t new_id(void)
{
    static L4_Word_t next = 100;

    return L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()) + next++, 1);
}

bool vm_create(void)
{
    L4_ThreadId_t me = L4_MyGlobalId();
    L4_Word_t old;

    memset(ram, 0, sizeof(ram));
    vm_space = new_id();
    if (!L4_ThreadControl(vm_space, vm_space, me, L4_nilthread, (void *)-1))
        return false;
    if (!L4_SpaceControl(vm_space, L4_SPACE_VM, L4_Nilpage, L4_Nilpage, L4_nilthread, &old))
        return false;
    return L4_VcpuControl(me, vm_space, (void *)STATE);
}

static L4_Fpage_t ram_page(uint32_t at, unsigned log2)
{
    return L4_FpageAddRights(L4_FpageLog2((L4_Word_t)&ram[at], (int)log2), L4_FullyAccessible);
}

bool vm_map(uint32_t at, unsigned log2)
{
    return L4_VcpuMap(ram_page(at, log2), at);
}

void vm_unmap(uint32_t at, unsigned log2)
{
    L4_UnmapFpage(ram_page(at, log2));
}

static void load(const uint8_t *code, const uint8_t *end)
{
    vm_unmap(0, 16);
    memset(ram, 0, sizeof(ram));
    memcpy(&ram[CODE], code, (size_t)(end - code));
    memset(vs->gpr, 0, sizeof(vs->gpr));
    memset(&vs->cr0, 0, (size_t)((char *)&vs->runs - (char *)&vs->cr0));
    vs->flags = 0;
    vs->deadline = ~UINT64_C(0);
    vs->inject = 0;
    vs->cr8 = 0;
    vs->rip = CODE;
    vs->gpr[L4_RSP] = STACK;
    vs->rflags = 2;
    vs->dr6 = 0xffff0ff0;
    vs->dr7 = 0x400;
    vs->xcr0 = 1;
    vs->pat = 0x0007040600070406;
    vs->dirty = L4_VCPU_G_ALL;
    if (!vm_map(0, 16))
        failed(__FILE__, __LINE__, "mapping the VM's memory");
}

static void segment(enum l4_vcpu_segno n, uint16_t selector, uint16_t attr, uint32_t limit)
{
    vs->seg[n] = (struct l4_vcpu_seg){selector, attr, limit, 0};
}

void vm_load_real(const uint8_t *code, const uint8_t *end)
{
    load(code, end);
    for (unsigned i = L4_SEG_ES; i <= L4_SEG_GS; i++)
        segment(i, 0, 0x93, 0xffff);
    segment(L4_SEG_CS, 0, 0x9b, 0xffff);
    segment(L4_SEG_LDTR, 0, 0x82, 0xffff);
    segment(L4_SEG_TR, 0, 0x8b, 0xffff);
    segment(L4_SEG_IDTR, 0, 0, 0x3ff);
    vs->cr0 = 0x10;
}

void vm_load_long(const uint8_t *code, const uint8_t *end)
{
    uint64_t *gdt = (uint64_t *)&ram[GDT];

    load(code, end);
    *(uint64_t *)&ram[0x2000] = 0x3007;
    *(uint64_t *)&ram[0x3000] = 0x4007;
    *(uint64_t *)&ram[0x4000] = 0x87; /* 2 MiB */
    gdt[1] = 0x00af9b000000ffff;
    gdt[2] = 0x00cf93000000ffff;
    for (unsigned i = L4_SEG_ES; i <= L4_SEG_GS; i++)
        segment(i, 0x10, 0xc93, 0xffffffff);
    segment(L4_SEG_CS, 8, 0xa9b, 0xffffffff);
    segment(L4_SEG_LDTR, 0, 0x82, 0);
    segment(L4_SEG_TR, 0, 0x8b, 0x67);
    segment(L4_SEG_GDTR, 0, 0, 0x1f);
    segment(L4_SEG_IDTR, 0, 0, 0xfff);
    vs->seg[L4_SEG_GDTR].base = GDT;
    vs->seg[L4_SEG_IDTR].base = IDT;
    vs->cr0 = 0x80000011;
    vs->cr3 = 0x2000;
    vs->cr4 = 0x220;  /* PAE, OSFXSR */
    vs->efer = 0xd01; /* SCE, LME, LMA, NXE */
}

void vm_gate(unsigned vector, uint32_t handler)
{
    uint64_t *gate = (uint64_t *)&ram[IDT + 16 * vector];

    gate[0] = (handler & 0xffff) | 8ull << 16 | 0x8eull << 40 | (uint64_t)(handler >> 16) << 48;
    gate[1] = 0;
}

void vm_vector(unsigned vector, uint16_t handler)
{
    *(uint32_t *)&ram[4 * vector] = handler;
}

bool vm_expect(enum l4_vcpu_exit reason)
{
    unsigned r = L4_VcpuRun();

    if (r == reason && vs->exit == reason)
        return true;
    printf("# exit %u (page says %u) instead of %u, rip %llx, qual %llx %llx %llx, error %lu\n", r,
           vs->exit, reason, (unsigned long long)vs->rip, (unsigned long long)vs->qual[0],
           (unsigned long long)vs->qual[1], (unsigned long long)vs->qual[2], L4_ErrorCode());
    return false;
}

bool vm_expect_skip(enum l4_vcpu_exit reason)
{
    bool good = vm_expect(reason);

    vs->rip += vs->exit_len;
    return good;
}

bool vm_expect_out(uint16_t port, uint8_t al)
{
    if (!vm_expect_skip(L4_EXIT_IO))
        return false;
    if (L4_IO_PORT(vs->qual[0]) == port && !(vs->qual[0] & L4_IO_IN) &&
        (uint8_t)vs->gpr[L4_RAX] == al)
        return true;
    printf("# IO %llx, al %llx\n", (unsigned long long)vs->qual[0],
           (unsigned long long)vs->gpr[L4_RAX]);
    return false;
}

uint64_t rdtsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

L4_ThreadId_t helper_create(void)
{
    L4_ThreadId_t me = L4_MyGlobalId();

    helper = new_id();
    if (!L4_ThreadControl(helper, me, me, L4_Sigma0Id(), (void *)(UTCB_AREA + 0x1000)))
        return L4_nilthread;
    L4_Set_Priority(helper, HELPER_PRIORITY);
    return helper;
}

void helper_run(void (*function)(void))
{
    L4_Start_SpIp(helper, (L4_Word_t)&helper_stack[sizeof(helper_stack) - 8], (L4_Word_t)function);
}

bool helper_start(void (*function)(void))
{
    if (L4_IsNilThread(helper_create()))
        return false;
    helper_run(function);
    return true;
}

void helper_end(void)
{
    L4_ThreadControl(helper, L4_nilthread, L4_nilthread, L4_nilthread, (void *)-1);
}
