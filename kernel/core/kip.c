/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/kip.h"

#include "arch/boot.h"
#include "core/arch.h"
#include "core/fpage.h"
#include "core/thread.h"
#include "core/utcb.h"
#include "arch/pagetable.h"
#include "debug/panic.h"
#include "l4/almond.h"
#include "virt/virt.h"

#define KERNEL_ID      0x07010000UL                  /* our own: no other kernel's number */
#define KERNEL_VERSION (0UL << 24 | 1UL << 16)       /* 0.1.0 */
#define BUILD_DATE     (1UL | 12UL << 5 | 26UL << 9) /* day, month, year - 2000 */
#define SUPPLIER       0x505a524dUL                  /* "MRZP" */

#define PROC_DESC_LOG2 (sizeof(word_t) == 8 ? 5 : 4) /* four words */

_Static_assert(sizeof(struct l4_almond) <= sizeof(((struct kip *)0)->extension), "it fits");
_Static_assert(offsetof(struct kip, extension) % 8 == 0, "where l4/almond.h says that it is");

struct kip kip __attribute__((section(".kip"), aligned(4096))) = {
    .magic = KIP_MAGIC,
    .api_version = KIP_VERSION,
    .api_flags = sizeof(word_t) == 8 ? 4 : 0,
    .kern_desc_ptr = offsetof(struct kip, kern_desc),
    .memory_info = offsetof(struct kip, memdescs) << (WORD_BITS / 2) | KIP_MEMDESCS,
    .utcb_info = 12UL << 16 | UTCB_LOG2 << 10 | 1,
    .kip_area_info = PAGE_SHIFT,
    .proc_desc_ptr = offsetof(struct kip, proc_desc),
    .processor_info = (word_t)PROC_DESC_LOG2 << (WORD_BITS - 4),
    .kern_desc = {KERNEL_ID, BUILD_DATE, KERNEL_VERSION, SUPPLIER},
    .strings = "Almond 0.1",
};

static unsigned memdesc_count(void)
{
    return kip.memory_info & mask_of(WORD_BITS / 2);
}

void kip_add_memory(unsigned type, bool virt, word_t low, word_t high)
{
    unsigned n = memdesc_count();

    ASSERT(n < KIP_MEMDESCS);
    kip.memdescs[n].low = (low & ~(word_t)0x3ff) | (virt ? 1 << 9 : 0) | type;
    kip.memdescs[n].high = (high - 1) & ~(word_t)0x3ff;
    kip.memory_info++;
}

static void extension_init(void)
{
    struct l4_almond *e = (struct l4_almond *)kip.extension;

    e->magic = L4_ALMOND_MAGIC;
    e->size = sizeof(*e);
    e->svm_status = virt_status();
    e->features = virt_features() | L4_ALMOND_F_NOTIFY | L4_ALMOND_F_KMEM | L4_ALMOND_F_DOMAINS |
                  L4_ALMOND_F_LOCAL | L4_ALMOND_F_TRACE | L4_ALMOND_F_MSI;
    e->quirks = virt_quirks();
    e->tsc_khz = tsc_khz;
    e->vcpu_control = arch_ext_links[0];
    e->vcpu_run = arch_ext_links[1];
    e->vcpu_map = arch_ext_links[2];
    e->notify = arch_ext_links[3];
    e->kmem_control = arch_ext_links[4];
    e->domain_control = arch_ext_links[5];
    e->cpu_time = arch_ext_links[6];
    e->thread_local = arch_ext_links[7];
    e->trace_control = arch_ext_links[8];
    e->interrupt_message = arch_ext_links[9];
}

void kip_init(void)
{
    if (memdesc_count() == KIP_MEMDESCS)
        kip.memory_info &= ~(word_t)KIP_MEMDESCS; /* no boot loader was here */
    kip_add_memory(MEM_RESERVED, false, image_to_phys(_image_start).v,
                   ALIGN_UP(image_to_phys(_image_end).v, PAGE_SIZE));
    kip_add_memory(MEM_CONVENTIONAL, true, 0, USER_END);
    for (unsigned n = 0; n < cpu_count; n++)
        kip.proc_desc[n][1] = (word_t)tsc_khz;
    kip.processor_info |= cpu_count - 1;
    kip.page_info = pt_page_info();
    kip.thread_info = user_base << 20 | system_base << 8 | THREAD_BITS;
    memcpy(kip.links, arch_links, sizeof(kip.links));
    extension_init();
}
