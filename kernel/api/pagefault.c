/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults as messages: to the pager for memory and ports, to the exception handler otherwise. */
#include "arch/layout.h"
#include "core/arch.h"
#include "core/ipc.h"
#include "core/mapdb.h"
#include "core/sched.h"
#include "core/trace.h"
#include "core/utcb.h"
#include "debug/panic.h"
#include "api/api.h"

static void stop(struct thread *cur, const char *what)
{
    kprintf("almond: thread %lx stopped: %s at ip %lx\n", cur->id, what, frame_ip(&cur->frame));
    cur->state = THREAD_STOPPED;
    sched_block(cur);
}

void api_page_fault(struct thread *cur, word_t addr, unsigned rights, word_t ip)
{
    if (cur->space->sigma0) {
        /* Sigma0 sees physical memory one to one and has no pager. */
        if (addr >= USER_END ||
            !space_user_range(cur->space, ALIGN_DOWN(addr, PAGE_SIZE), PAGE_SIZE) ||
            !map_sigma0_page(addr))
            stop(cur, "sigma0 fault");
        return;
    }
    trace(L4_TRACE_PAGE_FAULT, cur, addr, ip);
    cur->fault_addr = addr;
    cur->fault_ip = ip;
    cur->fault_rights = (u8)rights;
    ipc_kernel_call(cur, KIPC_PAGE_FAULT, cur->utcb->pager);
}

void api_io_fault(struct thread *cur, u16 port, unsigned log2_size, word_t ip)
{
    if (cur->space->sigma0) {
        for (unsigned i = 0; i < 1u << log2_size; i++)
            if (!arch_io_set(cur->space, (u16)(port + i), true))
                stop(cur, "no memory for IO ports");
        return;
    }
    cur->fault_addr = port;
    cur->fault_ip = ip;
    cur->fault_rights = (u8)log2_size;
    ipc_kernel_call(cur, KIPC_IO_FAULT, cur->utcb->pager);
}

/* The instruction is done, if it was a trap: should the call start over, then from here. */
void api_exception(struct thread *cur)
{
    trace(L4_TRACE_EXCEPTION, cur, frame_vector(&cur->frame), frame_ip(&cur->frame));
    cur->cont = CONT_EXCEPTION;
    ipc_kernel_call(cur, KIPC_EXCEPTION, cur->utcb->exception_handler);
}

void api_preemption(struct thread *cur)
{
    if (cur->quantum_left == 0)
        ipc_kernel_call(cur, KIPC_PREEMPTION, cur->scheduler);
    else if (cur->utcb->exception_handler != NILTHREAD)
        ipc_kernel_call(cur, KIPC_PREEMPTION, cur->utcb->exception_handler);
    else
        cur->cont = CONT_NONE;
}
