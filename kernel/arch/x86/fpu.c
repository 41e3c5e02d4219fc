/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FPU state.  The processor holds that of cpu.live_fpu; who else wants to use
 * the FPU traps (#NM) and has it swapped.  What XSAVE cannot keep is off in XCR0.
 */
#include "core/fpu.h"

#include "arch/features.h"
#include "arch/lazy_fpu.h"
#include "arch/width.h"
#include "core/cpu.h"
#include "debug/panic.h"

#define CPUID_SSE   (1u << 25) /* leaf 1, EDX */
#define FXSAVE_SIZE 512
#define FCW_INIT    0x37f
#define MXCSR_INIT  0x1f80
#define XCR0_KNOWN  0xe7U /* x87, SSE, AVX, AVX-512 */

/* Both forms begin with the FXSAVE layout. */
struct area {
    u16 fcw;
    u8 other[22];
    u32 mxcsr;
};

_Static_assert(offsetof(struct area, mxcsr) == 24, "FXSAVE layout");

static u64 xcr0;

/* XSAVE wants areas at multiples of 64; the word before an area says where its memory begins. */
#define XSAVE_ALIGN 64
static struct slab_cache areas = {.name = "fpu state"};
static bool in_pages; /* too large for a slab */

INIT void fpu_init(void)
{
    u32 size = FXSAVE_SIZE;

    if (cpu_features.xsave) {
        write_cr4(read_cr4() | CR4_OSXSAVE);
        xcr0 = cpuid(0xd, 0).a & XCR0_KNOWN;
        xsetbv(0, xcr0);
        size = cpuid(0xd, 0).b;
    }
    areas.size = ALIGN_UP(size, XSAVE_ALIGN) + XSAVE_ALIGN;
    in_pages = areas.size > PAGE_SIZE / 2;
    ASSERT(areas.size <= PAGE_SIZE);
}

INIT void fpu_start(void)
{
    bool sse = cpuid(1, 0).d & CPUID_SSE;

    write_cr4(read_cr4() | CR4_OSFXSR | (sse ? CR4_OSXMMEXCPT : 0));
    if (xcr0) {
        write_cr4(read_cr4() | CR4_OSXSAVE);
        xsetbv(0, xcr0);
    }
    write_cr0((read_cr0() & ~CR0_EM) | CR0_MP | CR0_NE | CR0_TS);
}

u64 fpu_xcr0_supported(void)
{
    return xcr0;
}

void *fpu_area_alloc(struct account *a)
{
    void *p = in_pages ? kmem_pages(a, 0) : slab_alloc(&areas, a);
    struct area *area;

    if (!p)
        return NULL;
    area = (void *)(ALIGN_DOWN((word_t)p, XSAVE_ALIGN) + XSAVE_ALIGN);
    ((void **)area)[-1] = p;
    area->fcw = FCW_INIT;
    area->mxcsr = MXCSR_INIT;
    return area;
}

word_t fpu_area_size(void)
{
    return in_pages ? PAGE_SIZE : areas.size;
}

void fpu_area_free(struct account *a, void *area, struct cpu *cpu)
{
    void *p = ((void **)area)[-1];

    if (cpu->live_fpu == area)
        cpu->live_fpu = NULL; /* CR0.TS follows when that processor switches threads */
    if (in_pages)
        kmem_pages_free(a, p, 0);
    else
        slab_free(&areas, a, p);
}

static void save(void *area)
{
    if (cpu_features.xsaveopt)
        asm volatile("xsaveopt" INSN_64 " (%0)" : : "r"(area), "a"((u32)xcr0), "d"(0) : "memory");
    else if (cpu_features.xsave)
        asm volatile("xsave" INSN_64 " (%0)" : : "r"(area), "a"((u32)xcr0), "d"(0) : "memory");
    else
        asm volatile("fxsave" INSN_64 " (%0)" : : "r"(area) : "memory");
}

static void load(const void *area)
{
    if (cpu_features.xsave)
        asm volatile("xrstor" INSN_64 " (%0)" : : "r"(area), "a"((u32)xcr0), "d"(0) : "memory");
    else
        asm volatile("fxrstor" INSN_64 " (%0)" : : "r"(area) : "memory");
}

void fpu_save_live(void *area)
{
    struct cpu *cpu = this_cpu();

    if (!area || cpu->live_fpu != area)
        return;
    fpu_switch(cpu, true);
    save(area);
    cpu->live_fpu = NULL;
    fpu_switch(cpu, false);
}

void fpu_make_live(void *area)
{
    struct cpu *cpu = this_cpu();

    fpu_switch(cpu, true);
    if (cpu->live_fpu == area)
        return;
    if (cpu->live_fpu)
        save(cpu->live_fpu);
    load(area);
    cpu->live_fpu = area;
}

bool fpu_trap(struct thread *t)
{
    if (!t->fpu)
        t->fpu = fpu_area_alloc(t->space->account);
    if (!t->fpu)
        return false;
    fpu_make_live(t->fpu);
    return true;
}
