/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame of a new thread; and a look at the numbers in arch/offsets.h. */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/layout.h"
#include "core/cpu.h"
#include "core/utcb.h"

#define SAME(type, member, number)                                                                 \
    _Static_assert(offsetof(struct type, member) == (number), "offsets.h")
SAME(cpu, current, CPU_CURRENT);
SAME(cpu, stack_top, CPU_STACK_TOP);
SAME(cpu, slice_owner, CPU_SLICE_OWNER);
SAME(cpu, table, CPU_TABLE);
SAME(cpu, waiting, CPU_WAITING);
SAME(cpu, gate, CPU_GATE);
SAME(cpu, work, CPU_WORK);
SAME(cpu, loaded, CPU_LOADED);
SAME(cpu, highest, CPU_HIGHEST);
SAME(cpu, guest_state, CPU_GUEST_STATE);
SAME(cpu, arch.tss.esp0, CPU_ESP0);
SAME(cpu, arch.tss.iomap_base, CPU_IOMAP);
SAME(cpu, arch.guest_frame, CPU_GUEST_FRAME);
SAME(cpu, nodes, CPU_NODES);
SAME(cpu, nodes_end, CPU_NODES_END);
_Static_assert((word_t)ANY_THREAD == ANYTHREAD && (word_t)ANY_LOCAL == ANYLOCAL, "offsets.h");
_Static_assert(CPU_MAX == CPU_MAX_ENTRIES, "offsets.h");
_Static_assert((WORK_SEGMENTS | WORK_TRACE) == CPU_WORK_SLOW && CR0_TS == CR0_TS_BIT, "offsets.h");
SAME(thread, id, T_ID);
SAME(thread, status, T_STATUS);
SAME(thread, state, T_STATE);
SAME(thread, priority, T_PRIORITY);
SAME(thread, pending, T_PENDING);
SAME(thread, waited, T_WAITED);
SAME(thread, recv_from, T_RECV_FROM);
SAME(thread, table, T_TABLE);
SAME(thread, space, T_SPACE);
SAME(thread, utcb_addr, T_UTCB_ADDR);
SAME(thread, utcb, T_UTCB);
SAME(thread, domain, T_DOMAIN);
SAME(thread, sent, T_SENT);
_Static_assert(KIPC_PAGE_FAULT == KIPC_FAULT && offsetof(struct account, left) == 0, "offsets.h");
SAME(space, reach, S_REACH);
SAME(space, leaf_first, S_LEAF_FIRST);
SAME(space, leaf, S_LEAF);
SAME(space, leaf_nodes, S_LEAF_NODES);
SAME(space, account, S_ACCOUNT);
SAME(mapping, prev, M_PREV);
SAME(mapping, next, M_NEXT);
SAME(mapping, space, M_SPACE);
SAME(mapping, depth, M_DEPTH);
SAME(mapping, where, M_WHERE);
SAME(utcb, pager, UTCB_PAGER);
SAME(utcb, mr, UTCB_MRS);
_Static_assert(sizeof(struct mapping) == M_SIZE && MAPPING_MAX_DEPTH == MAX_DEPTH, "offsets.h");
SAME(arch_frame, di, F_DI);
SAME(arch_frame, si, F_SI);
SAME(arch_frame, bp, F_BP);
SAME(arch_frame, ds, F_DS);
SAME(arch_frame, es, F_ES);
SAME(arch_frame, bx, F_BX);
SAME(arch_frame, dx, F_DX);
SAME(arch_frame, cx, F_CX);
SAME(arch_frame, ax, F_AX);
SAME(arch_frame, vector, F_VECTOR);
SAME(arch_frame, error, F_ERROR);
SAME(arch_frame, ip, F_IP);
SAME(arch_frame, cs, F_CS);
SAME(arch_frame, flags, F_FLAGS);
SAME(arch_frame, sp, F_SP);
SAME(arch_frame, ss, F_SS);
_Static_assert(FRAME_SYSENTER == F_SYSENTER, "offsets.h");
_Static_assert(FRAME_IPC == VEC_SYSCALL + SYS_IPC, "frame.h");
_Static_assert(sizeof(struct arch_frame) == F_SIZE, "offsets.h");
_Static_assert(PENDING_VIRTUAL == PENDING_FOR_OTHER, "offsets.h");
_Static_assert(THREAD_READY == STATE_READY && THREAD_RECEIVING == STATE_RECEIVING, "offsets.h");
_Static_assert(IOMAP_OFF == IOMAP_OFF_VALUE, "offsets.h");
_Static_assert(sizeof(struct cpu) <= CPU_SLOT, "arch/area.h");
_Static_assert(VEC_SYSCALL + SYS_COUNT <= VEC_TIMER, "offsets.h");

#define FLAGS_FIXED 0x002
#define FLAGS_IF    0x200

void arch_frame_init(struct arch_frame *f)
{
    *f = (struct arch_frame){.cs = SEL_UCODE, .ss = SEL_UDATA, .flags = FLAGS_FIXED | FLAGS_IF};
}
