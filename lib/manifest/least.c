/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The least kernel memory that a VM or program can live with.  The fixed parts were measured
 * with guests that touch all of their memory (the console's Ctrl-] s shows what is used) and
 * hold a page more for the vector registers of processors with XSAVE; the rest follows from
 * what the kernel allocates: kernel/core/mapdb.h, kernel/arch/x86/pagetable.c.
 */
#include <manifest/units.h>

#include "check.h"

#define PAGE         (4 * KIB)
#define CHUNK        (2 * MIB)    /* the largest page, and what one table of small ones spans */
#define MAPPING      UINT64_C(24) /* struct mapping: one for each page, small or large        */
#define TABLE        (6 * KIB)    /* a page table with its companion                          */
#define VM_BASE      (120 * KIB)  /* two spaces, a VMM with its heap, a vCPU; 1 GiB at most   */
#define VCPU         (24 * KIB)   /* each further one: thread, UTCB, VMCB, state, registers   */
#define PROGRAM_BASE (60 * KIB)   /* a space, a thread                                        */
#define MONITOR_BASE (256 * KIB)  /* a space, threads, its image and what it has written to   */

static uint64_t divide_up(uint64_t n, uint64_t by)
{
    return (n + by - 1) / by;
}

/* In the VMM's space large pages are used but for the ends of an image, wherever those lie. */
static uint64_t image_needs(const struct image *image)
{
    uint64_t small = image == NULL ? 0 : divide_up(image->size, PAGE);

    if (image == NULL)
        return 0;
    if (small > 2 * CHUNK / PAGE)
        small = 2 * CHUNK / PAGE;
    return small * MAPPING + 3 * TABLE;
}

/* Guest memory is mapped in large pages, once into the VMM and once into the VM. */
static uint64_t vm_needs(const struct vm *vm)
{
    uint64_t memory = vm->memory.number;

    return VM_BASE + (vm->vcpus.number - 1) * VCPU + 2 * divide_up(memory, CHUNK) * MAPPING +
           2 * (divide_up(memory, GIB) - 1) * TABLE + image_needs(vm->kernel_image) +
           image_needs(vm->initrd_image);
}

/* Its image is paged in by small pages; the first table for them is in the fixed part. */
static uint64_t program_needs(const struct program *program)
{
    uint64_t image = program->program_image != NULL ? program->program_image->size : 0;
    uint64_t heap = program->memory.number;

    return PROGRAM_BASE + (divide_up(heap, PAGE) + divide_up(image, PAGE)) * MAPPING +
           (divide_up(heap, CHUNK) + image / CHUNK) * TABLE;
}

uint64_t kernel_memory_default(uint64_t memory)
{
    return divide_up(MIB + memory / 256, PAGE) * PAGE;
}

uint64_t kernel_memory_of(const struct domain *d)
{
    if (d->monitor != NULL)
        return d->monitor->kernel_memory;
    return d->quotas->kernel_memory.text != NULL ? d->quotas->kernel_memory.number
                                                 : kernel_memory_default(d->memory);
}

static uint64_t images_need(const struct system *system)
{
    uint64_t needs = 0;

    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next)
        needs += image_needs(vm->kernel_image) + image_needs(vm->initrd_image);
    for (const struct program *p = system->programs; p != NULL; p = p->next)
        needs += image_needs(p->program_image);
    for (const struct monitor *m = system->monitors; m != NULL; m = m->next)
        needs += m->inner != NULL ? images_need(m->inner) : 0;
    return needs;
}

/* It sees its memory in large pages and the images of all that is inside. */
uint64_t monitor_needs(const struct monitor *monitor)
{
    uint64_t memory = monitor->memory.number;
    uint64_t needs = MONITOR_BASE + divide_up(memory, CHUNK) * MAPPING +
                     divide_up(memory, GIB) * TABLE + images_need(monitor->inner);

    return divide_up(needs, PAGE) * PAGE;
}

static void check_least(struct system *system, const char *kind, const char *name,
                        const struct value *quota, uint64_t needs)
{
    struct report *report = &system->report;
    struct arena *arena = &system->arena;

    needs = divide_up(needs, PAGE) * PAGE;
    if (quota->number >= needs)
        return;
    report_error(report, quota->at, "%s \"%s\" has %s of kernel memory, but may need %s", kind,
                 name, format_size(arena, quota->number), format_size(arena, needs));
    report_remedy(report, "write %s or more, or leave \"kernel-memory\" out",
                  format_size(arena, needs));
}

void check_kernel_memory(struct system *system)
{
    for (const struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        if (vm->quotas.kernel_memory.text != NULL && vm->memory.number != 0 &&
            vm->vcpus.number != 0)
            check_least(system, "VM", vm->name, &vm->quotas.kernel_memory, vm_needs(vm));
    }
    for (const struct program *p = system->programs; p != NULL; p = p->next) {
        if (p->quotas.kernel_memory.text != NULL && p->memory.number != 0)
            check_least(system, "program", p->name, &p->quotas.kernel_memory, program_needs(p));
    }
}
