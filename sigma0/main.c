/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigma0: the first pager.  It owns all memory and all IO ports, and gives each
 * piece to the first thread that asks for it.  Its own pages need no mapping:
 * the kernel lets it see physical memory one to one.
 */
#include <l4/arch.h>
#include <l4/ipc.h>
#include <l4/kdebug.h>
#include <l4/misc.h>
#include <l4/protocol.h>
#include <l4/thread.h>
#include <rt/console.h>
#include <stdio.h>
#include "memory.h"
#include "ranges.h"

#define MEMORY_RANGES 1024u
#define PORT_RANGES   256
#define PORT_MAX      0xffff
#define PAGE_LOG2     12

static struct range memory_table[MEMORY_RANGES], port_table[PORT_RANGES];
static struct ranges memory, ports;
static L4_Word_t user_last;
static L4_Word_t verbosity;

/* One message: who sent it, and its first words. */
struct request {
    L4_ThreadId_t from;
    L4_MsgTag_t tag;
    L4_Word_t word[3];
};

/* What to send back; a handler that does not answer leaves valid false. */
struct answer {
    bool valid;
    L4_MsgTag_t tag;
    L4_MapItem_t item;
};

static const struct answer silence = {.valid = false};

static struct answer answer_page(L4_Fpage_t f, L4_Word_t base)
{
    return (struct answer){true, L4_MakeTag(0, 0, 2), L4_MapItem(f, base)};
}

static struct answer refusal(void)
{
    return answer_page(L4_Nilpage, 0);
}

static bool claim(struct ranges *r, L4_Word_t low, L4_Word_t high, L4_ThreadId_t owner, bool device)
{
    enum claim result = ranges_claim(r, low, high, owner.raw, device);

    if (result == CLAIM_FULL)
        printf("sigma0: the table of %u ranges is full: %lx-%lx refused to %lx\n", r->capacity, low,
               high, owner.raw);
    if (verbosity)
        printf("sigma0: %lx asks for %lx-%lx: %s\n", owner.raw, low, high,
               result == CLAIM_OK ? "given" : "refused");
    return result == CLAIM_OK;
}

/* ---- memory ---- */

static struct answer give_page(const struct request *q, L4_Word_t base, unsigned log2, bool device)
{
    L4_Word_t mask = log2 < L4_WORD_BITS ? (1ul << log2) - 1 : ~0ul;
    L4_Fpage_t f;

    base &= ~mask;
    if (!claim(&memory, base, base | mask, q->from, device))
        return refusal();
    f = L4_FpageAddRights(L4_FpageLog2(base, (int)log2), L4_FullyAccessible);
    return answer_page(f, base);
}

static struct answer page_fault(const struct request *q)
{
    return give_page(q, q->word[0], PAGE_LOG2, false);
}

/* Where the first servers have their UTCBs and KIPs, they cannot have memory one to one. */
#define SERVER_AREA 0x1000000ul

static bool find_any(unsigned log2, L4_Word_t *base)
{
    L4_Word_t area = L4_MyLocalId().raw & ~(SERVER_AREA - 1);

    if (ranges_free_block(&memory, log2, user_last, base) &&
        (*base >= area + SERVER_AREA || *base + (1ul << log2) <= area))
        return true;
    return ranges_free_block(&memory, log2, area - 1, base) ||
           ranges_free_block(&memory, log2, ~0ul, base);
}

static struct answer memory_request(const struct request *q, L4_Fpage_t f)
{
    unsigned log2 = (unsigned)L4_SizeLog2(f);
    L4_Word_t base = f.raw & ~0x3fful;
    L4_Word_t attribute = q->word[1];
    bool any = base == ~0x3fful;
    struct answer a;

    if (log2 < PAGE_LOG2)
        return refusal();
    if (any && !find_any(log2, &base))
        return refusal();
    if (!any && f.X.reserved && L4_UntypedWords(q->tag) == 3)
        base |= q->word[2] << 16 << 16;
    a = give_page(q, base, log2, true);
    if (attribute && !L4_IsNilFpage(L4_MapItemSndFpage(a.item)) &&
        !L4_Set_PageAttribute(L4_MapItemSndFpage(a.item), attribute))
        return refusal();
    return a;
}

/* ---- IO ports ---- */

static struct answer give_ports(const struct request *q, L4_Word_t port, unsigned log2)
{
    L4_Word_t mask = (1ul << log2) - 1;

    port &= ~mask;
    if (!claim(&ports, port, port | mask, q->from, true))
        return refusal();
    return answer_page(L4_FpageAddRights(L4_IoFpageLog2(port, (int)log2), L4_FullyAccessible), 0);
}

static struct answer port_request(const struct request *q, L4_Fpage_t f)
{
    if (f.raw >> 16 == ~0ul >> 16 || L4_IoFpageSizeLog2(f) > 16)
        return refusal();
    return give_ports(q, L4_IoFpagePort(f), (unsigned)L4_IoFpageSizeLog2(f));
}

