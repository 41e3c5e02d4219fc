/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables: GDT, IDT, TSS. */
#include "arch/desc.h"

#include "arch/area.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/traps.h"
#include "core/cpu.h"

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

_Static_assert(AREA_OTHERS + (IST_COUNT - 1) * AREA_OTHER_SIZE == AREA_END, "a stack each");

static struct gate idt[256];

static INIT u8 vector_ist(unsigned v)
{
    return v == VEC_NMI ? IST_NMI : v == VEC_DF ? IST_DF : v == VEC_MC ? IST_MC : 0;
}

INIT void desc_init(void)
{
    for (unsigned v = 0; v < ARRAY_SIZE(idt); v++) {
        word_t entry = v == VEC_PF ? (word_t)entry_page_fault : entry_vectors[v];
        bool user = v == VEC_BP || v == 4; /* INT3 and INTO are instructions of users */

        idt[v] = (struct gate){.offset0 = (u16)entry,
                               .selector = SEL_KCODE,
                               .ist = vector_ist(v),
                               .type = user ? 0xee : 0x8e, /* interrupt gate */
                               .offset1 = (u16)(entry >> 16),
                               .offset2 = (u32)(entry >> 32)};
    }
}

static INIT void tss_fill(struct cpu *cpu)
{
    struct tss *tss = &cpu->arch.tss;
    word_t others = (word_t)cpu - AREA_CPU + AREA_OTHERS;

    for (unsigned i = 0; i < IST_COUNT - 1; i++)
        tss->ist[i] = others + (i + 1) * AREA_OTHER_SIZE;
    tss->iomap_base = 0xffff;
    memset(tss->iomap, 0xff, sizeof(tss->iomap));
    tss->iomap_end = 0xff;
}

/* There is no 32-bit user code: its place, which SYSRET prescribes, stays empty. */
static INIT void gdt_fill(struct cpu *cpu)
{
    u64 *gdt = cpu->arch.gdt, base = (u64)&cpu->arch.tss, limit = sizeof(cpu->arch.tss) - 1;

    gdt[SEL_KCODE / 8] = SEG_PRESENT | SEG_CODE | SEG_LONG;
    gdt[SEL_KDATA / 8] = SEG_PRESENT | SEG_DATA;
    gdt[SEL_UDATA / 8] = SEG_PRESENT | SEG_DATA | SEG_DPL3;
    gdt[SEL_UCODE / 8] = SEG_PRESENT | SEG_CODE | SEG_LONG | SEG_DPL3;
    gdt[SEL_TSS / 8] = SEG_PRESENT | SEG_TSS | (limit & 0xffff) | (base & 0xffffff) << 16 |
                       (base >> 24 & 0xff) << 56;
    gdt[SEL_TSS / 8 + 1] = base >> 32;
    gdt[SEL_UGS / 8] = SEG_DATA | SEG_DPL3; /* not present: switch.h */
}

INIT void desc_start(struct cpu *cpu)
{
    struct table_pointer gdt_pointer = {GDT_ENTRIES * 8 - 1, (u64)cpu->arch.gdt};
    struct table_pointer idt_pointer = {sizeof(idt) - 1, (u64)idt};

    tss_fill(cpu);
    gdt_fill(cpu);
    asm volatile("lgdt %0; lidt %1; ltr %w2; lldt %w3"
                 :
                 : "m"(gdt_pointer), "m"(idt_pointer), "r"(SEL_TSS), "r"(0)
                 : "memory");
    /* DS to FS stay as users have them for ever: 64-bit mode ignores them in the kernel. */
    asm volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs" : : "r"(SEL_UDATA));
}

INIT unsigned desc_error_shift(void)
{
    struct table_pointer few = {VEC_PIC * sizeof(idt[0]) - 1, (u64)idt};
    struct table_pointer all = {sizeof(idt) - 1, (u64)idt};

    asm volatile("lidt %0" : : "m"(few) : "memory");
    probe_int();
    asm volatile("lidt %0" : : "m"(all) : "memory");
    return trap_fixed_error >> 4 == PROBE_INT ? 4 : 3;
}
