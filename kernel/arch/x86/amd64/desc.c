/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables: GDT, IDT, TSS. */
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/tss.h"

#define SEG_PRESENT (1UL << 47)
#define SEG_DPL3    (3UL << 45)
#define SEG_CODE    (0x1bUL << 40) /* readable code, accessed */
#define SEG_DATA    (0x13UL << 40) /* writable data, accessed */
#define SEG_LONG    (1UL << 53)
#define SEG_TSS     (0x09UL << 40)

struct gate {
    u16 offset0, selector;
    u8 ist, type;
    u16 offset1;
    u32 offset2, reserved;
};

struct table_pointer {
    u16 limit;
    u64 base;
} __attribute__((packed));

enum { IST_NMI = 1, IST_DF, IST_MC, IST_COUNT };

struct tss boot_tss __attribute__((section(".bss.page"), aligned(PAGE_SIZE)));

/* There is no 32-bit user code: its place, which SYSRET prescribes, stays empty. */
static u64 gdt[8] = {
    [SEL_KCODE / 8] = SEG_PRESENT | SEG_CODE | SEG_LONG,
    [SEL_KDATA / 8] = SEG_PRESENT | SEG_DATA,
    [SEL_UDATA / 8] = SEG_PRESENT | SEG_DATA | SEG_DPL3,
    [SEL_UCODE / 8] = SEG_PRESENT | SEG_CODE | SEG_LONG | SEG_DPL3,
};

static struct gate idt[256];
static u8 ist_stacks[IST_COUNT - 1][IST_STACK_SIZE] __attribute__((aligned(16)));

static INIT u8 vector_ist(unsigned v)
{
    return v == VEC_NMI ? IST_NMI : v == VEC_DF ? IST_DF : v == VEC_MC ? IST_MC : 0;
}

static INIT void idt_fill(void)
{
    for (unsigned v = 0; v < ARRAY_SIZE(idt); v++) {
        word_t entry = entry_vectors[v];
        bool user = v == VEC_BP || v == 4; /* INT3 and INTO are instructions of users */

        idt[v] = (struct gate){.offset0 = (u16)entry,
                               .selector = SEL_KCODE,
                               .ist = vector_ist(v),
                               .type = user ? 0xee : 0x8e, /* interrupt gate */
                               .offset1 = (u16)(entry >> 16),
                               .offset2 = (u32)(entry >> 32)};
    }
}

static INIT void tss_fill(void)
{
    u64 base = (u64)&boot_tss, limit = sizeof(boot_tss) - 1;

    for (unsigned i = 0; i < IST_COUNT - 1; i++)
        boot_tss.ist[i] = (u64)ist_stacks[i] + IST_STACK_SIZE;
    boot_tss.iomap_base = 0xffff;
    memset(boot_tss.iomap, 0xff, sizeof(boot_tss.iomap));
    boot_tss.iomap_end = 0xff;
    gdt[SEL_TSS / 8] = SEG_PRESENT | SEG_TSS | (limit & 0xffff) | (base & 0xffffff) << 16 |
                       (base >> 24 & 0xff) << 56;
    gdt[SEL_TSS / 8 + 1] = base >> 32;
}

INIT void desc_init(void)
{
    struct table_pointer gdt_pointer = {sizeof(gdt) - 1, (u64)gdt};
    struct table_pointer idt_pointer = {sizeof(idt) - 1, (u64)idt};

    idt_fill();
    tss_fill();
    asm volatile("lgdt %0; lidt %1; ltr %w2; lldt %w3"
                 :
                 : "m"(gdt_pointer), "m"(idt_pointer), "r"(SEL_TSS), "r"(0)
                 : "memory");
    /* DS to GS stay as users have them for ever: 64-bit mode ignores them in the kernel. */
    asm volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %0, %%gs" : : "r"(SEL_UDATA));
}
