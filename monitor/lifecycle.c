/* SPDX-License-Identifier: BSD-2-Clause */
#include "lifecycle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>

#include "console.h"
#include "guest_ram.h"
#include "kernel_memory.h"
#include "log.h"
#include "memory.h"
#include "power.h"
#include "reach.h"
#include "rtc.h"
#include "text.h"
#include "thread.h"
#include "trace.h"

#define IMAGE_STRIDE (UINT64_C(1) << 36) /* between boot images in the VMM's space */
#define UNMAP_BATCH  63u

static bool changed; /* something has ended since the last look whether all have */

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
    boot->boot_clock = rtc_boot_seconds();
    text_copy(boot->name, sizeof(boot->name), c->name, sizeof(c->name));
    text_copy(boot->cmdline, sizeof(boot->cmdline), c->cmdline, MZ_CMDLINE_MAX);
}

/* Memory that every domain has before it runs. */
static enum mz_error take_memory(struct domain *d)
{
    enum mz_error error;

    error = d->config.program ? MZ_OK : guest_ram_take(d);
    if (error)
        return error;
    d->frames = domain_take_pages(d, sizeof(struct frames) / MEM_PAGE, &error);
    if (error)
        return error;
    memset(d->frames, 0, sizeof(*d->frames));
    d->rings = domain_take_pages(d, MZ_CONSOLE_SIZE / MEM_PAGE, &error);
    if (error)
        return error;
    memset(d->rings, 0, MZ_CONSOLE_SIZE);
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

/* Build the domain up.  What was built when a step fails, tear_down() takes away. */
static enum mz_error build(struct domain *d)
{
    enum mz_error error;

    d->memory.limit = d->config.memory + CONFIG_OVERHEAD;
    d->threads.limit = d->config.threads;
    d->fault_repeats = 0;
    d->started = false;
    reach_begin(d);
    if (!kernel_memory_set(d->number, d->config.kernel_memory))
        return MZ_ERR_NO_MEMORY;
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

/* With its spaces gone a domain's kernel account is empty, or the kernel leaks. */
static void check_account(const struct domain *d)
{
    uint64_t used, limit;

    kernel_memory_get(d->number, &used, &limit);
    if (used)
        log_warn("%s %s: the kernel still holds %s of memory for it", domain_kind(d),
                 d->config.name, text_size(used));
}

/* Take everything away; works on a domain that is only partly there. */
static void tear_down(struct domain *d)
{
    console_detach(d);
    for (unsigned slot = SLOTS; slot-- > 0;)
        thread_delete(d, slot);
    mem_give_all(d->number, revoke);
    unmap_flush();
    quota_give(&d->memory, d->memory.used);
    check_account(d);
    d->frames = NULL;
    d->boot = NULL;
}

static void start(struct domain *d)
{
    static const char *const words[] = {
        [MZ_ERR_QUOTA] = "its memory, thread or kernel memory quota is too small",
        [MZ_ERR_NO_MEMORY] = "the machine's memory is exhausted",
        [MZ_ERR_BAD_ARG] = "the kernel refuses its threads or spaces",
    };
    enum mz_error error;

    d->incarnation++;
    d->history.started_ms = now_ms();
    d->state = DOMAIN_RUNNING;
    trace_note("start", d->number);
    error = build(d);
    if (error)
        lifecycle_end(d, ENDING_FAILURE, "cannot be started: %s",
                      error <= MZ_ERR_NO_MEMORY && words[error] ? words[error] : "internal error");
    else
        log_debug("%s %s: start %u", domain_kind(d), d->config.name, d->incarnation);
}

void lifecycle_start_all(void)
{
    changed = true;
    FOR_EACH_DOMAIN(d)
    {
        start(d);
    }
}

/* How the line about an ending goes on: what will become of the domain. */
static void add_verdict(char *line, size_t size, const struct domain *d,
                        const struct restart_verdict *v, enum ending ending)
{
    const struct restart_policy *p = &d->config.restart;

    if (v->crash_loop) {
        text_add(line, size, "; it stays down after %u restarts within %u s", p->limit,
                 p->window_ms / 1000);
    } else if (v->restart) {
        text_add(line, size, "; restarting");
        if (v->delay_ms % 1000)
            text_add(line, size, " in %u ms", v->delay_ms);
        else if (v->delay_ms)
            text_add(line, size, " in %u s", v->delay_ms / 1000);
        if (v->attempt)
            text_add(line, size, " (%u of %u)", v->attempt, p->limit);
    } else if (ending == ENDING_FINAL || (ending == ENDING_FAILURE && p->when == RESTART_NEVER)) {
        text_add(line, size, "; not restarted");
    }
}

void lifecycle_end(struct domain *d, enum ending ending, const char *cause, ...)
{
    struct restart_verdict verdict =
        restart_decide(&d->config.restart, &d->history, ending, now_ms());
    char line[256];
    va_list args;

    trace_note("end", d->number);
    tear_down(d);
    changed = true;
    d->state = verdict.restart ? DOMAIN_WAITING : DOMAIN_ENDED;
    d->restart_at_ms = now_ms() + verdict.delay_ms;
    d->succeeded = ending != ENDING_FAILURE && ending != ENDING_FINAL;
    va_start(args, cause);
    vsnprintf(line, sizeof(line), cause, args);
    va_end(args);
    add_verdict(line, sizeof(line), d, &verdict, ending);
    log_write(d->succeeded ? MZ_LOG_INFO : MZ_LOG_ERROR, "%s %s: %s", domain_kind(d),
              d->config.name, line);
    if (d->state == DOMAIN_ENDED && console_focused() == d)
        console_show_all();
}

void lifecycle_operator(struct domain *d, enum ending ending)
{
    if (d->state == DOMAIN_RUNNING) {
        lifecycle_end(d, ending,
                      ending == ENDING_RESTART ? "reset by the operator"
                                               : "killed by the operator");
    } else if (ending == ENDING_RESTART) {
        d->state = DOMAIN_WAITING;
        d->restart_at_ms = now_ms();
    } else if (d->state == DOMAIN_WAITING) {
        d->state = DOMAIN_ENDED;
        changed = true;
        log_info("%s %s: the operator keeps it down", domain_kind(d), d->config.name);
    }
}

/* When nothing runs and nothing will: the machine's work is done. */
static void power_off_if_done(void)
{
    bool success = true;

    changed = false;
    FOR_EACH_DOMAIN(d)
    {
        if (d->state != DOMAIN_ENDED)
            return;
        success = success && d->succeeded;
    }
    power_off(success ? 0 : 1, success ? "all have ended" : "all have ended, not all well");
}

uint64_t lifecycle_poll(void)
{
    uint64_t wait = 0;

    FOR_EACH_DOMAIN(d)
    {
        uint64_t now, left;

        if (d->state != DOMAIN_WAITING)
            continue;
        now = now_ms();
        if (d->restart_at_ms <= now)
            start(d);
        if (d->state != DOMAIN_WAITING)
            continue;
        left = d->restart_at_ms > now ? d->restart_at_ms - now : 1;
        if (!wait || left < wait)
            wait = left;
    }
    if (changed)
        power_off_if_done();
    return wait;
}
