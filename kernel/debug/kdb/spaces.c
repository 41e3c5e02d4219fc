/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: the list, and all of one. */
#include "core/cpu.h"
#include "kdb.h"

static const char *kind(const struct space *s)
{
    if (s->sigma0)
        return "sigma0";
    if (s->vm)
        return "guest memory";
    return s->privileged ? "privileged" : s->initialised ? "ordinary" : "not set up";
}

static unsigned domain_of(const struct space *s)
{
    return space_domain(s);
}

void kdb_cmd_spaces(const struct kdb_args *a)
{
    unsigned n = 0;

    kprintf("%12s %12s %7s %6s %16s %16s %8s\n", "space", "kind", "threads", "domain", "kip",
            "utcbs", "size");
    for (struct thread *t = thread_next(0); t; t = thread_next(thread_number(t) + 1)) {
        const struct space *s = t->space;

        if (!kdb_first_in_space(t))
            continue;
        kprintf("%12s %12s %7u %6u %16lx %16lx %8lx\n", kdb_thread_id(t), kind(s), s->thread_count,
                domain_of(s), s->kip_base, s->utcb_base, s->utcb_size);
        n++;
    }
    kprintf("%u spaces\n", n);
}

/* ---- one of them ---- */

static void print_tables(const struct space *s)
{
    struct page_count count;

    if (!s->pt_root) {
        kprintf("  no page tables yet\n");
        return;
    }
    arch_count_pages(s, &count);
    kprintf("  %u page tables; pages:", count.tables);
    for (unsigned i = 0; i < KDB_SIZES; i++)
        if (count.of[i].pages)
            kprintf(" %u of %lu KiB,", count.of[i].pages, 1UL << (count.of[i].log2 - 10));
    kprintf(" %u pinned by the kernel\n", count.pinned);
}

static void print_threads(const struct space *s)
{
    unsigned n = 0;

    kprintf("  threads:");
    for (struct thread *t = thread_next(0); t; t = thread_next(thread_number(t) + 1)) {
        if (t->space != s)
            continue;
        kprintf("%s%s", n && n % 8 == 0 ? "\n           " : " ", kdb_thread_id(t));
        n++;
    }
    kprintf("\n");
}

static void print_processors(const struct space *s)
{
    unsigned count = 0;

    kprintf("  loaded on processors:");
    for (unsigned n = 0; n < cpu_count; n++) {
        if (cpus[n]->table != s->table && cpus[n]->guest_space != s)
            continue;
        kprintf(" %u", n);
        count++;
    }
    kprintf("%s\n", count ? "" : " none");
}

void kdb_cmd_space(const struct kdb_args *a)
{
    const struct space *s = kdb_space(a->word[0]);

    kprintf("space %s: %s, domain %u, %u threads, page table register %lx\n", kdb_space_id(s),
            kind(s), domain_of(s), s->thread_count, s->table);
    if (s->initialised && !s->vm)
        kprintf("  KIP at %lx, UTCBs at %lx, %lx bytes\n", s->kip_base, s->utcb_base, s->utcb_size);
    kprintf("  redirector %s, IO ports %s, %s, vCPUs %s\n", kdb_id(s->redirector),
            s->ports ? "mapped" : "none", s->privileged ? "privileged" : "not privileged",
            list_empty(&s->vcpus) ? "none" : "run in it");
    print_tables(s);
    print_processors(s);
    print_threads(s);
}
