/* SPDX-License-Identifier: BSD-2-Clause */
/* ExchangeRegisters, bit by bit: values, phases, who may. */
#include "x2.h"

#define USER_FLAGS 0x8d5ul /* CF PF AF ZF SF OF */

static void spin(void)
{
    for (;;)
        shared[0]++;
}

static void receive_me(void)
{
    shared[2] = L4_Receive(me).raw;
    shared[3] = L4_ErrorCode();
}

/* What the thread has now; nothing changes. */
static struct l4_exregs look(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_DELIVER};

    L4_Exregs(t, &r);
    return r;
}

static L4_ThreadId_t change(L4_ThreadId_t t, L4_Word_t control)
{
    struct l4_exregs r = {control, 0x11110000, 0x22220000, 0, 0x4444, 0x5555};

    return L4_Exregs(t, &r);
}

/* A halted thread, whose registers stay. */
static L4_ThreadId_t still(void)
{
    L4_ThreadId_t t;

    shared[0] = 0;
    t = spawn(spin);
    while (!shared[0])
        L4_Sleep(L4_TimePeriod(500));
    L4_Stop(t);
    return t;
}

/* Sets what the bits say and nothing else. */
static enum result only(L4_Word_t bits)
{
    L4_ThreadId_t t = still();
    struct l4_exregs a = look(t), b;

    EXPECT(!L4_IsNilThread(change(t, bits)));
    b = look(t);
    EXPECT_EQUAL(b.sp, bits & L4_EXREGS_SP ? 0x11110000 : a.sp);
    EXPECT_EQUAL(b.ip, bits & L4_EXREGS_IP ? 0x22220000 : a.ip);
    EXPECT_EQUAL(b.handle, bits & L4_EXREGS_HANDLE ? 0x4444 : a.handle);
    EXPECT_EQUAL(b.pager, bits & L4_EXREGS_PAGER ? 0x5555 : a.pager);
    EXPECT_EQUAL(b.flags & USER_FLAGS, bits & L4_EXREGS_FLAGS ? 0 : a.flags & USER_FLAGS);
    EXPECT_EQUAL(b.control, a.control);
    kill(t);
    return PASS;
}

CHECK_SPREAD(only_sp, "4.3", "the bit s sets the stack pointer alone")
{
    return only(L4_EXREGS_SP);
}

CHECK_SPREAD(only_ip, "4.3", "the bit i sets the instruction pointer alone")
{
    return only(L4_EXREGS_IP);
}

CHECK_SPREAD(only_flags, "4.3", "the bit f sets the flags alone")
{
    return only(L4_EXREGS_FLAGS);
}

CHECK_SPREAD(only_handle, "4.3", "the bit u sets the handle alone")
{
    return only(L4_EXREGS_HANDLE);
}

CHECK_SPREAD(only_pager, "4.3", "the bit p sets the pager alone")
{
    return only(L4_EXREGS_PAGER);
}

CHECK_SPREAD(all_values, "4.3", "all values at once")
{
    return only(L4_EXREGS_SP | L4_EXREGS_IP | L4_EXREGS_FLAGS | L4_EXREGS_HANDLE | L4_EXREGS_PAGER);
}

CHECK_SPREAD(no_value, "4.3", "no bit, no change")
{
    return only(0);
}

CHECK(unknown_bits, "4.3", "bits without a meaning")
{
    return only(1ul << 12 | 1ul << 13 | 1ul << 20 | 1ul << (L4_WORD_BITS - 1));
}

CHECK_SPREAD(always_delivered, "4.3", "old values come with and without the bit d")
{
    L4_ThreadId_t t = still();
    struct l4_exregs a = look(t), b = {0};

    EXPECT(!L4_IsNilThread(L4_Exregs(t, &b)));
    EXPECT_EQUAL(b.sp, a.sp);
    EXPECT_EQUAL(b.ip, a.ip);
    EXPECT_EQUAL(b.pager, me.raw);
    return PASS;
}

CHECK_SPREAD(flags_mask, "4.3", "only the six arithmetic flags can be set")
{
    L4_ThreadId_t t = still();
    struct l4_exregs r = {.control = L4_EXREGS_FLAGS, .flags = ~0ul};

    L4_Exregs(t, &r);
    EXPECT_EQUAL(look(t).flags & 0x3fffff & ~2ul, USER_FLAGS | 0x200); /* and IF, as it was */
    r = (struct l4_exregs){.control = L4_EXREGS_FLAGS, .flags = 0};
    L4_Exregs(t, &r);
    EXPECT_EQUAL(look(t).flags & 0x3fffff & ~2ul, 0x200);
    return PASS;
}

static void note_flags(void)
{
    L4_Word_t f = read_flags();

    shared[4] = f;
}

