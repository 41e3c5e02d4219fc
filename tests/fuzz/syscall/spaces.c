/* SPDX-License-Identifier: BSD-2-Clause */
/* Making the victims and their spaces, and bringing them back to their senses. */
#include "fuzz.h"

#define UNCHANGED ((void *)~0ul)

L4_Word_t ids[NUMBERS], pool;
enum vcpu_kind vcpu_kind[NUMBERS];

static L4_Word_t blocks, seen[VICTIMS];

L4_Word_t block_of(unsigned n)
{
    return blocks + ((L4_Word_t)(n % SPACES) << BLOCK_LOG2);
}

static struct victim *state_of(unsigned n)
{
    return (struct victim *)(block_of(n) + n * STATE_BYTES);
}

unsigned victim_of(L4_ThreadId_t t)
{
    L4_Word_t n = L4_ThreadNo(t) - user_base - FIRST_NUMBER;

    return L4_IsGlobalId(t) && n < NUMBERS ? (unsigned)n : NUMBERS;
}

L4_Word_t victim_calls(unsigned n)
{
    L4_Word_t now = state_of(n)->calls, count = now - seen[n];

    seen[n] = now;
    return count < 1ul << 24 ? count : 0; /* somebody wrote there */
}

/* Somebody may have written there: what is too large to be true does not count. */
void victim_counts(L4_Word_t *strings, L4_Word_t *exits)
{
    for (unsigned n = 0; n < VICTIMS; n++) {
        struct victim *v = state_of(n);

        *strings += v->strings < 1ul << 24 ? v->strings : 0;
        *exits += v->exits < 1ul << 24 ? v->exits : 0;
        v->strings = v->exits = 0;
    }
}

bool victim_restart(unsigned n)
{
    struct l4_exregs e = {.control = L4_EXREGS_RUN | L4_EXREGS_SP | L4_EXREGS_IP | L4_EXREGS_PAGER,
                          .sp = BLOCK + (n + 1) * STATE_BYTES - 8,
                          .ip = (L4_Word_t)victim,
                          .pager = root.raw};

    return !L4_IsNilThread(L4_Exregs((L4_ThreadId_t){.raw = ids[n]}, &e));
}

void delete_thread(unsigned n)
{
    L4_ThreadControl((L4_ThreadId_t){.raw = ids[n]}, L4_nilthread, L4_nilthread, L4_nilthread,
                     UNCHANGED);
    vcpu_kind[n] = NO_VCPU;
}

L4_ThreadId_t new_version(unsigned n)
{
    ids[n] = L4_GlobalId(user_base + FIRST_NUMBER + n, 1 + below(&chance, 3)).raw;
    return (L4_ThreadId_t){.raw = ids[n]};
}

/* An own account for some, with more than enough. */
static L4_Word_t space_account(unsigned space)
{
    L4_Word_t account = 1 + space % ACCOUNTS, limit;

    if (!L4_Almond() || one_in(&chance, 3))
        return 0;
    L4_KmemControl(account, 4ul << 20, &limit);
    return L4_SPACE_ACCOUNT | account << L4_SPACE_ACCOUNT_SHIFT;
}

static bool make_thread(unsigned n, L4_ThreadId_t neighbour)
{
    L4_ThreadId_t t = new_version(n);
    L4_Word_t old, account = space_account(n);
    bool fresh = L4_IsNilThread(neighbour);

    if (!L4_ThreadControl(t, fresh ? t : neighbour, root, L4_nilthread, UNCHANGED))
        return false;
    if (fresh && !L4_SpaceControl(t, account, fpage(KIP_AREA, 12, 0),
                                  fpage(UTCB_AREA, UTCB_LOG2, 0), L4_nilthread, &old))
        return false;
    if (!L4_ThreadControl(t, fresh ? t : neighbour, root, root,
                          (void *)(UTCB_AREA + UTCB_BYTES * n)))
        return false;
    L4_Set_Priority(t, 50 + below(&chance, 100));
    return true;
}

static void reset_state(unsigned n)
{
    struct victim *v = state_of(n);

    v->number = n;
    v->calls = seen[n] = 0;
    v->random.state = random_word(&chance) | 1;
}

void space_rebuild(unsigned space)
{
    L4_ThreadId_t first = L4_nilthread;

    for (unsigned n = space; n < VICTIMS; n += SPACES)
        delete_thread(n);
    memset((void *)block_of(space), 0, 1ul << BLOCK_LOG2);
    for (unsigned n = 0; n < VICTIMS; n++) /* others may migrate to it */
        ((struct victim *)(block_of(space) + n * STATE_BYTES))->random.state = n + 1;
    for (unsigned n = space; n < VICTIMS; n += SPACES) {
        reset_state(n);
        if (!make_thread(n, first)) {
            printf("\nfuzz: no thread %u, error %lu\n", n, L4_ErrorCode());
            continue;
        }
        if (L4_IsNilThread(first))
            first.raw = ids[n];
        if (one_in(&chance, 3))
            give_vcpu(n);
        victim_restart(n);
    }
}

void spaces_init(L4_Word_t seed)
{
    chance.state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
    pool = L4_Address(L4_Sigma0_GetAny(L4_nilthread, PLAY_LOG2, L4_CompleteAddressSpace));
    blocks = L4_Address(L4_Sigma0_GetAny(L4_nilthread, BLOCK_LOG2 + 2, L4_CompleteAddressSpace));
    L4_Sigma0_GetPage(L4_nilthread, L4_IoFpageLog2(SAFE_PORT, SAFE_LOG2));
    for (unsigned n = 0; n < NUMBERS; n++)
        new_version(n);
    make_vm();
    for (unsigned i = 0; i < SPACES; i++)
        space_rebuild(i);
}
