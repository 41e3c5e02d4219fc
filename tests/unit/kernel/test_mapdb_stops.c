/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: tests/unit/kernel/fake/fake.c tests/unit/kernel/fake/cpus.c kernel/core/kmem.c kernel/core/slab.c
// SOURCES: kernel/core/mapdb.c kernel/core/unmap.c kernel/core/split.c kernel/core/ioport.c kernel/core/attribute.c
// SOURCES: kernel/core/space.c kernel/arch/x86/pagetable.c kernel/arch/x86/io.c tests/unit/kernel/fake/virt.c
// SOURCES: kernel/core/mapping.c
// CFLAGS: -Itests/unit/kernel -Itests/unit/kernel/fake -Ikernel/include -Ikernel/core -Ikernel/arch/x86/include -Ikernel/arch/x86/amd64/include -Ilib/l4/include
/*
 * Operations that stop in the middle while others go on, with too little memory at times: the
 * database must be whole after each step, nobody may have more rights than what he derives them
 * from, and no processor may go on with a translation that is no longer so.
 */
#include "arch/pte.h"
#include "mapdb_check.h"

#define PHYS  0x10000000UL
#define SUPER (1UL << PT_BITS)
#define TASKS 8

/* An operation under way. */
struct task {
    enum { IDLE, MAP, UNMAP } what;
    unsigned from, to, steps;
    word_t fpage, base, done;
    bool grant, flush;
    struct unmapping u;
};

static struct task tasks[TASKS];

static unsigned any(unsigned n)
{
    return (unsigned)rand() % n;
}

/* ---- what processors have cached ---- */

#define CACHED 32

struct translation {
    word_t va;
    unsigned log2, rights;
    u64 pa;
};

static struct translation cached[FAKE_CPUS][CACHED];
static unsigned loaded[FAKE_CPUS]; /* whose page tables */

static void invalidated(unsigned cpu, word_t va, bool all)
{
    for (unsigned i = 0; i < CACHED; i++)
        if (all || cached[cpu][i].va >> cached[cpu][i].log2 == va >> cached[cpu][i].log2)
            cached[cpu][i].rights = 0;
}

static void use_memory(void)
{
    unsigned cpu = any(FAKE_CPUS);
    struct translation *c = &cached[cpu][any(CACHED)];
    struct pt_leaf l;

    if (any(20) == 0) { /* another thread */
        loaded[cpu] = 1 + any(SPACES - 1);
        cpus[cpu]->table = space[loaded[cpu]]->table;
        invalidated(cpu, 0, true);
    }
    l = at(loaded[cpu], BASE + any(3 * SUPER) * PAGE_SIZE);
    if (any(2))
        l = at(loaded[cpu], BASE + any(16) * PAGE_SIZE);
    if (l.pte)
        *c = (struct translation){l.va, l.log2, pt_rights(&l), pt_address(&l).v};
}

static void check_translations(void)
{
    for (unsigned cpu = 0; cpu < FAKE_CPUS; cpu++) {
        for (const struct translation *c = cached[cpu]; c < cached[cpu] + CACHED; c++) {
            struct pt_leaf l = at(loaded[cpu], c->va);

            if (!c->rights)
                continue;
            assert_non_null(l.pte);
            assert_int_equal(pt_address(&l).v + (c->va - l.va), c->pa);
            assert_int_equal(c->rights & ~pt_rights(&l), 0);
        }
    }
}

/* ---- the tasks ---- */

static word_t random_fpage(unsigned s, unsigned rights)
{
    unsigned log2 = any(12) ? any(3) : PT_BITS + any(2);
    word_t page = any(6) ? any(16) : any(3 * SUPER);

    return fpage_make((s ? BASE : PHYS) + page * PAGE_SIZE, PAGE_SHIFT + log2, rights);
}

static void begin(struct task *x, bool unmap)
{
    struct mapping *marker = x->u.marker;

    *x = (struct task){.what = unmap ? UNMAP : MAP, .from = any(6) ? 1 + any(SPACES - 1) : 0};
    x->to = 1 + any(SPACES - 1);
    x->u.marker = marker;
    x->flush = any(2);
    x->grant = any(5) == 0;
    x->base = fpage_base(random_fpage(1, 0));
    if (x->what == MAP)
        x->fpage = random_fpage(x->from, any(3) ? RIGHT_RWX : any(8));
    else /* mostly what leaves the pages */
        x->fpage = random_fpage(x->from, any(8) & (any(4) ? RIGHT_W | RIGHT_X : RIGHT_RWX));
    if (x->what == UNMAP && x->from && any(30) == 0)
        x->fpage = FPAGE_COMPLETE | any(8);
}

