/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables: GDT, IDT, TSS, and the task that a double fault switches to. */
#include "arch/desc.h"

#include "arch/boot.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/traps.h"
#include "core/cpu.h"

/* Flat segments, accessed: base 0, 4 GiB, 32 bits. */
#define SEG_CODE 0x00cf9b000000ffffULL
#define SEG_DATA 0x00cf93000000ffffULL
#define SEG_DPL3 (3ULL << 45)

/* Descriptor bits 40-47 and 52-55. */
#define ATTR_TSS       0x0089
#define ATTR_DATA_READ 0x40f1 /* read-only for users, so that SS cannot be loaded with it */

#define GATE_KERNEL 0x8e /* interrupt gates */
#define GATE_USER   0xee
#define GATE_TASK   0x85

struct table_pointer {
    u16 limit;
    u32 base;
} __attribute__((packed));

static struct tss fault_tss;
static u8 fault_stack[FAULT_STACK_SIZE] __attribute__((aligned(16)));

static INIT u64 descriptor(const void *base, u32 limit, u32 attributes)
{
    u64 b = (word_t)base;

    return (limit & 0xffff) | (b & 0xffffff) << 16 | (u64)attributes << 40 |
           (u64)(limit >> 16 & 0xf) << 48 | b >> 24 << 56;
}

static INIT u8 gate_type(unsigned v)
{
    bool user = v == VEC_BP || v == 4 || (v >= VEC_SYSCALL && v < VEC_SYSCALL + SYS_COUNT);

    return v == VEC_DF ? GATE_TASK : user ? GATE_USER : GATE_KERNEL;
}

static INIT word_t gate_entry(unsigned v, unsigned cpu)
{
    switch (v) {
    case VEC_NMI:
        return entry_own_stack[2 * cpu];
    case VEC_MC:
        return entry_own_stack[2 * cpu + 1];
    case VEC_DF:
        return 0;
    case VEC_PF:
        return (word_t)entry_page_fault;
    default:
        return entry_vectors[v];
    }
}

static INIT void idt_fill(struct cpu *cpu)
{
    for (unsigned v = 0; v < ARRAY_SIZE(cpu->arch.idt); v++) {
        word_t entry = gate_entry(v, cpu->number);

        cpu->arch.idt[v] = (struct gate){.offset0 = (u16)entry,
                                         .selector = v == VEC_DF ? SEL_DF : SEL_KCODE,
                                         .type = gate_type(v),
                                         .offset1 = (u16)(entry >> 16)};
    }
}

/* A fault of the fault handler: the stack is gone, so a task of its own says what was. */
static _Noreturn void double_fault(void)
{
    const struct tss *t = &this_cpu_safe()->arch.tss;
    struct arch_frame f = {.vector = VEC_DF,
                           .ip = t->eip,
                           .cs = t->cs,
                           .flags = t->eflags,
                           .ax = t->eax,
                           .bx = t->ebx,
                           .cx = t->ecx,
                           .dx = t->edx,
                           .si = t->esi,
                           .di = t->edi,
                           .bp = t->ebp,
                           .sp = t->esp};

    panic_trap(&f);
}

INIT void desc_init(void)
{
    fault_tss = (struct tss){.cr3 = (u32)image_to_phys(arch_kernel_root).v,
                             .eip = (word_t)double_fault,
                             .eflags = 2,
                             .esp = (word_t)fault_stack + sizeof(fault_stack),
                             .es = SEL_UDATA,
                             .cs = SEL_KCODE,
                             .ss = SEL_KDATA,
                             .ds = SEL_UDATA,
                             .iomap_base = 0xffff};
}

static INIT void tss_fill(struct cpu *cpu)
{
    struct tss *tss = &cpu->arch.tss;

    tss->ss0 = SEL_KDATA;
    tss->iomap_base = 0xffff;
    memset(tss->iomap, 0xff, sizeof(tss->iomap));
    tss->iomap_end = 0xff;
}

static INIT void gdt_fill(struct cpu *cpu)
{
    u64 *gdt = cpu->arch.gdt;
    const char *slot = (const char *)USER_UTCB_PTR + cpu->number * PAGE_SIZE;

    gdt[SEL_KCODE / 8] = SEG_CODE;
    gdt[SEL_KDATA / 8] = SEG_DATA;
    gdt[SEL_UCODE / 8] = SEG_CODE | SEG_DPL3;
    gdt[SEL_UDATA / 8] = SEG_DATA | SEG_DPL3;
    gdt[SEL_UTCB / 8] = descriptor(slot, sizeof(word_t) - 1, ATTR_DATA_READ);
    gdt[SEL_TSS / 8] = descriptor(&cpu->arch.tss, sizeof(cpu->arch.tss) - 1, ATTR_TSS);
    gdt[SEL_DF / 8] = descriptor(&fault_tss, offsetof(struct tss, iomap) - 1, ATTR_TSS);
}

INIT void desc_start(struct cpu *cpu)
{
    struct table_pointer gdt_pointer = {sizeof(cpu->arch.gdt) - 1, (word_t)cpu->arch.gdt};
    struct table_pointer idt_pointer = {sizeof(cpu->arch.idt) - 1, (word_t)cpu->arch.idt};

    idt_fill(cpu);
    tss_fill(cpu);
    gdt_fill(cpu);
    asm volatile("lgdt %0; lidt %1; ljmp %2, $1f; 1: mov %3, %%ss"
                 :
                 : "m"(gdt_pointer), "m"(idt_pointer), "i"(SEL_KCODE), "r"(SEL_KDATA)
                 : "memory");
    asm volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %1, %%gs"
                 :
                 : "r"(SEL_UDATA), "r"(SEL_UTCB)
                 : "memory");
    asm volatile("ltr %w0; lldt %w1" : : "r"(SEL_TSS), "r"(0));
}