CHECK_SPREAD(start_flags, "4.3", "a thread starts with the flags that it is given")
{
    L4_ThreadId_t t = still();

    L4_Start_SpIpFlags(t, new_stack(), (L4_Word_t)note_flags, USER_FLAGS);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT(shared[4] & 1); /* carry: the function's first instructions do not change it */
    return PASS;
}

CHECK_SPREAD(old_flags, "4.3", "stopping tells where")
{
    L4_ThreadId_t t = spawn(spin);
    L4_Word_t sp = 0, ip = 0, flags = 0;

    AWAIT(shared[0] > 0);
    L4_Stop_SpIpFlags(t, &sp, &ip, &flags);
    EXPECT(ip - (L4_Word_t)spin < 64);
    EXPECT(sp != 0);
    EXPECT(flags & 0x200);
    return PASS;
}

/* ---- results and errors ---- */

CHECK(result_forms, "4.3", "the result is the id in the other form")
{
    L4_ThreadId_t t = spawn(receive_me), local = L4_LocalIdOf(t);

    EXPECT(L4_IsLocalId(local) && !L4_IsNilThread(local));
    EXPECT_EQUAL(change(t, 0).raw, local.raw);
    EXPECT_EQUAL(change(local, 0).raw, t.raw);
    return PASS;
}

/* Fails, with nothing in the values. */
static enum result refused(L4_ThreadId_t t)
{
    struct l4_exregs r = {.control = L4_EXREGS_DELIVER};

    EXPECT(L4_IsNilThread(L4_Exregs(t, &r)));
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidThread);
    return PASS;
}

CHECK(not_active, "4.3", "an inactive thread")
{
    L4_ThreadId_t t = new_id();
    enum result result;

    EXPECT(L4_ThreadControl(t, me, me, L4_nilthread, (void *)~0ul));
    result = refused(t);
    kill(t);
    return result;
}

CHECK(kernel_threads, "4.3", "threads of the kernel")
{
    EXPECT_PASS(refused(L4_GlobalId(4, 1)));
    EXPECT_PASS(refused(L4_GlobalId(L4_ThreadIdSystemBase(L4_Kip()), 1)));
    return refused(L4_GlobalId(L4_ThreadIdSystemBase(L4_Kip()) + 1, 1));
}

CHECK(wrong_version, "4.3", "another version of a thread's id")
{
    L4_ThreadId_t t = spawn(receive_me);

    EXPECT_PASS(refused(L4_GlobalId(L4_ThreadNo(t), L4_Version(t) + 1)));
    return refused(L4_anythread);
}

CHECK_SPREAD(neighbour, "4.3", "threads of one unprivileged space may change each other")
{
    L4_ThreadId_t t = spawn_remote(agent), other = spawn_beside(t, 1, spin);
    L4_Word_t r, count;

    AWAIT(shared[0] > 0);
    EXPECT(ask(t, do_stop, other.raw, 0, &r));
    EXPECT(r != 0);
    count = shared[0];
    settle();
    EXPECT_EQUAL(shared[0], count);
    return PASS;
}

CHECK_ALMOND_SPREAD(clients_pager, "4.3", "an unprivileged pager may change its clients' threads")
{
    L4_ThreadId_t pager = spawn_remote(agent), t = spawn_remote(agent);
    L4_ThreadId_t client = spawn_beside(t, 1, spin);
    L4_Word_t r, count;

    AWAIT(shared[0] > 0);
    EXPECT(ask(pager, do_stop, client.raw, 0, &r));
    EXPECT_EQUAL(r, 0); /* not its client yet */
    L4_Set_PagerOf(client, pager);
    EXPECT(ask(pager, do_stop, client.raw, 0, &r));
    EXPECT(r != 0);
    count = shared[0];
    settle();
    EXPECT_EQUAL(shared[0], count);
    return PASS;
}

/* ---- on oneself ---- */

static volatile L4_Word_t second_stack;

static void arrived(void)
{
    shared[4] = 1;
    shared[5] = (L4_Word_t)__builtin_frame_address(0);
    finish();
}

static void jump(void)
{
    struct l4_exregs r = {
        .control = L4_EXREGS_SP | L4_EXREGS_IP, .sp = second_stack, .ip = (L4_Word_t)arrived};

    L4_Exregs(L4_MyGlobalId(), &r);
    shared[4] = 2; /* not reached */
    finish();
}

CHECK_SPREAD(jump_self, "4.3", "a thread gives itself another SP and IP")
{
    L4_ThreadId_t t;

    second_stack = new_stack();
    t = spawn(jump);
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[4], 1);
    EXPECT(second_stack - shared[5] < 512);
    return PASS;
}
