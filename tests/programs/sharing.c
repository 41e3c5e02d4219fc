/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two native programs that share memory, called "owner" and "partner", with what each is to do as its
 * command line.  The owner's description lets it share with the partner, and with nobody else.  Both
 * expect 64 KiB of heap.
 *
 *   owner all      partner all      everything that both may and must not do; then the owner ends
 *   owner stays    partner ends     the partner ends with a region that it has accepted
 *   owner revokes  partner touches  the partner touches what was taken back: its end
 *   owner lends    partner writes   the partner writes what it may only read: its end
 */
#include <string.h>

#include <l4/kip.h>
#include <l4/misc.h>
#include <l4/schedule.h>
#include <l4/vcpu.h>
#include <marzipan/memory.h>

#include "check.h"

#define NOTE 0x100u
#define PAGE UINT64_C(4096)
#define MIB2 UINT64_C(0x200000)

/* Where the regions are: the partner's places are other ones, and not as well aligned. */
#define OWNER_A   MZ_VMM_REGIONS
#define OWNER_B   (MZ_VMM_REGIONS + 4 * MIB2)
#define PARTNER_A (MZ_VMM_REGIONS + MIB2 + PAGE)
#define PARTNER_B (MZ_VMM_REGIONS + 16 * MIB2)
#define AREA_END  (MZ_VMM_REGIONS + MZ_VMM_REGIONS_SIZE)

/* What both write into region A. */
struct shared {
    volatile uint32_t step;      /* counts up: who waits for it goes on */
    volatile uint64_t own_id[2]; /* the owner's ids of A and B          */
};

static L4_ThreadId_t m;

int main(void);

static volatile uint64_t *at(uint64_t address)
{
    return (volatile uint64_t *)(uintptr_t)address;
}

static void wait_for_note(void)
{
    L4_ThreadId_t from;
    L4_MsgTag_t tag = L4_Wait_Timeout(L4_TimePeriod(30000000), &from);

    expect("a notification",
           L4_IpcSucceeded(tag) && L4_Label(tag) == L4_NOTIFY_LABEL && L4_MR(1) == NOTE);
}

static void wait_for_step(const struct shared *s, uint32_t step)
{
    while (s->step != step)
        L4_ThreadSwitch(L4_nilthread);
}

/* How many regions or offers there are; the last of them. */
static uint32_t list(bool offered, struct mz_memory_region *last)
{
    static struct mz_memory_region all[64];
    uint32_t count = 0;

    check("list", mz_memory_list(m, offered, 0, all, 64, &count), MZ_OK);
    if (count)
        *last = all[count - 1];
    return count;
}

static uint64_t allocate(uint64_t size, uint64_t address, enum mz_error expected)
{
    uint64_t id = 0;

    check("allocate", mz_memory_allocate(m, size, address, &id), expected);
    return id;
}

static uint64_t share(uint64_t id, const char *partner, enum mz_memory_access rights,
                      enum mz_error expected)
{
    uint64_t offer = 0;

    check(partner, mz_memory_share(m, id, partner, rights, &offer), expected);
    return offer;
}

/* The partner's: the next offer, accepted at an address. */
static uint64_t accept(uint64_t address)
{
    struct mz_memory_region offer;

    while (!list(true, &offer))
        wait_for_note();
    expect("the owner's name", strcmp(offer.owner, "owner") == 0 && !offer.address);
    check("accept", mz_memory_accept(m, offer.id, address), MZ_OK);
    return offer.id;
}

static void test_places(void)
{
    const uint64_t huge = ~UINT64_C(0) & ~(PAGE - 1);

    allocate(0, OWNER_A, MZ_ERR_BAD_ARG);
    allocate(PAGE + 1, OWNER_A, MZ_ERR_BAD_ARG);
    allocate(MIB2 + PAGE, OWNER_A, MZ_ERR_BAD_ARG);
    allocate(huge, OWNER_A, MZ_ERR_BAD_ARG);
    allocate(UINT64_C(1) << 32, OWNER_A, MZ_ERR_BAD_ARG);
    allocate(PAGE, OWNER_A + 8, MZ_ERR_BAD_ARG);
    allocate(PAGE, huge, MZ_ERR_BAD_ARG);
    allocate(PAGE, OWNER_A + (UINT64_C(1) << 32), MZ_ERR_BAD_ARG);
    allocate(PAGE, MZ_VMM_HEAP, MZ_ERR_BAD_ARG);
    allocate(PAGE, AREA_END, MZ_ERR_BAD_ARG);
    allocate(2 * PAGE, AREA_END - PAGE, MZ_ERR_BAD_ARG);
    allocate(2 * PAGE, OWNER_A - PAGE, MZ_ERR_BAD_ARG);
}

