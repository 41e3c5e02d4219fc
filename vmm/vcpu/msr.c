/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/msr.h"

#include "devices/kvmclock.h"
#include "host.h"
#include "vcpu/decode.h"
#include "vcpu/vcpu.h"
#include "vcpu/walk.h"

#define MSR_TSC     0x10u
#define MSR_PAT     0x277u
#define MSR_EFER    0xc0000080u
#define MSR_FS_BASE 0xc0000100u
#define MSR_GS_BASE 0xc0000101u
#define MSR_TSC_AUX 0xc0000103u

#define BAD_MSR_REPORTS 8

/* clang-format off */
/* Registers without effect here: they read as what was written last. */
static const struct {
    uint32_t number;
    uint64_t reset, writable;
} stored[MSR_STORED] = {
    {0x00000017, 0, 0},                    /* platform id                                      */
    {0x0000003a, 1, 0},                    /* feature control: locked, nothing enabled         */
    {0x0000008b, 0, ~UINT64_C(0)},         /* microcode patch level                            */
    {0x000000fe, 0, 0},                    /* MTRRcap: neither fixed nor variable ranges       */
    {0x00000179, 0, 0},                    /* MCG_CAP: no banks                                */
    {0x000001a0, 1, 1},                    /* misc enable: fast strings                        */
    {0x000001d9, 0, 3},                    /* DEBUGCTL                                         */
    {0x000002ff, 0xc06, 0xcff},            /* MTRRdefType: enabled, write-back; without E
                                              Linux leaves the PAT as it is                    */
    {0xc0010010, 0, 0},                    /* SYSCFG                                           */
    {0xc0010015, 0x1000000, 0x1000010},    /* HWCR: the TSC counts at the P0 frequency         */
    {0xc0010055, 0, 0},                    /* interrupt pending message                        */
    {0xc0011029, 2, 2},                    /* DE_CFG: LFENCE is serializing                    */
};
/* clang-format on */

/* Registers that live in the state page, should the kernel not pass them through. */
static const struct {
    uint32_t number;
    uint16_t offset;
    uint8_t group;
} in_state[] = {
#define IN_STATE(n, member, g)                                                                     \
    {                                                                                              \
        n, __builtin_offsetof(struct l4_vcpu_state, member), g                                     \
    }
    IN_STATE(0x00000174, sysenter_cs, L4_VCPU_G_SYS),
    IN_STATE(0x00000175, sysenter_esp, L4_VCPU_G_SYS),
    IN_STATE(0x00000176, sysenter_eip, L4_VCPU_G_SYS),
    IN_STATE(0xc0000081, star, L4_VCPU_G_SYS),
    IN_STATE(0xc0000082, lstar, L4_VCPU_G_SYS),
    IN_STATE(0xc0000083, cstar, L4_VCPU_G_SYS),
    IN_STATE(0xc0000084, sfmask, L4_VCPU_G_SYS),
    IN_STATE(MSR_FS_BASE, seg[L4_SEG_FS].base, L4_VCPU_G_SEG),
    IN_STATE(MSR_GS_BASE, seg[L4_SEG_GS].base, L4_VCPU_G_SEG),
    IN_STATE(0xc0000102, kernel_gs_base, L4_VCPU_G_SYS),
    IN_STATE(MSR_TSC_AUX, tsc_aux, L4_VCPU_G_SYS),
};

void msr_init(struct msr_values *values)
{
    for (unsigned i = 0; i < MSR_STORED; i++)
        values->stored[i] = stored[i].reset;
}

static bool canonical(uint64_t address)
{
    return (uint64_t)((int64_t)(address << 16) >> 16) == address;
}

static uint64_t *state_register(struct vcpu *v, uint32_t number, uint32_t *group)
{
    for (unsigned i = 0; i < sizeof(in_state) / sizeof(in_state[0]); i++) {
        if (in_state[i].number == number) {
            *group = in_state[i].group;
            return (uint64_t *)((char *)v->state + in_state[i].offset);
        }
    }
    return NULL;
}

/* Bits that the processor does not have, or a mode change under a running
 * address space, are refused. */
static bool write_efer(struct vcpu *v, uint64_t value)
{
    struct l4_vcpu_state *st = v->state;
    vcpu_sync(v);
    if (value & ~v->cpuid.efer)
        return false;
    if ((st->cr0 & CR0_PG) && ((value ^ st->efer) & EFER_LME))
        return false;
    st->efer = (value & ~EFER_LMA) | (st->efer & EFER_LMA);
    vcpu_dirty(v, L4_VCPU_G_CTRL);
    return true;
}

static bool write_pat(struct vcpu *v, uint64_t value)
{
    for (unsigned i = 0; i < 64; i += 8) {
        unsigned type = value >> i & 0xff;
        if (type > 7 || type == 2 || type == 3)
            return false;
    }
    vcpu_sync(v);
    v->state->pat = value;
    vcpu_dirty(v, L4_VCPU_G_SYS);
    return true;
}

