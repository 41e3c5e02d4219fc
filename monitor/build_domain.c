/* SPDX-License-Identifier: BSD-2-Clause */
#include "build_domain.h"

#include <l4/space.h>
#include <l4/thread.h>

#include <books/directory.h>
#include <books/memory.h>
#include <books/regions.h>
#include <marzipan/native.h>
#include <rt/text.h>

#include "console.h"
#include "guest_ram.h"
#include "log.h"
#include "nested.h"
#include "policy.h"
#include "reach.h"
#include "rtc.h"
#include "service.h"
#include "supply.h"
#include "supply_root.h"
#include "thread.h"

#define IMAGE_STRIDE (UINT64_C(1) << 36) /* between boot images in the VMM's space */
#define UNMAP_BATCH  63u

/* Where a module appears in the VMM: in step with its physical address, so that
 * large pages can be used. */
static struct mz_image place_image(const struct module *m, unsigned n)
{
    if (!m)
        return (struct mz_image){0, 0};
    return (struct mz_image){MZ_VMM_IMAGES + n * IMAGE_STRIDE + mem_address(m->data) % MEM_CHUNK,
                             m->size};
}

static void fill_boot_page(struct domain *d)
{
    const struct domain_config *c = &d->config;
    struct mz_boot *boot = d->boot;

    boot->magic = MZ_BOOT_MAGIC;
    boot->version = MZ_BOOT_VERSION;
    boot->vcpus = c->vcpus;
    boot->ram_size = c->memory;
    boot->monitor = L4_Myself().raw;
    boot->kernel = place_image(d->kernel, 0);
    boot->initrd = place_image(d->initrd, 1);
    boot->incarnation = d->incarnation;
    boot->boot_clock = supply_is_nested() ? native_boot()->boot_clock : rtc_boot_seconds();
    boot->watchdog_ms = c->watchdog_ms;
    text_copy(boot->name, sizeof(boot->name), c->name, sizeof(c->name));
    text_copy(boot->cmdline, sizeof(boot->cmdline), c->cmdline, MZ_CMDLINE_MAX);
}

/* Memory that every domain has before it runs. */
static enum mz_error take_memory(struct domain *d)
{
    enum mz_error error;

    error = config_has_ram(&d->config) ? guest_ram_take(d) : MZ_OK;
    if (error)
        return error;
    d->frames = domain_take_pages(d, sizeof(struct frames) / MEM_PAGE, &error);
    if (error)
        return error;
    d->rings = domain_take_pages(d, MZ_CONSOLE_SIZE / MEM_PAGE, &error);
    if (error)
        return error;
    d->boot = domain_take_pages(d, 1, &error);
    return error;
}

static enum mz_error create_threads(struct domain *d)
{
    enum mz_error error = thread_create_main(d);

    if (error || d->config.program)
        return error;
    error = thread_create_vm(d);
    return error ? error : thread_bind_vcpu(d, SLOT_MAIN);
}

enum mz_error build_up(struct domain *d)
{
    enum mz_error error;

    d->memory.limit = d->config.memory + CONFIG_OVERHEAD;
    d->threads.limit = d->config.threads;
    d->windows.limit = d->config.windows;
    d->fault_repeats = 0;
    d->started = false;
    d->requests = d->refused = d->faults = 0;
    reach_begin(d);
    policy_begin(d);
    error = supply_kernel_memory(d->window, d->config.kernel_memory, NULL, NULL);
    if (error)
        return error;
    error = take_memory(d);
    if (error)
        return error;
    console_attach(d);
    fill_boot_page(d);
    error = create_threads(d);
    if (error)
        return error;
    return thread_start(d, SLOT_MAIN, d->program.entry, 0) ? MZ_OK : MZ_ERR_BAD_ARG;
}

static L4_Fpage_t unmap_list[UNMAP_BATCH];
static unsigned unmap_count;
unsigned build_unmappings;

static void unmap_flush(void)
{
    if (unmap_count)
        L4_UnmapFpages(unmap_count, unmap_list);
    unmap_count = 0;
}

/* The memory leaves everyone to whom the domain may have passed it on. */
static void revoke(uint64_t phys, uint64_t size)
{
    L4_Fpage_t page = L4_Fpage(phys, size);

    L4_Set_Rights(&page, L4_FullyAccessible);
    unmap_list[unmap_count++] = page;
    if (unmap_count == UNMAP_BATCH)
        unmap_flush();
}

void build_unmap(uint64_t phys, uint64_t size)
{
    for (uint64_t at = phys, block; at < phys + size; at += block) {
        block = UINT64_C(1) << supply_block_log2(at, phys + size);
        revoke(at, block);
    }
    unmap_flush();
    build_unmappings++;
}

/* With its spaces gone a domain's kernel account is empty, or the kernel leaks. */
static void check_account(const struct domain *d)
{
    uint64_t used, limit;

    supply_kernel_memory(d->window, SUPPLY_UNCHANGED, &used, &limit);
    if (used)
        log_warn("%s %s: the kernel still holds %s of memory for it", domain_kind(d),
                 d->config.name, text_size(used));
}

void build_tear_down(struct domain *d)
{
    service_log_drain(d);
    console_detach(d);
    d->event_waiter = L4_nilthread;
    directory_forget(d->number);
    regions_forget(d->number);
    service_forget_devices(d);
    nested_end(d);
    for (unsigned slot = SLOTS; slot-- > 0;)
        thread_delete(d, slot);
    mem_give_all(d->number, revoke);
    unmap_flush();
    quota_give(&d->memory, d->memory.used);
    check_account(d);
    d->frames = NULL;
    d->boot = NULL;
}