static void test_own(void)
{
    uint64_t id = allocate(2 * PAGE, AREA_END - 2 * PAGE, MZ_OK), again;

    allocate(PAGE, AREA_END - PAGE, MZ_ERR_EXISTS);
    expect("zero", !*at(AREA_END - 2 * PAGE) && !*at(AREA_END - 8));
    *at(AREA_END - 8) = 0x1234;
    expect("written", *at(AREA_END - 8) == 0x1234);
    check("leave one's own", mz_memory_leave(m, id), MZ_ERR_BAD_ID);
    check("revoke one's own", mz_memory_revoke(m, id), MZ_ERR_BAD_ID);
    check("release", mz_memory_release(m, id), MZ_OK);
    check("release twice", mz_memory_release(m, id), MZ_ERR_BAD_ID);
    share(id, "partner", MZ_MEMORY_READ_ONLY, MZ_ERR_BAD_ID);
    again = allocate(2 * PAGE, AREA_END - 2 * PAGE, MZ_OK);
    expect("another id", again != id);
    expect("zero again", !*at(AREA_END - 8));
    check("release the old id", mz_memory_release(m, id), MZ_ERR_BAD_ID);
    check("release nothing", mz_memory_release(m, 0), MZ_ERR_BAD_ID);
    check("release all", mz_memory_release(m, ~UINT64_C(0)), MZ_ERR_BAD_ID);
    check("release the new id", mz_memory_release(m, again), MZ_OK);
}

/* All that the domain may have, and it is all back afterwards. */
static void test_quota(void)
{
    uint64_t before, used, limit, shared, ids[8], place = OWNER_A;
    enum mz_error error = MZ_OK;
    unsigned n = 0;

    check("quota", mz_memory_quota_of_caller(m, &before, &limit, &shared), MZ_OK);
    expect("64 KiB and 2 MiB", limit == MIB2 + 0x10000 && before < limit && !shared);
    ids[0] = allocate(0x10000, OWNER_A, MZ_OK);
    allocate(MIB2, OWNER_B, MZ_ERR_QUOTA);
    check("release", mz_memory_release(m, ids[0]), MZ_OK);
    for (; n < 8 && !error; n++, place += MIB2)
        error = mz_memory_allocate(m, 0x80000, place, &ids[n]);
    check("half a MiB at a time", error, MZ_ERR_QUOTA);
    expect("some of them", n > 3);
    check("quota", mz_memory_quota_of_caller(m, &used, &limit, &shared), MZ_OK);
    expect("used", used >= before + (n - 1) * UINT64_C(0x80000) && used <= limit);
    for (unsigned i = 0; i + 1 < n; i++)
        check("release", mz_memory_release(m, ids[i]), MZ_OK);
    check("quota", mz_memory_quota_of_caller(m, &used, &limit, &shared), MZ_OK);
    expect("all is back but for the page of the book", used <= before + PAGE);
}

