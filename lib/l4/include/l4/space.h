/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: Unmap and SpaceControl. */
#ifndef L4_SPACE_H
#define L4_SPACE_H

#include <l4/message.h>
#include <l4/types.h>
#include L4_ARCH_HEADER(syscalls.h)

#define L4_UNMAP_FLUSH 0x40ul

/* control: number of fpages in MR0... minus one, and perhaps L4_UNMAP_FLUSH. */
static inline void L4_Unmap(L4_Word_t control)
{
    l4_unmap(control);
}

/* An fpage's rights are those to revoke; the result's are the accesses seen so far. */
static inline L4_Fpage_t L4_UnmapFpage(L4_Fpage_t f)
{
    L4_LoadMR(0, f.raw);
    l4_unmap(0);
    return (L4_Fpage_t){.raw = L4_MR(0)};
}

static inline void L4_UnmapFpages(L4_Word_t n, L4_Fpage_t *f)
{
    L4_LoadMRs(0, (int)n, &f->raw);
    l4_unmap(n - 1);
    L4_StoreMRs(0, (int)n, &f->raw);
}

/* Takes the pages away from the own space too. */
static inline L4_Fpage_t L4_Flush(L4_Fpage_t f)
{
    L4_LoadMR(0, f.raw);
    l4_unmap(L4_UNMAP_FLUSH);
    return (L4_Fpage_t){.raw = L4_MR(0)};
}

static inline void L4_FlushFpages(L4_Word_t n, L4_Fpage_t *f)
{
    L4_LoadMRs(0, (int)n, &f->raw);
    l4_unmap(L4_UNMAP_FLUSH | (n - 1));
    L4_StoreMRs(0, (int)n, &f->raw);
}

/* Reads and resets the access bits, revokes nothing. */
static inline L4_Fpage_t L4_GetStatus(L4_Fpage_t f)
{
    return L4_UnmapFpage((L4_Fpage_t){.raw = f.raw & ~0xful});
}

static inline L4_Bool_t L4_WasWritten(L4_Fpage_t f)
{
    return (f.raw & L4_Writable) != 0;
}

static inline L4_Bool_t L4_WasReferenced(L4_Fpage_t f)
{
    return (f.raw & L4_Readable) != 0;
}

static inline L4_Bool_t L4_WaseXecuted(L4_Fpage_t f)
{
    return (f.raw & L4_eXecutable) != 0;
}

/* Privileged.  The first call for a space fixes its KIP and UTCB areas. */
static inline L4_Word_t L4_SpaceControl(L4_ThreadId_t space, L4_Word_t control, L4_Fpage_t kip_area,
                                        L4_Fpage_t utcb_area, L4_ThreadId_t redirector,
                                        L4_Word_t *old_control)
{
    *old_control = control;
    return l4_space_control(space.raw, old_control, kip_area.raw, utcb_area.raw, redirector.raw);
}

#endif
