/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From multiboot to the kernel's entry: read what the boot loader left, load
 * kernel, sigma0 and root task, describe it all in the KIP, jump.
 */
#include <rt/console.h>
#include <stdio.h>
#include <string.h>
#include "boot.h"
#include "bootinfo.h"
#include "console.h"
#include "kip.h"
#include "memory.h"
#include "multiboot.h"
#include "options.h"
#include "place.h"

#define KMEM_MIN   (16 * MiB)
#define KMEM_SHARE 32          /* the default is one part in so many of RAM */
#define KMEM_LOW   (240 * MiB) /* L4Ka's kernels, and all of IA32, reach no further */
#define FOUR_GIB   (UINT64_C(1) << 32)

void loader_main(uint32_t magic, uint32_t info);
void loader_jump(uint32_t entry) __attribute__((noreturn));

extern char loader_start[], loader_end[];

static struct boot boot;
static struct options options;
static struct layout layout;
static struct kip kip;

static const char *const roles[] = {"kernel", "sigma0", "root task"};

static void read_boot(uint32_t magic, uint32_t info)
{
    const char *error;

    if (magic == MB1_BOOT_MAGIC)
        error = boot_read_mb1(&boot, info);
    else if (magic == MB2_BOOT_MAGIC)
        error = boot_read_mb2(&boot, info);
    else
        error = "this program must be started by a multiboot loader";
    if (error)
        fail("%s", error);
    error = options_parse(&options, boot.cmdline);
    if (error)
        fail("unknown option or value: %s\n"
             "  known: maxmem=N kmem=N bootinfo=yes|no mbi=yes|no decode-all=yes|no kdb=yes|no",
             error);
    if (boot.module_count < MODULE_OTHERS)
        fail("%u modules, but at least 3 are needed, in this order: kernel, sigma0, root task",
             boot.module_count);
}

static void fail_module(unsigned n, const char *error)
{
    int length;
    const char *name = module_name(&boot.module[n], &length);

    fail("module %u (%.*s), %s: %s", n, length, name, n < MODULE_OTHERS ? roles[n] : "a program",
         error);
}

static void parse_programs(void)
{
    for (unsigned i = 0; i < boot.module_count; i++) {
        struct module *m = &boot.module[i];
        const char *error;

        if (i >= MODULE_OTHERS && (!options.decode_all || !elf_recognise(phys(m->start), m->size)))
            continue;
        error = elf_parse(phys(m->start), m->size, &m->image);
        if (error)
            fail_module(i, error);
        m->loaded = true;
    }
}

/* Who has the memory that an image was to get? */
static void fail_overlap(const struct place_error *e)
{
    uint64_t low = e->in_the_way.low;

    printf("loader: the image of module %u would go to %llx-%llx,\n", e->module,
           (unsigned long long)e->want.low, (unsigned long long)e->want.high - 1);
    for (unsigned i = 0; i < e->module; i++)
        if (boot.module[i].loaded && boot.module[i].image.low <= low &&
            low < boot.module[i].image.high)
            fail("that is where the image of module %u is: link one of them elsewhere", i);
    fail("%llx-%llx is %s: link the program elsewhere", (unsigned long long)low,
         (unsigned long long)e->in_the_way.high - 1,
         low == (uintptr_t)loader_start ? "the loader's" : "no RAM");
}

static void load_programs(void)
{
    struct region self = {(uintptr_t)loader_start, (uintptr_t)loader_end};
    struct place_error e = {0};

    if (!place_init(&layout, &boot, options.max_memory, self))
        fail("the memory map has too many regions");
    if (place_images(&layout, &boot, &e))
        return;
    if (e.in_the_way.high)
        fail_overlap(&e);
    fail("module %u, %llx-%llx, %s", e.module, (unsigned long long)e.want.low,
         (unsigned long long)e.want.high - 1, e.text);
}

static void find_kip(void)
{
    const struct elf_image *kernel = &boot.module[MODULE_KERNEL].image;

    if (!kip_find(&kip, kernel))
        fail_module(MODULE_KERNEL, "it holds no kernel interface page: this is no L4 X.2 kernel");
    for (unsigned i = 0; i < MODULE_OTHERS; i++)
        if (boot.module[i].image.bits != kip.bits)
            fail("module %u, %s, is a %u-bit program, but the kernel is a %u-bit one", i, roles[i],
                 boot.module[i].image.bits, kip.bits);
}

static void add_memory(unsigned type, uint64_t low, uint64_t high)
{
    if (!kip_add_memory(&kip, type, low, high))
        fail("the kernel has room for %u memory descriptors only", kip.capacity);
}

static uint64_t ram_size(void)
{
    uint64_t size = 0;

    for (unsigned i = 0; i < layout.ram_count; i++)
        size += layout.ram[i].high - layout.ram[i].low;
    return size;
}

