/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame of a new thread; and a look at the numbers in arch/offsets.h. */
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/layout.h"
#include "arch/area.h"
#include "core/cpu.h"
#include "core/utcb.h"

#define SAME(type, member, number)                                                                 \
    _Static_assert(offsetof(struct type, member) == (number), "offsets.h")
SAME(cpu, current, CPU_CURRENT);
SAME(cpu, stack_top, CPU_STACK_TOP);
SAME(cpu, self, CPU_SELF);
SAME(cpu, scratch, CPU_SCRATCH);
SAME(cpu, slice_owner, CPU_SLICE_OWNER);
SAME(cpu, table, CPU_TABLE);
SAME(cpu, waiting, CPU_WAITING);
SAME(cpu, gate, CPU_GATE);
SAME(cpu, work, CPU_WORK);
SAME(cpu, loaded, CPU_LOADED);
SAME(cpu, hw, CPU_HW);
SAME(cpu, highest, CPU_HIGHEST);
SAME(cpu, guest_state, CPU_GUEST_STATE);
SAME(cpu, arch.gdt, CPU_GDT);
SAME(cpu, arch.ipc_return, CPU_IPC_RETURN);
SAME(cpu, arch.tss, CPU_TSS);
SAME(cpu, arch.tss.rsp, CPU_RSP0);
SAME(cpu, arch.tss.iomap_base, CPU_IOMAP);
SAME(cpu, nodes, CPU_NODES);
SAME(cpu, nodes_end, CPU_NODES_END);
_Static_assert((WORK_SEGMENTS | WORK_TRACE) == CPU_WORK_SLOW && CR0_TS == CR0_TS_BIT, "offsets.h");
_Static_assert(IOMAP_OFF == IOMAP_OFF_VALUE, "offsets.h");
_Static_assert((word_t)ANY_THREAD == ANYTHREAD && (word_t)ANY_LOCAL == ANYLOCAL, "offsets.h");
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
_Static_assert(PENDING_VIRTUAL == PENDING_FOR_OTHER, "offsets.h");
_Static_assert(THREAD_READY == STATE_READY && THREAD_RECEIVING == STATE_RECEIVING, "offsets.h");
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
SAME(arch_frame, r15, F_R15);
SAME(arch_frame, bx, F_RBX);
SAME(arch_frame, ax, F_RAX);
SAME(arch_frame, di, F_RDI);
SAME(arch_frame, vector, F_VECTOR);
SAME(arch_frame, ip, F_RIP);
SAME(arch_frame, flags, F_RFLAGS);
SAME(arch_frame, sp, F_RSP);
SAME(arch_frame, ss, F_SS);
_Static_assert(FRAME_SYSCALL == F_SYSCALL, "offsets.h");
_Static_assert(sizeof(struct arch_frame) == F_SIZE, "offsets.h");
_Static_assert(sizeof(struct cpu) <= CPU_SLOT, "arch/area.h");

#define FLAGS_FIXED 0x002
#define FLAGS_IF    0x200

void arch_frame_init(struct arch_frame *f)
{
    *f = (struct arch_frame){.cs = SEL_UCODE, .ss = SEL_UDATA, .flags = FLAGS_FIXED | FLAGS_IF};
}