static void owner_all(void)
{
    struct shared *s = (struct shared *)(uintptr_t)OWNER_A;
    struct mz_memory_region last;
    uint64_t a, b, offer;

    test_places();
    test_own();
    test_quota();
    a = allocate(2 * PAGE, OWNER_A, MZ_OK);
    b = allocate(0x100000, OWNER_B, MZ_OK);
    s->own_id[0] = a;
    s->own_id[1] = b;
    share(a, "nobody", MZ_MEMORY_READ_WRITE, MZ_ERR_DENIED);
    share(a, "stranger", MZ_MEMORY_READ_WRITE, MZ_ERR_DENIED);
    share(a, "owner", MZ_MEMORY_READ_WRITE, MZ_ERR_DENIED);
    share(a, "", MZ_MEMORY_READ_WRITE, MZ_ERR_DENIED);
    share(a, "\033[2Jpartner", MZ_MEMORY_READ_WRITE, MZ_ERR_DENIED);
    share(b + 1, "partner", MZ_MEMORY_READ_WRITE, MZ_ERR_BAD_ID);
    check("watch", mz_memory_watch(m, NOTE), MZ_OK);
    offer = share(a, "partner", MZ_MEMORY_READ_WRITE, MZ_OK);
    share(a, "partner", MZ_MEMORY_READ_ONLY, MZ_ERR_EXISTS);
    check("accept one's own offer", mz_memory_accept(m, offer, OWNER_B + MIB2), MZ_ERR_BAD_ID);
    check("decline one's own offer", mz_memory_decline(m, offer), MZ_ERR_BAD_ID);
    check("release one's own offer", mz_memory_release(m, offer), MZ_ERR_BAD_ID);
    expect("two regions, no offers", list(false, &last) == 2 && list(true, &last) == 0);
    wait_for_note(); /* accepted */
    wait_for_step(s, 1);
    expect("what the partner wrote", *at(OWNER_A + 2 * PAGE - 8) == 0xabcd);
    offer = share(b, "partner", MZ_MEMORY_READ_ONLY, MZ_OK);
    wait_for_note(); /* declined */
    check("revoke what was declined", mz_memory_revoke(m, offer), MZ_ERR_BAD_ID);
    *at(OWNER_B + 0xff000) = 0x77;
    offer = share(b, "partner", MZ_MEMORY_READ_ONLY, MZ_OK);
    wait_for_note(); /* accepted */
    wait_for_step(s, 2);
    check("revoke", mz_memory_revoke(m, offer), MZ_OK);
    check("revoke twice", mz_memory_revoke(m, offer), MZ_ERR_BAD_ID);
    expect("still there", *at(OWNER_B + 0xff000) == 0x77);
    offer = share(b, "partner", MZ_MEMORY_READ_WRITE, MZ_OK);
    wait_for_note(); /* accepted */
    wait_for_note(); /* left     */
    check("revoke what was left", mz_memory_revoke(m, offer), MZ_ERR_BAD_ID);
    expect("written by the partner", *at(OWNER_B + 0xff000) == 0x88);
    wait_for_step(s, 3);
}

static void partner_all(void)
{
    struct shared *s = (struct shared *)(uintptr_t)PARTNER_A;
    uint64_t used, limit, shared, a = accept(PARTNER_A), b;
    struct mz_memory_region last;

    expect("one region, as offered", list(false, &last) == 1 && last.id == a &&
                                         last.address == PARTNER_A && last.size == 2 * PAGE &&
                                         last.rights == MZ_MEMORY_READ_WRITE);
    check("quota", mz_memory_quota_of_caller(m, &used, &limit, &shared), MZ_OK);
    expect("two pages of others", shared == 2 * PAGE);
    allocate(PAGE, PARTNER_A + PAGE, MZ_ERR_EXISTS);
    check("accept twice", mz_memory_accept(m, a, PARTNER_B), MZ_ERR_BAD_ID);
    check("decline what was accepted", mz_memory_decline(m, a), MZ_ERR_BAD_ID);
    check("release a partner's", mz_memory_release(m, a), MZ_ERR_BAD_ID);
    check("revoke a partner's", mz_memory_revoke(m, a), MZ_ERR_BAD_ID);
    for (unsigned i = 0; i < 2; i++) {
        check("release by the owner's id", mz_memory_release(m, s->own_id[i]), MZ_ERR_BAD_ID);
        check("leave by the owner's id", mz_memory_leave(m, s->own_id[i]), MZ_ERR_BAD_ID);
        check("accept by the owner's id", mz_memory_accept(m, s->own_id[i], PARTNER_B),
              MZ_ERR_BAD_ID);
        share(s->own_id[i], "owner", MZ_MEMORY_READ_ONLY, MZ_ERR_BAD_ID);
    }
    share(a, "owner", MZ_MEMORY_READ_ONLY, MZ_ERR_BAD_ID);
    *at(PARTNER_A + 2 * PAGE - 8) = 0xabcd;
    s->step = 1;
    while (!list(true, &last))
        wait_for_note();
    check("accept at no multiple", mz_memory_accept(m, last.id, PARTNER_B + 8), MZ_ERR_BAD_ARG);
    check("accept outside", mz_memory_accept(m, last.id, AREA_END - PAGE), MZ_ERR_BAD_ARG);
    check("accept elsewhere", mz_memory_accept(m, last.id, MZ_VMM_HEAP), MZ_ERR_BAD_ARG);
    check("accept where there is one", mz_memory_accept(m, last.id, PARTNER_A - PAGE),
          MZ_ERR_EXISTS);
    check("leave what is not accepted", mz_memory_leave(m, last.id), MZ_ERR_BAD_ID);
    check("decline", mz_memory_decline(m, last.id), MZ_OK);
    check("accept what was declined", mz_memory_accept(m, last.id, PARTNER_B), MZ_ERR_BAD_ID);
    b = accept(PARTNER_B);
    expect("read what may be read", *at(PARTNER_B + 0xff000) == 0x77);
    s->step = 2;
    while (list(false, &last) == 2) /* until it was revoked */
        wait_for_note();
    check("leave what was revoked", mz_memory_leave(m, b), MZ_ERR_BAD_ID);
    b = accept(PARTNER_B);
    *at(PARTNER_B + 0xff000) = 0x88;
    check("leave", mz_memory_leave(m, b), MZ_OK);
    check("leave twice", mz_memory_leave(m, b), MZ_ERR_BAD_ID);
    s->step = 3;
    while (list(false, &last) == 1) /* until the owner has ended */
        wait_for_note();
    check("leave what is gone", mz_memory_leave(m, a), MZ_ERR_BAD_ID);
    check("watch nothing", mz_memory_watch(m, 0), MZ_OK);
}