/* True: done. */
static bool go_on(struct task *x)
{
    if (x->what == MAP)
        return map_fpage(space[x->from], x->fpage, space[x->to], FPAGE_COMPLETE, x->base, x->grant,
                         &x->done) != MAP_INTERRUPTED;
    return unmap_fpage(space[x->from], x->fpage, x->flush, &x->u);
}

static void step(struct task *x, bool unmaps)
{
    if (x->what == IDLE)
        begin(x, unmaps && any(3) == 0);
    fake_enter_cpu(any(FAKE_CPUS));
    fake_interrupt_in = 1 + any(3);
    fake_interrupt_again = 1 + any(3);
    x->steps++;
    assert_true(x->steps < 20000); /* however often it stops, it ends */
    if (!go_on(x))
        return;
    x->what = IDLE;
    assert_false(mapping_is_marker(x->u.marker)); /* its thread may need the place */
}

/* The markers in the list are those of tasks. */
static void check_markers(unsigned count)
{
    for (unsigned i = 0; i < TASKS; i++)
        count -= tasks[i].what == UNMAP && mapping_is_marker(tasks[i].u.marker);
    assert_int_equal(count, 0);
}

static bool unmapping(void)
{
    for (unsigned i = 0; i < TASKS; i++)
        if (tasks[i].what == UNMAP)
            return true;
    return false;
}

/* Who has no memory to cut a superpage loses rights to all of it, also those that he has passed on. */
static void check(bool starved)
{
    unsigned markers, pages = 0, count = check_list(&markers, !starved && !unmapping());

    check_markers(markers);
    for (unsigned s = 1; s < SPACES; s++)
        pages += count_pages(space[s], BASE, BASE + 4 * SUPER * PAGE_SIZE);
    assert_int_equal(count, pages);
}

static void starve(void)
{
    unsigned n = 2 + any(SPACES - 1);

    account_set_limit(&accounts[n],
                      any(3) ? ~(word_t)0 : account_used(&accounts[n]) + any(200) * any(100));
}

static void begin_test(unsigned seed)
{
    struct mapping *markers;

    setup();
    markers = kmem_pages(&accounts[0], 0);
    memset(tasks, 0, sizeof(tasks));
    memset(cached, 0, sizeof(cached));
    for (unsigned i = 0; i < TASKS; i++)
        tasks[i].u.marker = &markers[i];
    cpu_count = FAKE_CPUS;
    for (unsigned cpu = 0; cpu < FAKE_CPUS; cpu++) {
        loaded[cpu] = 1;
        cpus[cpu]->table = space[1]->table;
    }
    fake_invalidated = invalidated;
    srand(seed);
}

static void end_test(void)
{
    fake_interrupt_in = 0;
    for (unsigned s = 1; s < SPACES; s++)
        account_set_limit(&accounts[s + 1], ~(word_t)0);
    for (unsigned i = 0; i < TASKS; i++)
        while (tasks[i].what != IDLE && !go_on(&tasks[i]))
            ;
    kmem_pages_free(&accounts[0], tasks[0].u.marker, 0);
    fake_invalidated = NULL;
    fake_enter_cpu(0);
    cpu_count = 1;
    tear_down();
    for (unsigned s = 1; s < SPACES; s++)
        assert_int_equal(account_used(&accounts[s + 1]), 0);
}

static void run_seed(unsigned seed, bool starved)
{
    begin_test(seed);
    for (unsigned i = 0; i < 20000; i++) {
        bool last = i % 128 == 0; /* of a batch: no Unmap shall be under way then */

        do {
            step(&tasks[any(TASKS)], !last);
            check_translations();
            use_memory();
        } while (last && unmapping());
        if (last || i % 64 == 0)
            check(starved);
        if (starved && i % 32 == 0)
            starve();
    }
    end_test();
}

static void test_much_at_once(void **state)
{
    for (unsigned seed = 1; seed < 4; seed++)
        run_seed(seed, false);
}

static void test_with_little_memory(void **state)
{
    for (unsigned seed = 11; seed < 14; seed++)
        run_seed(seed, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_much_at_once),
        cmocka_unit_test(test_with_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
