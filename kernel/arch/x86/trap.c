/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions and interrupts: who takes them. */
#include "api/api.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/kdb.h"
#include "arch/segment.h"
#include "arch/traps.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "core/kip.h"
#include "core/space.h"
#include "debug/backtrace.h"
#include "debug/kdb.h"
#include "debug/panic.h"

#define PF_WRITE (1u << 1)
#define PF_FETCH (1u << 4)

/* System calls with numbers from here on are told to syscall_traced(). */
u32 syscall_limit = SYS_COUNT;

void arch_trace_calls(bool on)
{
    syscall_limit = on ? 0 : SYS_COUNT;
}

/* LOCK NOP: where and what is the kernel? */
static bool kernel_interface(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    u8 code[2];

    if (!arch_user_read(code, f->ip, sizeof(code)) || code[0] != 0xf0 || code[1] != 0x90)
        return false;
    f->ax = cur->space->kip_base;
    f->cx = kip.api_version;
    f->dx = kip.api_flags;
    f->si = kip.kern_desc[0];
    f->ip += sizeof(code);
    return true;
}

unsigned insn_fetch(u8 code[INSN_MAX], word_t ip)
{
    unsigned here = (unsigned)MIN(INSN_MAX, PAGE_SIZE - (ip & (PAGE_SIZE - 1)));

    if (!arch_user_read(code, ip, here))
        return 0;
    if (here < INSN_MAX && arch_user_read(code + here, ip + here, INSN_MAX - here))
        return INSN_MAX;
    return here;
}

static bool port_fault(struct thread *cur, const u8 *code, unsigned n)
{
    struct io_insn insn;
    u16 port;

    if (!io_decode(code, n, &insn))
        return false;
    port = insn.immediate ? insn.port : (u16)cur->frame.dx;
    if (!io_fault(cur->space, port, 1u << insn.log2_size))
        api_io_fault(cur, port, insn.log2_size, cur->frame.ip);
    return true;
}

/* RDMSR and WRMSR are carried out for the first servers. */
static bool msr_access(struct thread *cur, const u8 *code, unsigned n)
{
    struct arch_frame *f = &cur->frame;
    u64 value = 0;

    if (!cur->space->privileged || n < 2 || code[0] != 0x0f)
        return false;
    if (code[1] == 0x32) {
        if (!msr_read((u32)f->cx, &value))
            return false;
        f->ax = (u32)value;
        f->dx = value >> 32;
    } else if (code[1] == 0x30) {
        if (!msr_write((u32)f->cx, (u64)f->dx << 32 | (u32)f->ax))
            return false;
    } else {
        return false;
    }
    f->ip += 2;
    return true;
}

static void general_protection(struct thread *cur)
{
    u8 code[INSN_MAX];
    unsigned n = insn_fetch(code, cur->frame.ip);

    if (!port_fault(cur, code, n) && !msr_access(cur, code, n) && !segment_repair(cur, code, n))
        api_exception(cur);
}

static void page_fault(struct thread *cur)
{
    word_t error = cur->frame.error;

    api_page_fault(cur, read_cr2(),
                   error & PF_FETCH   ? FAULT_FETCH
                   : error & PF_WRITE ? RIGHT_W
                                      : FAULT_READ,
                   cur->frame.ip);
}

void trap_user(struct thread *cur)
{
    word_t vector = cur->frame.vector;

    switch (vector) {
    case VEC_PF:
        page_fault(cur);
        break;
    case VEC_GP:
    case VEC_NP:
        general_protection(cur);
        break;
    case VEC_UD:
        if (!kernel_interface(cur))
            api_exception(cur);
        break;
    case VEC_NM:
        if (!fpu_trap(cur))
            api_exception(cur);
        break;
    case VEC_BP:
        kdb_trap(cur);
        break;
    default:
        if (vector >= VEC_PIC)
            irq_handle((unsigned)vector);
        else
            api_exception(cur);
    }
}

word_t trap_fixed_error;

static bool fixup(struct arch_frame *f)
{
    trap_fixed_error = f->error;
    for (const word_t *site = fixups; *site; site += 2) {
        if (*site == f->ip) {
            f->ip = site[1];
            return true;
        }
    }
    return false;
}

void trap_kernel(struct arch_frame *f)
{
    if (f->vector >= VEC_PIC) {
        irq_handle((unsigned)f->vector);
        return;
    }
    if (f->vector == VEC_NMI) {
        if (panic_nmi())
            arch_halt();
        if (!kdb_nmi())
            kprintf("almond: NMI, ignored\n");
        return;
    }
    if ((f->vector == VEC_PF || f->vector == VEC_GP) && fixup(f))
        return;
    kdb_fault();
    panic_trap(f);
}
