/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: memory, instructions, the debugger's traps; and registers that the kernel reads. */
#include "fuzz.h"

void touch(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t at = random_address(r);

    if (at >= UTCB_AREA && at < UTCB_AREA + (1ul << UTCB_LOG2) && one_in(r, 2))
        at = PLAY;
    switch (below(r, 40)) {
    case 0:
        ((void (*)(void))at)();
        break;
    case 1:
    case 2:
    case 3: /* random bytes, for those who execute them and for guests */
        if (at >= PLAY && at < PLAY + (1ul << PLAY_LOG2) - 8)
            *(volatile L4_Word_t *)at = random_word(r);
        break;
    case 4:
        __asm__ volatile("rep stosb" : : "D"(at), "a"(0), "c"(below(r, 5000)) : "memory");
        break;
    default:
        *(volatile char *)at;
    }
}

/* The console's services; with strings anywhere. */
void debugger(struct victim *v)
{
    struct random *r = &v->random;
    L4_Word_t at = one_in(r, 4) ? (L4_Word_t) "kdb\n" : random_address(r);

    switch (below(r, 8)) {
    case 0:
        __asm__ volatile("int3; cmp $0, %%al" : : "a"('.') : "cc");
        break;
    case 1:
    case 2:
    case 3:
        __asm__ volatile("int3; cmp $1, %%al" : : "a"(at) : "cc", "memory");
        break;
    case 4:
        __asm__ volatile("int3; cmp $8, %%al" : "+a"(at) : : "cc");
        break;
    case 5:
        __asm__ volatile("int3; cmp $77, %%al" : : "a"(at) : "cc");
        break;
    case 6:
        __asm__ volatile(ENTER_DEBUGGER : : : "eax");
        break;
    case 7:
        __asm__ volatile("int3; jmp 1f; mov $0x90001000, %%eax; 1:" : : : "eax");
        break;
    }
}

/* Thread control registers, as far as users may write them: all. */
void thread_registers(struct victim *v)
{
    struct random *r = &v->random;

    switch (below(r, 6)) {
    case 0:
        L4_Set_Pager((L4_ThreadId_t){.raw = one_in(r, 3) ? random_id(r) : root.raw});
        break;
    case 1:
        L4_Set_ExceptionHandler((L4_ThreadId_t){.raw = one_in(r, 3) ? random_id(r) : root.raw});
        break;
    case 2:
        L4_Set_Tcr(L4_TCR_FLAGS, random_word(r));
        break;
    case 3:
        L4_Set_XferTimeouts(random_value(r));
        break;
    case 4: /* any word of the UTCB; the stubs need the global id to be one */
        ((volatile L4_Word_t *)L4_MyLocalId().raw)[(L4_SignedWord_t)below(r, 128) - 64] =
            random_value(r);
        L4_Set_Pager(root);
        break;
    case 5:
        L4_Set_Pager(root);
        L4_Set_ExceptionHandler(root);
        break;
    }
}
