/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables: GDT, IDT, TSS, and the task that a double fault switches to. */
#include "arch/boot.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/memory.h"
#include "arch/traps.h"
#include "arch/tss.h"

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

struct gate {
    u16 offset0, selector;
    u8 reserved, type;
    u16 offset1;
};

struct table_pointer {
    u16 limit;
    u32 base;
} __attribute__((packed));

struct entry_tss boot_tss __attribute__((section(".bss.page"), aligned(PAGE_SIZE)));

_Static_assert(sizeof(boot_tss.stack) + offsetof(struct tss, iomap) <= PAGE_SIZE,
               "what the processor reads of a TSS lies in one page");

static u64 gdt[8] = {
    [SEL_KCODE / 8] = SEG_CODE,
    [SEL_KDATA / 8] = SEG_DATA,
    [SEL_UCODE / 8] = SEG_CODE | SEG_DPL3,
    [SEL_UDATA / 8] = SEG_DATA | SEG_DPL3,
};

static struct gate idt[256];
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

static INIT void idt_fill(void)
{
    for (unsigned v = 0; v < ARRAY_SIZE(idt); v++) {
        word_t entry = v == VEC_DF ? 0 : entry_vectors[v];

        idt[v] = (struct gate){.offset0 = (u16)entry,
                               .selector = v == VEC_DF ? SEL_DF : SEL_KCODE,
                               .type = gate_type(v),
                               .offset1 = (u16)(entry >> 16)};
    }
}

/* A fault of the fault handler: the stack is gone, so a task of its own says what was. */
static _Noreturn void double_fault(void)
{
    const struct tss *t = this_tss();
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

static INIT void tss_fill(void)
{
    struct tss *tss = this_tss();

    tss->ss0 = SEL_KDATA;
    tss->iomap_base = 0xffff;
    memset(tss->iomap, 0xff, sizeof(tss->iomap));
    tss->iomap_end = 0xff;
    fault_tss = (struct tss){.cr3 = (u32)image_to_phys(arch_kernel_root).v,
                             .eip = (word_t)double_fault,
                             .eflags = 2,
                             .esp = (word_t)fault_stack + sizeof(fault_stack),
                             .es = SEL_UDATA,
                             .cs = SEL_KCODE,
                             .ss = SEL_KDATA,
                             .ds = SEL_UDATA,
                             .iomap_base = 0xffff};
    gdt[SEL_TSS / 8] = descriptor(tss, sizeof(*tss) - 1, ATTR_TSS);
    gdt[SEL_DF / 8] = descriptor(&fault_tss, offsetof(struct tss, iomap) - 1, ATTR_TSS);
    gdt[SEL_UTCB / 8] = descriptor((void *)USER_UTCB_PTR, sizeof(word_t) - 1, ATTR_DATA_READ);
}

INIT void desc_init(void)
{
    struct table_pointer gdt_pointer = {sizeof(gdt) - 1, (word_t)gdt};
    struct table_pointer idt_pointer = {sizeof(idt) - 1, (word_t)idt};

    idt_fill();
    tss_fill();
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
