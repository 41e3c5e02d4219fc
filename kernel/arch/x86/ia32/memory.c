/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own mappings (arch/layout.h), built once at boot: image, pool
 * window, UTCB pointers, device registers.
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

#define LARGE_SIZE (1UL << 22)
#define ENTRIES    1024

typedef word_t table_t[ENTRIES] __attribute__((aligned(PAGE_SIZE)));
#define TABLE static __attribute__((section(".bss.page"))) table_t

#define IMAGE_TABLES 2 /* kernel.ld checks that they suffice */

TABLE root, image_pt[IMAGE_TABLES], device_pt, user_pt,
    areas_pt; /* the last with the threads' table */

static u8 first_area[AREA_END] __attribute__((section(".bss.page"), aligned(PAGE_SIZE)));

word_t *arch_kernel_root = root;
word_t pool_origin;
static unsigned device_pages;

static unsigned root_index(word_t va)
{
    return va >> 22;
}

static unsigned table_index(word_t va)
{
    return va >> PAGE_SHIFT & (ENTRIES - 1);
}

static INIT void set_table(word_t va, const word_t *table, word_t flags)
{
    root[root_index(va)] = (word_t)image_to_phys(table).v | P | W | flags;
}

static INIT void map_pool(void)
{
    word_t pa = (word_t)boot_pool_base.v;

    pool_origin = POOL_WINDOW - pa;
    for (word_t off = 0; off < boot_pool_size; off += LARGE_SIZE)
        root[root_index(POOL_WINDOW + off)] = (pa + off) | P | W | LARGE | GLOBAL;
}

/* The table entry of a page of the image. */
static INIT word_t *image_pte(const char *p)
{
    word_t origin = ALIGN_DOWN((word_t)_image_start, LARGE_SIZE);

    return &image_pt[((word_t)p - origin) / LARGE_SIZE][table_index((word_t)p)];
}

static INIT void map_image(const char *from, const char *to, word_t flags)
{
    for (const char *p = from; p < to; p += PAGE_SIZE)
        *image_pte(p) = (word_t)image_to_phys(p).v | P | GLOBAL | flags;
}

static INIT void map_area_page(unsigned n, word_t offset, word_t pa)
{
    areas_pt[table_index(CPU_AREAS + n * AREA_SIZE + offset)] = pa | P | W | GLOBAL;
    if (offset == AREA_SLOT)
        user_pt[table_index(USER_UTCB_PTR + n * PAGE_SIZE)] = pa | P | U | GLOBAL;
}

INIT bool area_create(unsigned n)
{
    for (word_t offset = AREA_STACK; offset < AREA_END; offset += PAGE_SIZE) {
        const void *page = kmem_pages(&accounts[0], 0);

        if (!page)
            return false;
        map_area_page(n, offset, (word_t)virt_to_phys(page).v);
    }
    return true;
}

INIT void memory_init(void)
{
    pool_find(LARGE_SIZE, POOL_MAX);
    map_pool();

    set_table(USER_UTCB_PTR, user_pt, U);
    set_table(DEVICE_BASE, device_pt, 0);
    for (unsigned i = 0; i < IMAGE_TABLES; i++)
        set_table((word_t)_image_start + i * LARGE_SIZE, image_pt[i], 0);

    map_image(_text_start, _rodata_end, 0);
    map_image(_data_start, _data_end, W);
    set_table(CPU_AREAS, areas_pt, 0);
    for (word_t offset = AREA_STACK; offset < AREA_END; offset += PAGE_SIZE)
        map_area_page(0, offset, (word_t)image_to_phys(first_area + offset).v);

    write_cr3((word_t)image_to_phys(root).v);
}

static INIT word_t reachable(u64 pa)
{
    if (pa >> 32)
        panic("physical address %llx is out of a 32-bit kernel's reach", (unsigned long long)pa);
    return (word_t)pa;
}

INIT void *map_device(u64 pa)
{
    word_t va = DEVICE_BASE + device_pages * PAGE_SIZE;

    if (device_pages == ENTRIES)
        panic("too many devices");
    device_pt[device_pages++] = ALIGN_DOWN(reachable(pa), PAGE_SIZE) | P | W | UC | GLOBAL;
    return (void *)(va + (word_t)(pa & (PAGE_SIZE - 1)));
}

word_t arch_kernel_table(void)
{
    return (word_t)image_to_phys(root).v;
}

static void forget_page(void *va)
{
    invlpg((word_t)va);
}

void arch_table_page(void *va, const void *page)
{
    areas_pt[table_index((word_t)va)] = (word_t)virt_to_phys(page).v | P | W | GLOBAL;
    for (unsigned n = 0; n < cpu_count; n++)
        cpu_run_on(n, forget_page, va);
}

INIT void *map_window(unsigned slot, u64 pa)
{
    word_t va = BOOT_WINDOW + slot * 2 * LARGE_SIZE, first = reachable(pa) & -LARGE_SIZE;

    for (unsigned i = 0; i < 2; i++) {
        root[root_index(va) + i] = (first + i * LARGE_SIZE) | P | W | LARGE;
        invlpg(va + i * LARGE_SIZE);
    }
    return (void *)(va + (word_t)(pa & (LARGE_SIZE - 1)));
}

INIT void unmap_windows(void)
{
    memset(&root[root_index(BOOT_WINDOW)], 0, 8 * sizeof(root[0]));
    write_cr3(read_cr3());
}
