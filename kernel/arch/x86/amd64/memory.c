/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own mappings (arch/layout.h), built once at boot: image with W^X,
 * pool window, user-readable pages, device registers.
 */
#include "arch/memory.h"

#include "arch/boot.h"
#include "arch/insn.h"
#include "core/arch.h"
#include "core/cpus.h"
#include "core/kmem.h"
#include "debug/panic.h"

#define P      (1UL << 0)
#define W      (1UL << 1)
#define U      (1UL << 2)
#define UC     (3UL << 3) /* write-through and cache disable: PAT entry 3, uncacheable */
#define LARGE  (1UL << 7)
#define GLOBAL (1UL << 8)
#define NX     (1UL << 63)

#define LARGE_SIZE (1UL << 21)
#define ENTRIES    512

typedef word_t table_t[ENTRIES] __attribute__((aligned(PAGE_SIZE)));
#define TABLE static __attribute__((section(".bss.page"))) table_t

#define IMAGE_TABLES 2 /* kernel.ld checks that they suffice */

TABLE pml4, high_pdpt;
TABLE pool_pd;
TABLE image_pd, image_pt[IMAGE_TABLES], threads_pt, areas_pt;
TABLE user_pd, user_pt, device_pd, device_pt, window_pd;

static u8 first_area[AREA_END] __attribute__((section(".bss.page"), aligned(PAGE_SIZE)));

word_t *arch_kernel_root = pml4;
word_t pool_origin;
static unsigned device_pages;

static unsigned index_at(word_t va, unsigned shift)
{
    return va >> shift & (ENTRIES - 1);
}

static INIT void set_table(word_t *table, unsigned i, const word_t *lower, word_t flags)
{
    table[i] = image_to_phys(lower).v | P | W | flags;
}

static INIT void map_pool(void)
{
    word_t pa = boot_pool_base.v;

    pool_origin = POOL_WINDOW - pa;
    set_table(high_pdpt, index_at(POOL_WINDOW, 30), pool_pd, 0);
    for (word_t off = 0; off < boot_pool_size; off += LARGE_SIZE)
        pool_pd[index_at(POOL_WINDOW + off, 21)] = (pa + off) | P | W | LARGE | GLOBAL | NX;
}

static INIT void map_image(const char *from, const char *to, word_t flags)
{
    word_t origin = ALIGN_DOWN((word_t)_image_start, LARGE_SIZE);

    for (const char *p = from; p < to; p += PAGE_SIZE)
        image_pt[((word_t)p - origin) >> 21][index_at((word_t)p, PAGE_SHIFT)] =
            image_to_phys(p).v | P | GLOBAL | flags;
}

static INIT void map_user_page(word_t va, u64 pa, word_t flags)
{
    user_pt[index_at(va, PAGE_SHIFT)] = pa | P | U | GLOBAL | flags;
}

static INIT void map_area_page(unsigned n, word_t offset, u64 pa)
{
    areas_pt[index_at(CPU_AREAS + n * AREA_SIZE + offset, PAGE_SHIFT)] = pa | P | W | GLOBAL | NX;
    if (offset == AREA_SLOT)
        map_user_page(USER_UTCB_PTR + n * PAGE_SIZE, pa, NX);
}

INIT bool area_create(unsigned n)
{
    for (word_t offset = AREA_STACK; offset < AREA_END; offset += PAGE_SIZE) {
        const void *page = kmem_pages(&accounts[0], 0);

        if (!page)
            return false;
        map_area_page(n, offset, virt_to_phys(page).v);
    }
    return true;
}

INIT void memory_init(void)
{
    pool_find(LARGE_SIZE, POOL_MAX);
    map_pool();

    set_table(pml4, ROOT_KERNEL_0, high_pdpt, U);
    set_table(high_pdpt, index_at(USER_PAGES, 30), user_pd, U);
    set_table(high_pdpt, index_at(DEVICE_BASE, 30), device_pd, 0);
    set_table(high_pdpt, index_at(BOOT_WINDOW, 30), window_pd, 0);
    set_table(high_pdpt, index_at(IMAGE_BASE, 30), image_pd, 0);
    set_table(user_pd, 0, user_pt, U);
    set_table(device_pd, 0, device_pt, 0);
    for (unsigned i = 0; i < IMAGE_TABLES; i++)
        set_table(image_pd, index_at((word_t)_image_start, 21) + i, image_pt[i], 0);
    set_table(image_pd, index_at(THREAD_TABLE, 21), threads_pt, 0);
    set_table(image_pd, index_at(CPU_AREAS, 21), areas_pt, 0);

    map_image(_text_start, _init_end, 0);
    map_image(_rodata_start, _rodata_end, NX);
    map_image(_data_start, _data_end, W | NX);
    map_user_page(USER_STUBS, image_to_phys(_stubs_start).v, 0);
    for (word_t offset = AREA_STACK; offset < AREA_END; offset += PAGE_SIZE)
        map_area_page(0, offset, image_to_phys(first_area + offset).v);

    write_cr3(image_to_phys(pml4).v);
}

INIT void *map_device(u64 pa)
{
    word_t va = DEVICE_BASE + device_pages * PAGE_SIZE;

    if (device_pages == ENTRIES)
        panic("too many devices");
    device_pt[device_pages++] = ALIGN_DOWN(pa, PAGE_SIZE) | P | W | UC | GLOBAL | NX;
    return (void *)(va + (pa & (PAGE_SIZE - 1)));
}

word_t arch_kernel_table(void)
{
    return image_to_phys(pml4).v;
}

static void forget_page(void *va)
{
    invlpg((word_t)va);
}

void arch_table_page(void *va, const void *page)
{
    threads_pt[index_at((word_t)va, PAGE_SHIFT)] = virt_to_phys(page).v | P | W | GLOBAL | NX;
    for (unsigned n = 0; n < cpu_count; n++)
        cpu_run_on(n, forget_page, va);
}

INIT void *map_window(unsigned slot, u64 pa)
{
    word_t va = BOOT_WINDOW + slot * 2 * LARGE_SIZE;

    for (unsigned i = 0; i < 2; i++) {
        window_pd[slot * 2 + i] =
            (ALIGN_DOWN(pa, LARGE_SIZE) + i * LARGE_SIZE) | P | W | LARGE | NX;
        invlpg(va + i * LARGE_SIZE);
    }
    return (void *)(va + (pa & (LARGE_SIZE - 1)));
}

INIT void unmap_windows(void)
{
    memset(window_pd, 0, sizeof(window_pd));
    write_cr3(read_cr3());
}