/* An access may straddle: take the smallest block that covers all of it. */
static struct answer port_fault(const struct request *q)
{
    L4_Fpage_t f = {.raw = q->word[0]};
    L4_Word_t first = L4_IoFpagePort(f), last = first + L4_IoFpageSize(f) - 1;
    unsigned log2 = 0;

    if (!L4_IsIoFpage(f) || last > PORT_MAX)
        return refusal();
    while (first >> log2 != last >> log2)
        log2++;
    return give_ports(q, first, log2);
}

static struct answer explicit_request(const struct request *q)
{
    L4_Fpage_t f = {.raw = q->word[0]};
    L4_Word_t no = L4_ThreadNo(q->from);

    if (no < L4_ThreadIdUserBase(L4_Kip())) /* the kernel's threads have no business here */
        return silence;
    return L4_IsIoFpage(f) ? port_request(q, f) : memory_request(q, f);
}

/* ---- debugging ---- */

static const char *owner_name(unsigned long owner)
{
    switch (owner) {
    case OWNER_NOBODY:
        return "nobody";
    case OWNER_RAM:
        return "free";
    case OWNER_DEVICE:
        return "free device";
    case OWNER_ANYONE:
        return "anyone";
    default:
        return "";
    }
}

static void dump(const char *what, const struct ranges *r)
{
    printf("sigma0: %s, %u of %u ranges\n", what, r->count, r->capacity);
    for (unsigned i = 0; i < r->count; i++) {
        const struct range *at = &r->range[i];
        const char *name = owner_name(at->owner);
        if (*name)
            printf("  %16lx-%16lx %s\n", at->low, at->high, name);
        else
            printf("  %16lx-%16lx thread %lx\n", at->low, at->high, at->owner);
    }
}

static struct answer debug_request(const struct request *q)
{
    L4_Word_t no = L4_ThreadNo(q->from), user = L4_ThreadIdUserBase(L4_Kip());

    if (no != user + 2 && (no < L4_ThreadIdSystemBase(L4_Kip()) || no >= user))
        return silence;
    if (q->word[0] == 1)
        verbosity = q->word[1];
    if (q->word[0] != 2)
        return silence;
    dump("memory", &memory);
    dump("ports", &ports);
    return (struct answer){.valid = q->word[1] != 0, .tag = L4_Niltag};
}

/* ---- the protocol ---- */

static struct answer handle(const struct request *q)
{
    static const struct {
        L4_Word_t label, max_words;
        struct answer (*handler)(const struct request *q);
    } protocol[] = {
        {L4_LABEL_PAGEFAULT, 2, page_fault},
        {L4_LABEL_SIGMA0, 3, explicit_request},
        {L4_LABEL_IO_FAULT, 2, port_fault},
        {L4_LABEL_SIGMA0_DEBUG, 3, debug_request},
    };
    L4_Word_t label = L4_LABEL_PROTOCOL(L4_Label(q->tag)), u = L4_UntypedWords(q->tag);

    if (L4_TypedWords(q->tag) != 0 || u < 2)
        return silence;
    for (unsigned i = 0; i < sizeof(protocol) / sizeof(protocol[0]); i++)
        if (protocol[i].label == label && u <= protocol[i].max_words)
            return protocol[i].handler(q);
    return silence;
}

static void read_request(struct request *q, L4_ThreadId_t from, L4_MsgTag_t tag)
{
    q->from = L4_GlobalIdOf(from);
    q->tag = tag;
    L4_StoreMRs(1, 3, q->word);
}

static _Noreturn void serve(void)
{
    struct answer a = silence;
    struct request q;
    L4_ThreadId_t from = L4_nilthread;
    L4_MsgTag_t tag;

    for (;;) {
        L4_Accept(L4_UntypedWordsAcceptor);
        if (a.valid) {
            L4_Set_MsgTag(a.tag);
            L4_LoadMRs(1, 2, a.item.raw);
            tag = L4_ReplyWait(from, &from);
        } else {
            tag = L4_Wait(&from);
        }
        a = silence; /* a reply that failed concerns its receiver only */
        if (L4_IpcFailed(tag))
            continue;
        read_request(&q, from, tag);
        a = handle(&q);
    }
}

int main(void)
{
    rt_set_putchar(L4_KDB_PrintChar);
    ranges_init(&memory, memory_table, MEMORY_RANGES, ~0ul, OWNER_DEVICE);
    ranges_init(&ports, port_table, PORT_RANGES, PORT_MAX, OWNER_DEVICE);
    if (!memory_init(&memory, L4_Kip())) {
        printf("sigma0: more memory descriptors than %u ranges can hold\n", MEMORY_RANGES);
        return 1;
    }
    user_last = memory_user_last(L4_Kip());
    serve();
}