static void owner_stays(void)
{
    struct mz_memory_region last;
    uint64_t a = allocate(PAGE, OWNER_A, MZ_OK), offer;

    check("watch", mz_memory_watch(m, NOTE), MZ_OK);
    offer = share(a, "partner", MZ_MEMORY_READ_WRITE, MZ_OK);
    wait_for_note(); /* accepted */
    wait_for_note(); /* ended    */
    check("revoke what was the partner's", mz_memory_revoke(m, offer), MZ_ERR_BAD_ID);
    expect("what it wrote", *at(OWNER_A) == 0x99 && list(false, &last) == 1);
    share(a, "partner", MZ_MEMORY_READ_WRITE, MZ_ERR_NOT_FOUND);
}

static void owner_gives(enum mz_memory_access rights, bool revoke)
{
    uint64_t a = allocate(MIB2 / 2, OWNER_A, MZ_OK), offer;

    check("watch", mz_memory_watch(m, NOTE), MZ_OK);
    offer = share(a, "partner", rights, MZ_OK);
    wait_for_note(); /* accepted */
    if (revoke) {
        wait_for_step((struct shared *)(uintptr_t)OWNER_A, 1);
        check("revoke", mz_memory_revoke(m, offer), MZ_OK);
    } else
        wait_for_note(); /* ended */
    *at(OWNER_A) = 1;
}

static void partner_loses(bool writes)
{
    struct mz_memory_region last;

    accept(PARTNER_A);
    if (writes) {
        native_print("read %lu\n", (unsigned long)*at(PARTNER_A));
        *at(PARTNER_A) = 1;
    }
    *(volatile uint32_t *)(uintptr_t)PARTNER_A = 1;
    while (list(false, &last))
        wait_for_note();
    native_print("revoked\n");
    native_print("but %lu\n", (unsigned long)*at(PARTNER_A));
}

int main(void)
{
    const char *act = native_boot()->cmdline;

    m = native_monitor();
    L4_Set_ExceptionHandler(L4_Pager());
    if (strncmp(act, "partner", 7) == 0)
        check("watch", mz_memory_watch(m, NOTE), MZ_OK);
    if (strcmp(act, "owner all") == 0)
        owner_all();
    else if (strcmp(act, "partner all") == 0)
        partner_all();
    else if (strcmp(act, "owner stays") == 0)
        owner_stays();
    else if (strcmp(act, "partner ends") == 0)
        *at((accept(PARTNER_A), PARTNER_A)) = 0x99;
    else if (strcmp(act, "owner revokes") == 0)
        owner_gives(MZ_MEMORY_READ_WRITE, true);
    else if (strcmp(act, "partner touches") == 0)
        partner_loses(false);
    else if (strcmp(act, "owner lends") == 0)
        owner_gives(MZ_MEMORY_READ_ONLY, false);
    else if (strcmp(act, "partner writes") == 0)
        partner_loses(true);
    else
        expect("something to do", false);
    finish();
}
