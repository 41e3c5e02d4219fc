/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests in user mode: what ends a run, and how the state page shows it. */
#include <l4/arch.h>
#include "guest.h"

#define VECTOR_DE 0
#define VECTOR_DB 1
#define VECTOR_BP 3
#define VECTOR_UD 6
#define VECTOR_NM 7
#define VECTOR_GP 13
#define VECTOR_PF 14

#define FLAG_TF (1u << 8)
#define FLAG_IF (1u << 9)
#define IOPL    (3u << 12)

#define COM1_LSR 0x3fd /* the serial line's status */
#define LSR_IDLE 0x40

static struct l4_vcpu_state *begin(void (*code)(void))
{
    return guest_begin(0, new_space(), code) ? guest_state(0) : NULL;
}

static enum result runs_to_int(void)
{
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    EXPECT_EQUAL(guest_state(0)->qual[0], GUEST_INT);
    return PASS;
}

CHECK_ALMOND(guest_control, "almond", "a vCPU in user mode, and the errors of VcpuControl")
{
    L4_ThreadId_t space = new_space(), raw = new_id(),
                  sigma0 = L4_GlobalId(L4_ThreadIdUserBase(L4_Kip()), 1);
    void *state = guest_state(0);

    EXPECT(L4_Almond()->features & L4_ALMOND_F_USER_VCPU);
    EXPECT(L4_ThreadControl(raw, raw, me, L4_nilthread, (void *)~0ul)); /* no KIP, no UTCBs */
    EXPECT_EQUAL(L4_VcpuControl(me, raw, state), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    kill(raw);
    EXPECT_EQUAL(L4_VcpuControl(me, sigma0, state), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidSpace);
    EXPECT_EQUAL(L4_VcpuControl(me, space, (char *)state + 8), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrUtcbArea);
    EXPECT(L4_VcpuControl(me, space, state));
    EXPECT_EQUAL(L4_VcpuControl(me, space, guest_state(1)), 0);
    EXPECT_EQUAL(L4_ErrorCode(), L4_ErrInvalidParam);
    guest_end();
    EXPECT(L4_VcpuControl(me, space, state));
    guest_end();
    EXPECT_EQUAL(L4_VcpuRun(), L4_EXIT_ERROR);
    return PASS;
}

CHECK_ALMOND(guest_gprs, "almond", "INT ends a run; all registers are in the state page")
{
    struct l4_vcpu_state *s = begin(guest_registers);
    L4_Word_t sp;

    EXPECT(s);
    sp = (L4_Word_t)s->gpr[L4_RSP];
    EXPECT_PASS(runs_to_int());
    EXPECT_EQUAL(s->exit_len, 2);
    EXPECT_EQUAL(s->valid, L4_VCPU_G_GPR | L4_VCPU_G_CONF);
    for (unsigned i = 0; i < GUEST_REGISTERS; i++)
        EXPECT_EQUAL(s->gpr[i], i == L4_RSP ? sp : 0x100 + i);
    for (unsigned i = 0; i < GUEST_REGISTERS; i++)
        s->gpr[i] = ~(L4_Word_t)i;
    EXPECT_PASS(runs_to_int());
    for (unsigned i = 0; i < GUEST_REGISTERS; i++)
        EXPECT_EQUAL(s->gpr[i], ~(L4_Word_t)i);
    EXPECT(s->runs >= 2); /* an interrupt in between is none of the exits, but another run */
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_system_call, "almond", "system calls of the guest end the run")
{
    struct l4_vcpu_state *s = begin(guest_syscall);
    L4_Word_t entry = (L4_Word_t)guest_syscall;

    EXPECT(s);
    s->gpr[L4_RDI] = 0xd1;
    s->gpr[L4_RBP] = 0xb9;
    s->gpr[L4_RAX] = me.raw;
    EXPECT_PASS(guest_called(0));
    EXPECT_EQUAL(s->rip, entry + 2);
    EXPECT_EQUAL(s->gpr[L4_RDI], 0xd1);
    EXPECT_EQUAL(s->gpr[L4_RBP], 0xb9);
    EXPECT_EQUAL(s->gpr[L4_RAX], me.raw);
    EXPECT_PASS(runs_to_int());
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_ipc, "almond", "a guest is no thread: it cannot send")
{
    struct l4_vcpu_state *s = begin(guest_stub);
    L4_ThreadId_t receiver;

    EXPECT(s);
    receiver = spawn(finish); /* waits for itself */
    settle();
    for (unsigned i = 0; i < GUEST_REGISTERS; i++)
        if (i != L4_RSP)
            s->gpr[i] = receiver.raw;
    s->gpr[L4_RDI] = l4_links.ipc;
    EXPECT_PASS(guest_called(0));
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_exceptions, "almond", "exceptions of the guest end the run")
{
    static const struct {
        void (*code)(void);
        L4_Word_t vector, before;
    } cases[] = {
        {guest_ud2, VECTOR_UD, 0},
        {guest_int3, VECTOR_BP, 1},
        {guest_hlt, VECTOR_GP, 0},
        {guest_divide, VECTOR_DE, 4},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct l4_vcpu_state *s = begin(cases[i].code);

        EXPECT(s);
        EXPECT_PASS(guest_faults(0, cases[i].vector));
        EXPECT_EQUAL(s->rip, (L4_Word_t)cases[i].code + cases[i].before);
        EXPECT_EQUAL(s->qual[1], 0);
        guest_end();
    }
    return PASS;
}

CHECK_ALMOND(guest_page_fault, "almond", "page faults of the guest, and VcpuMap")
{
    L4_Word_t at = get_memory(12);
    struct l4_vcpu_state *s = begin(guest_read);

    EXPECT(s);
    *(L4_Word_t *)at = 4711;
    s->gpr[GUEST_ARG1] = at + 8;
    EXPECT_PASS(guest_faults(0, VECTOR_PF));
    EXPECT_EQUAL(s->qual[1], 4); /* not present, a read, by a user */
    EXPECT_EQUAL(s->qual[2], at + 8);
    EXPECT(guest_show(at, 12, L4_Readable));
    s->gpr[GUEST_ARG1] = at;
    EXPECT_PASS(runs_to_int());
    EXPECT_EQUAL(s->gpr[L4_RAX], 4711);
    s->rip = (L4_Word_t)guest_write;
    EXPECT_PASS(guest_faults(0, VECTOR_PF));
    EXPECT_EQUAL(s->qual[1], 7);
    EXPECT(guest_show(at, 12, L4_ReadWriteOnly));
    EXPECT_PASS(runs_to_int());
    EXPECT_EQUAL(*(L4_Word_t *)at, 77);
    L4_UnmapFpage(page(at, 12, L4_Writable));
    EXPECT_PASS(guest_faults(0, VECTOR_PF));
    EXPECT_EQUAL(s->qual[1], 7);
    L4_UnmapFpage(page(at, 12, L4_FullyAccessible));
    EXPECT_PASS(guest_faults(0, VECTOR_PF));
    EXPECT_EQUAL(s->qual[1], 6);
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_kernel_memory, "almond", "the kernel's memory is none of the guest's")
{
    struct l4_vcpu_state *s = begin(guest_read);

    EXPECT(s);
    s->gpr[GUEST_ARG1] = KERNEL_ADDRESS;
    EXPECT_PASS(guest_faults(0, VECTOR_PF));
    s->gpr[GUEST_ARG1] = (L4_Word_t)s;
    s->rip = (L4_Word_t)guest_write; /* the VMM's state page is not in its space */
    EXPECT_PASS(guest_faults(0, VECTOR_PF));
    EXPECT_EQUAL(s->qual[1], 6);
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_eflags, "almond", "flags: the kernel's stay as they are")
{
    struct l4_vcpu_state *s = begin(guest_flags);
    L4_Word_t flags;

    EXPECT(s);
    s->rflags = ~(UINT64_C(1) << 8); /* all but TF */
    EXPECT_PASS(runs_to_int());
    flags = *(L4_Word_t *)(L4_Word_t)s->gpr[L4_RSP];
    EXPECT(flags & FLAG_IF);
    EXPECT_EQUAL(flags & (IOPL | 3u << 19), 0); /* nor virtual interrupts */
    EXPECT_EQUAL(flags & 0xcd5, 0xcd5);
    s->rip = (L4_Word_t)guest_flags;
    s->rflags = 0;
    EXPECT_PASS(runs_to_int());
    flags = *(L4_Word_t *)(L4_Word_t)s->gpr[L4_RSP];
    EXPECT(flags & FLAG_IF);
    EXPECT_EQUAL(flags & 0xcd5, 0);
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_steps, "almond", "single steps")
{
    struct l4_vcpu_state *s = begin(guest_nop);

    EXPECT(s);
    for (unsigned i = 1; i <= 2; i++) {
        s->rflags |= FLAG_TF;
        EXPECT_PASS(guest_faults(0, VECTOR_DB));
        EXPECT_EQUAL(s->rip, (L4_Word_t)guest_nop + i);
    }
    s->rflags &= ~(L4_Word64_t)FLAG_TF;
    EXPECT_PASS(runs_to_int());
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_float, "almond", "the FPU follows the vCPU")
{
    struct l4_vcpu_state *s = begin(guest_fpu);
    volatile L4_Word64_t *numbers = (volatile L4_Word64_t *)shared;
    L4_Word64_t mine = 0x123456789abcdef, got = 0;

    EXPECT(s);
    numbers[0] = numbers[1] = 0x77665544332211;
    s->gpr[GUEST_ARG0] = (L4_Word_t)shared;
    __asm__ volatile("fninit; fildq %0" : : "m"(mine));
    EXPECT_PASS(runs_to_int());
    numbers[0] = numbers[1] = 0;
    __asm__ volatile("fistpq %0" : "=m"(got));
    EXPECT(got == mine);
    __asm__ volatile("fninit; fildq %0" : : "m"(mine));
    EXPECT_PASS(runs_to_int());
    EXPECT(numbers[0] == 0x77665544332211);
    EXPECT(numbers[1] == 0x77665544332211);
    __asm__ volatile("fistpq %0" : "=m"(got));
    EXPECT(got == mine);
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_no_float, "almond", "#NM is the VMM's if it wants that")
{
    struct l4_vcpu_state *s = begin(guest_fpu);

    EXPECT(s);
    s->gpr[GUEST_ARG0] = (L4_Word_t)shared;
    s->exceptions = 1u << VECTOR_NM;
    s->dirty = L4_VCPU_G_CONF;
    EXPECT_PASS(guest_faults(0, VECTOR_NM));
    EXPECT_EQUAL(s->rip, (L4_Word_t)guest_fpu);
    s->exceptions = 0;
    s->dirty = L4_VCPU_G_CONF;
    EXPECT_PASS(runs_to_int());
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_ports, "almond", "IO ports of the guest's space")
{
    L4_ThreadId_t t = spawn_remote(agent); /* of the same space: VcpuMap maps no ports */
    struct l4_vcpu_state *s = guest_state(0);

    EXPECT(guest_begin(0, t, guest_in));
    s->gpr[L4_RDX] = COM1_LSR;
    EXPECT_PASS(guest_faults(0, VECTOR_GP));
    EXPECT_EQUAL(s->rip, (L4_Word_t)guest_in);
    EXPECT_EQUAL(L4_VcpuMap(L4_IoFpageLog2(COM1_LSR, 0), 0), 0);
    EXPECT_PASS(guest_faults(0, VECTOR_GP));
    while (!(do_in(COM1_LSR, 0) & LSR_IDLE))
        ;
    EXPECT(give(t, L4_CompleteAddressSpace, L4_MapItem(L4_IoFpageLog2(COM1_LSR, 0), 0)));
    s->gpr[L4_RAX] = 0;
    EXPECT_PASS(runs_to_int());
    EXPECT(s->gpr[L4_RAX] & LSR_IDLE);
    L4_UnmapFpage(L4_FpageAddRights(L4_IoFpageLog2(COM1_LSR, 0), L4_FullyAccessible));
    EXPECT_PASS(guest_faults(0, VECTOR_GP));
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_bases, "almond", "segments follow the vCPU")
{
    struct l4_vcpu_state *s = begin(guest_segments);
    L4_Word_t mine = L4_MyLocalId().raw;

    EXPECT(s);
    shared[0] = 0xf5;
    shared[1] = 0x65;
    guest_set_segments(s, (L4_Word_t)&shared[0], (L4_Word_t)&shared[1]);
    for (unsigned i = 0; i < 2; i++) {
        EXPECT_PASS(runs_to_int());
        EXPECT_EQUAL(s->gpr[GUEST_ARG0], 0xf5);
        EXPECT_EQUAL(s->gpr[GUEST_ARG1], 0x65);
        EXPECT_EQUAL(L4_MyLocalId().raw, mine);
    }
    guest_set_segments(s, (L4_Word_t)&shared[1], (L4_Word_t)&shared[0]);
    EXPECT_PASS(runs_to_int());
    EXPECT_EQUAL(s->gpr[GUEST_ARG0], 0x65);
    EXPECT_EQUAL(s->gpr[GUEST_ARG1], 0xf5);
    guest_end();
    return PASS;
}