/* The kernel's pool: high up, but below 4 GiB if it fits there. */
static struct region place_kmem(void)
{
    bool low = kip.bits == 32 || KERNEL_ID_FAMILY(kip_kernel_id(&kip)) == KERNEL_FAMILY_UKA;
    uint64_t share = ram_size() / KMEM_SHARE, size = options.kmem, at;
    uint64_t unit = (kip.bits == 32 ? 4 : 2) * MiB; /* large pages */

    if (!size)
        size = share < KMEM_MIN || low ? KMEM_MIN : share;
    size = align_down(size, unit);
    if (size && (layout_find(&layout, size, unit, low ? KMEM_LOW : FOUR_GIB, &at) ||
                 (!low && layout_find(&layout, size, unit, UINT64_MAX, &at)))) {
        layout_use(&layout, at, at + size);
        return (struct region){at, at + size};
    }
    fail("no room for %llu MiB of kernel memory in %llu MiB of RAM%s: give the machine more, or\n"
         "  the loader a smaller kmem=N (at least %lluM)",
         (unsigned long long)(size / MiB), (unsigned long long)(ram_size() / MiB),
         low ? ", below 240 MiB" : "", (unsigned long long)(unit / MiB));
}

/* Room for tables of so many bytes, in pages of their own; 0 for none. */
static uint64_t place_tables(uint64_t size)
{
    uint64_t at;

    if (!layout_find(&layout, align_up(size, PAGE_SIZE), PAGE_SIZE, place_end(&boot), &at))
        fail("no room for the boot information");
    layout_use(&layout, at, align_up(at + size, PAGE_SIZE));
    return at;
}

/* The memory map of the BIOS, as far as maxmem lets it be seen. */
static void describe_map(void)
{
    add_memory(MEM_SHARED, 0, UINT64_MAX);
    for (unsigned i = 0; i < boot.map_count; i++) {
        const struct map_entry *e = &boot.map[i];
        uint64_t high = e->high;
        unsigned type = MEM_CONVENTIONAL;

        if (e->type != MAP_RAM)
            type = MEM_ARCH;
        else if (options.max_memory && high > options.max_memory)
            high = options.max_memory;
        add_memory((e->type & 0xf) << 4 | type, e->low, high);
    }
    add_memory(MEM_SHARED, 0xa0000, 0xc0000);
    add_memory(MEM_SHARED, 0xc0000, 0xf0000);
}

static void describe_programs(struct region kmem)
{
    add_memory(MEM_RESERVED, kmem.low, kmem.high);
    for (unsigned i = MODULE_SIGMA0; i < boot.module_count; i++) {
        const struct module *m = &boot.module[i];
        if (m->loaded)
            add_memory(MEM_BOOT_SERVER, align_down(m->image.low, PAGE_SIZE),
                       align_up(m->image.high, PAGE_SIZE));
        else
            add_memory(MEM_BOOT_MODULE, m->start, align_up(m->start + m->size, PAGE_SIZE));
    }
    kip_set_server(&kip, KIP_SIGMA0, &boot.module[MODULE_SIGMA0].image);
    kip_set_server(&kip, KIP_ROOT_SERVER, &boot.module[MODULE_ROOT].image);
}

static void write_tables(void)
{
    uint64_t info = 0, mbi = 0, rsdp;

    if (options.mbi) {
        mbi = place_tables(mbi_size(&boot));
        mbi_write(&boot, mbi);
        add_memory(MEM_BOOT_TABLES, mbi, align_up(mbi + mbi_size(&boot), PAGE_SIZE));
    }
    if (options.bootinfo) {
        info = place_tables(bootinfo_size(&boot));
        bootinfo_write(&boot, boot.module[MODULE_ROOT].image.bits, info, mbi);
        add_memory(MEM_BOOT_TABLES, info, align_up(info + bootinfo_size(&boot), PAGE_SIZE));
    }
    if (boot.rsdp_size) {
        rsdp = place_tables(PAGE_SIZE);
        memset(phys(rsdp), 0, PAGE_SIZE);
        memcpy(phys(rsdp), boot.rsdp, boot.rsdp_size);
        add_memory(MEM_BOOT_RSDP, rsdp, rsdp + PAGE_SIZE);
    }
    kip_write(&kip, KIP_BOOT_INFO, info ? info : mbi);
}

void loader_main(uint32_t magic, uint32_t info)
{
    struct region kmem;

    console_init();
    read_boot(magic, info);
    parse_programs();
    load_programs();
    find_kip();
    if (options.kdb)
        kip_write(&kip, KIP_KDEBUG_CONFIG, KDEBUG_AT_START);
    kmem = place_kmem();
    describe_map();
    describe_programs(kmem);
    write_tables();
    printf("loader: %u modules, %llu MiB of RAM, %llu MiB for the kernel\n", boot.module_count,
           (unsigned long long)(ram_size() / MiB),
           (unsigned long long)((kmem.high - kmem.low) / MiB));
    loader_jump((uint32_t)boot.module[MODULE_KERNEL].image.entry);
}