static void write_tsc(struct vcpu *v, uint64_t value)
{
    vcpu_sync(v);
    v->state->tsc_offset = value - host_tsc();
    vcpu_dirty(v, L4_VCPU_G_SYS);
    v->lapic.ops->set_timer(v, v->lapic.deadline);
}

static bool write_stored(struct vcpu *v, uint32_t number, uint64_t value)
{
    for (unsigned i = 0; i < MSR_STORED; i++) {
        if (stored[i].number == number) {
            uint64_t w = stored[i].writable;
            v->msrs.stored[i] = (v->msrs.stored[i] & ~w) | (value & w);
            return true;
        }
    }
    return false;
}

static bool write_in_state(struct vcpu *v, uint32_t number, uint64_t value)
{
    uint32_t group;
    uint64_t *reg = state_register(v, number, &group);
    if (!reg)
        return write_stored(v, number, value);
    bool is_address =
        number != 0x174 && number != 0xc0000081 && number != 0xc0000084 && number != MSR_TSC_AUX;
    if (is_address && !canonical(value))
        return false;
    vcpu_sync(v);
    *reg = value;
    vcpu_dirty(v, group);
    return true;
}

static bool msr_write(struct vcpu *v, uint32_t number, uint64_t value)
{
    if (number - MSR_X2APIC_FIRST <= MSR_X2APIC_LAST - MSR_X2APIC_FIRST)
        return lapic_msr_write(&v->lapic, number, value);
    switch (number) {
    case MSR_TSC_DEADLINE:
    case MSR_APIC_BASE:
        return lapic_msr_write(&v->lapic, number, value);
    case MSR_TSC:
        write_tsc(v, value);
        return true;
    case MSR_PAT:
        return write_pat(v, value);
    case MSR_EFER:
        return write_efer(v, value);
    case MSR_KVM_SYSTEM_TIME:
        return kvmclock_set_system_time(&v->board->clock, &v->clock, value);
    case MSR_KVM_WALL_CLOCK:
        return kvmclock_set_wall_clock(&v->board->clock, &v->clock, value);
    case 0x79:       /* microcode update trigger */
    case 0xc0010020: /* AMD's */
        return true;
    default:
        return write_in_state(v, number, value);
    }
}

static bool read_in_state(struct vcpu *v, uint32_t number, uint64_t *value)
{
    uint32_t group;
    const uint64_t *reg = state_register(v, number, &group);
    if (reg) {
        vcpu_sync(v);
        *value = *reg;
        return true;
    }
    for (unsigned i = 0; i < MSR_STORED; i++) {
        if (stored[i].number == number) {
            *value = v->msrs.stored[i];
            return true;
        }
    }
    return false;
}

static bool msr_read(struct vcpu *v, uint32_t number, uint64_t *value)
{
    if (number - MSR_X2APIC_FIRST <= MSR_X2APIC_LAST - MSR_X2APIC_FIRST)
        return lapic_msr_read(&v->lapic, number, value);
    switch (number) {
    case MSR_TSC_DEADLINE:
    case MSR_APIC_BASE:
        return lapic_msr_read(&v->lapic, number, value);
    case MSR_TSC:
        *value = v->lapic.ops->now(v);
        return true;
    case MSR_PAT:
        vcpu_sync(v);
        *value = v->state->pat;
        return true;
    case MSR_EFER:
        vcpu_sync(v);
        *value = v->state->efer;
        return true;
    case MSR_KVM_SYSTEM_TIME:
        *value = v->clock.system_time;
        return true;
    case MSR_KVM_WALL_CLOCK:
        *value = v->clock.wall_clock;
        return true;
    default:
        return read_in_state(v, number, value);
    }
}

static void refuse(struct vcpu *v, uint32_t number, bool write)
{
    if (v->bad_msr_reports < BAD_MSR_REPORTS) {
        v->bad_msr_reports++;
        host_log(MZ_LOG_DEBUG, "%s of unknown MSR %x at %lx", write ? "write" : "read", number,
                 v->state->rip);
    }
    vcpu_inject_error(v, VECTOR_GP, 0);
}

void exit_msr(struct vcpu *v)
{
    uint64_t *gpr = v->state->gpr, value;
    uint32_t number = (uint32_t)gpr[L4_RCX];
    bool write = v->state->qual[0];
    if (write) {
        if (!msr_write(v, number, gpr[L4_RDX] << 32 | (uint32_t)gpr[L4_RAX])) {
            refuse(v, number, true);
            return;
        }
    } else {
        if (!msr_read(v, number, &value)) {
            refuse(v, number, false);
            return;
        }
        gpr[L4_RAX] = (uint32_t)value;
        gpr[L4_RDX] = value >> 32;
    }
    vcpu_skip(v, write ? OP_WRMSR : OP_RDMSR);
}
