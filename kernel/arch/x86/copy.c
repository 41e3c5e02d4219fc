/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copying strings from one space to another.  The sender's space is loaded; a piece
 * of the receiver's page tables is hung into the kernel's part of it, this
 * processor's window, without the user bit.  What is not there, or not writable,
 * faults as it would for its user.
 */
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/pte.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/space.h"

#define PTE_USER (1UL << 2)

#define WINDOW_SIZE (1UL << WINDOW_LOG2)

/* The window on the part of `to` that holds address dst. */
static void open_window(struct cpu *cpu, struct space *from, const struct space *to, word_t dst)
{
    from->pt_root[ROOT_WINDOW_0 + cpu->number] = to->pt_root[dst >> WINDOW_LOG2] & ~PTE_USER;
    cpu->window = to->table;
    cpu->table = from->table;
    cpu->loaded = NULL; /* arch_switch() must look at the tables */
    atomic_fence();
    write_cr3(from->table);
}

static void close_window(struct cpu *cpu, struct space *from)
{
    from->pt_root[ROOT_WINDOW_0 + cpu->number] = 0;
    cpu->window = 0;
}

/* The piece that neither leaves the user area nor the window; 0: it begins outside. */
static word_t clip(word_t src, word_t dst, word_t n)
{
    if (src >= USER_END || dst >= USER_END)
        return 0;
    n = MIN(n, MIN(USER_END - src, USER_END - dst));
    return MIN(n, WINDOW_SIZE - (dst & (WINDOW_SIZE - 1)));
}

struct copy_result arch_copy_string(struct space *from, word_t src, struct space *to, word_t dst,
                                    word_t n)
{
    struct cpu *cpu = this_cpu();
    word_t window = WINDOW_BASE(cpu->number), shown = dst & (WINDOW_SIZE - 1), left, cr2;
    struct copy_result r = {0, COPY_NO_FAULT, 0};

    n = clip(src, dst, n);
    if (n == 0) {
        r.fault = COPY_OUTSIDE;
        return r;
    }
    open_window(cpu, from, to, dst);
    if (cpu_features.smap)
        asm volatile("stac" : : : "memory");
    left = string_copy((void *)(window + shown), (const void *)src, n);
    if (cpu_features.smap)
        asm volatile("clac" : : : "memory");
    close_window(cpu, from);
    r.copied = n - left;
    if (left == 0)
        return r;
    cr2 = read_cr2();
    if (cr2 - window < WINDOW_SIZE) {
        r.fault = COPY_TO;
        r.address = (dst & ~(WINDOW_SIZE - 1)) + (cr2 - window);
    } else {
        r.fault = COPY_FROM;
        r.address = cr2;
    }
    return r;
}
