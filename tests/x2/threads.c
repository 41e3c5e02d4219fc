/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and ending the threads that the checks play with. */
#include "x2.h"

#define WORKERS     40
#define SPARE       4 /* stacks for threads that the checks make themselves */
#define STACK_BYTES 4096
#define UTCB_SLOTS  190
#define NUMBERS     400
#define IMAGE_LOG2  20
#define IMAGE_BASE  0x1000000ul

L4_ThreadId_t me;
volatile L4_Word_t shared[64];

static L4_ThreadId_t workers[WORKERS]; /* nilthread: free */
static unsigned spare_count, utcb_count;
static L4_Word_t space_account; /* 0: the root task's pays for new spaces */
static L4_Word_t fixed_processor = L4_SCHED_UNCHANGED;
static bool spreading;
static char stacks[WORKERS + SPARE][STACK_BYTES] __attribute__((aligned(16)));

static bool number_in_use(L4_Word_t number)
{
    for (unsigned i = 0; i < WORKERS; i++)
        if (!L4_IsNilThread(workers[i]) && L4_ThreadNo(workers[i]) == number)
            return true;
    return false;
}

L4_ThreadId_t new_id(void)
{
    static L4_Word_t next;
    L4_Word_t n, number;

    /* Few numbers, so that the kernel's tables do not grow; versions keep them apart. */
    do {
        n = next++;
        number = L4_ThreadIdUserBase(L4_Kip()) + 16 + n % NUMBERS;
    } while (number_in_use(number));
    return L4_GlobalId(number, 1 + n / NUMBERS % 62);
}

void *new_utcb(void)
{
    L4_Word_t size = L4_UtcbSize(L4_Kip());
    L4_Word_t own = L4_MyLocalId().raw & ~(size - 1);

    return (void *)(own + (1 + utcb_count++ % UTCB_SLOTS) * size);
}

/* Takes a slot, and with it a stack, until t is killed. */
static void remember(L4_ThreadId_t t)
{
    unsigned slot = 0;

    while (slot < WORKERS - 1 && !L4_IsNilThread(workers[slot]))
        slot++;
    workers[slot] = t;
}

void kill(L4_ThreadId_t t)
{
    L4_ThreadControl(t, L4_nilthread, L4_nilthread, L4_nilthread, (void *)~0ul);
    for (unsigned i = 0; i < WORKERS; i++)
        if (L4_IsThreadEqual(workers[i], t))
            workers[i] = L4_nilthread;
}

void reap(void)
{
    for (unsigned i = 0; i < WORKERS; i++)
        if (!L4_IsNilThread(workers[i]))
            kill(workers[i]);
    utcb_count = 0;
    space_account = 0;
}

void finish(void)
{
    tell(me, 0);
    for (;;)
        L4_Receive(L4_MyGlobalId());
}

static L4_Word_t prepare_stack(unsigned n)
{
    L4_Word_t *top = (L4_Word_t *)&stacks[n][STACK_BYTES];

    *--top = 0;
    *--top = (L4_Word_t)finish; /* where fn returns to */
    return (L4_Word_t)top;
}

L4_Word_t new_stack(void)
{
    return prepare_stack(WORKERS + spare_count++ % SPARE);
}

static unsigned slot_of(L4_ThreadId_t t)
{
    unsigned slot = 0;

    while (slot < WORKERS - 1 && L4_IsThreadNotEqual(workers[slot], t))
        slot++;
    return slot;
}

L4_Word_t processor_count(void)
{
    return L4_NumProcessors(L4_Kip());
}

void spread_workers(bool on)
{
    spreading = on;
}

static void place(L4_ThreadId_t t)
{
    static L4_Word_t next;
    L4_Word_t processor = fixed_processor;

    if (processor == L4_SCHED_UNCHANGED && spreading)
        processor = 1 + next++ % (processor_count() - 1);
    if (processor != L4_SCHED_UNCHANGED)
        L4_Set_ProcessorNo(t, processor);
}

/* The message for which a new thread waits. */
static void start(L4_ThreadId_t t, void (*fn)(void))
{
    place(t);
    L4_LoadMR(1, (L4_Word_t)fn);
    L4_LoadMR(2, prepare_stack(slot_of(t)));
    L4_Set_MsgTag(L4_MakeTag(0, 2, 0));
    L4_Send_Timeout(t, SOON);
}

L4_ThreadId_t spawn(void (*fn)(void))
{
    L4_ThreadId_t t = new_id();

    remember(t);
    if (!L4_ThreadControl(t, me, me, me, new_utcb()))
        return L4_nilthread;
    start(t, fn);
    return t;
}

void spaces_of_account(L4_Word_t account)
{
    space_account = account;
}

L4_ThreadId_t new_space(void)
{
    L4_ThreadId_t t = new_id();
    L4_Word_t old, control = 0;

    if (space_account)
        control = L4_SPACE_ACCOUNT | space_account << L4_SPACE_ACCOUNT_SHIFT;

    remember(t);
    if (!L4_ThreadControl(t, t, me, L4_nilthread, (void *)~0ul) ||
        !L4_SpaceControl(t, control, L4_FpageLog2(KIP_AREA, 12), L4_FpageLog2(UTCB_AREA, UTCB_LOG2),
                         L4_nilthread, &old))
        return L4_nilthread;
    return t;
}

static bool activate(L4_ThreadId_t t, L4_ThreadId_t space, int slot)
{
    void *utcb = (void *)(UTCB_AREA + (L4_Word_t)slot * L4_UtcbSize(L4_Kip()));

    return L4_ThreadControl(t, space, me, me, utcb);
}

/* The first fault of a thread in a new space: show it our whole image. */
static bool show_image(L4_ThreadId_t t)
{
    L4_MapItem_t image = L4_MapItem(page(IMAGE_BASE, IMAGE_LOG2, L4_FullyAccessible), IMAGE_BASE);
    L4_MsgTag_t tag = hear(t);

    if (L4_IpcFailed(tag) || L4_LABEL_PROTOCOL(L4_Label(tag)) != L4_LABEL_PAGEFAULT)
        return false;
    L4_LoadMRs(1, 2, image.raw);
    L4_Set_MsgTag(L4_MakeTag(0, 0, 2));
    return L4_IpcSucceeded(L4_Reply(t));
}

L4_ThreadId_t spawn_remote(void (*fn)(void))
{
    L4_ThreadId_t t = new_space();

    if (L4_IsNilThread(t) || !activate(t, t, 0))
        return L4_nilthread;
    start(t, fn);
    return show_image(t) ? t : L4_nilthread;
}

L4_ThreadId_t spawn_beside(L4_ThreadId_t neighbour, int slot, void (*fn)(void))
{
    L4_ThreadId_t t = new_id();

    remember(t);
    if (!L4_ThreadControl(t, neighbour, me, L4_nilthread, (void *)~0ul) ||
        !activate(t, neighbour, slot))
        return L4_nilthread;
    start(t, fn);
    return t;
}

L4_ThreadId_t spawn_on(L4_Word_t processor, void (*fn)(void))
{
    L4_ThreadId_t t;

    fixed_processor = processor;
    t = spawn(fn);
    fixed_processor = L4_SCHED_UNCHANGED;
    return t;
}

L4_ThreadId_t spawn_remote_on(L4_Word_t processor, void (*fn)(void))
{
    L4_ThreadId_t t;

    fixed_processor = processor;
    t = spawn_remote(fn);
    fixed_processor = L4_SCHED_UNCHANGED;
    return t;
}

L4_ThreadId_t spawn_beside_on(L4_Word_t processor, L4_ThreadId_t neighbour, int slot,
                              void (*fn)(void))
{
    L4_ThreadId_t t;

    fixed_processor = processor;
    t = spawn_beside(neighbour, slot, fn);
    fixed_processor = L4_SCHED_UNCHANGED;
    return t;
}

L4_Word_t state_of(L4_ThreadId_t t)
{
    L4_Word_t old;

    return L4_Schedule(t, ~0ul, ~0ul, ~0ul, ~0ul, &old);
}

L4_MsgTag_t hear(L4_ThreadId_t t)
{
    return L4_Receive_Timeout(t, SOON);
}

L4_MsgTag_t tell(L4_ThreadId_t t, L4_Word_t label)
{
    L4_Set_MsgTag(L4_MakeTag(label, 0, 0));
    return L4_Send_Timeout(t, SOON);
}
