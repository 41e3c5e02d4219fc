/* SPDX-License-Identifier: BSD-2-Clause */
/* X.2's data types: words, thread ids, flexpages, clock and time. */
#ifndef L4_TYPES_H
#define L4_TYPES_H

#include <stdint.h>
#include <l4/select.h>
#include L4_ARCH_HEADER(types.h)

typedef unsigned long L4_Word_t;
typedef uint8_t L4_Word8_t;
typedef uint16_t L4_Word16_t;
typedef uint32_t L4_Word32_t;
typedef uint64_t L4_Word64_t;
typedef signed long L4_SignedWord_t;
typedef int8_t L4_SignedWord8_t;
typedef int16_t L4_SignedWord16_t;
typedef int32_t L4_SignedWord32_t;
typedef int64_t L4_SignedWord64_t;
typedef L4_Word_t L4_Bool_t;
typedef L4_Word_t L4_Size_t;
typedef uint64_t L4_Paddr_t;

/* ErrorCode after a failed system call other than Ipc. */
#define L4_ErrOk               0
#define L4_ErrNoPrivilege      1
#define L4_ErrInvalidThread    2
#define L4_ErrInvalidSpace     3
#define L4_ErrInvalidScheduler 4
#define L4_ErrInvalidParam     5
#define L4_ErrUtcbArea         6
#define L4_ErrKipArea          7
#define L4_ErrNoMem            8

/* ---- thread ids ---- */

typedef union {
    L4_Word_t raw;
    struct {
        L4_Word_t version : L4_VERSION_BITS;
        L4_Word_t thread_no : L4_WORD_BITS - L4_VERSION_BITS;
    } global;
} L4_ThreadId_t;

#define L4_nilthread      ((L4_ThreadId_t){.raw = 0})
#define L4_anythread      ((L4_ThreadId_t){.raw = ~0ul})
#define L4_anylocalthread ((L4_ThreadId_t){.raw = ~0x3ful})

static inline L4_ThreadId_t L4_GlobalId(L4_Word_t thread_no, L4_Word_t version)
{
    return (L4_ThreadId_t){.raw = thread_no << L4_VERSION_BITS |
                                  (version & ((1ul << L4_VERSION_BITS) - 1))};
}

static inline L4_Word_t L4_Version(L4_ThreadId_t t)
{
    return t.raw & ((1ul << L4_VERSION_BITS) - 1);
}

static inline L4_Word_t L4_ThreadNo(L4_ThreadId_t t)
{
    return t.raw >> L4_VERSION_BITS;
}

/* Compares the words: the local and the global id of one thread differ. */
static inline L4_Bool_t L4_IsThreadEqual(L4_ThreadId_t a, L4_ThreadId_t b)
{
    return a.raw == b.raw;
}

static inline L4_Bool_t L4_IsThreadNotEqual(L4_ThreadId_t a, L4_ThreadId_t b)
{
    return a.raw != b.raw;
}

static inline L4_Bool_t L4_IsNilThread(L4_ThreadId_t t)
{
    return t.raw == 0;
}

static inline L4_Bool_t L4_IsLocalId(L4_ThreadId_t t)
{
    return (t.raw & 0x3f) == 0;
}

static inline L4_Bool_t L4_IsGlobalId(L4_ThreadId_t t)
{
    return !L4_IsLocalId(t);
}

/* ---- flexpages ---- */

#define L4_Readable        4
#define L4_Writable        2
#define L4_eXecutable      1
#define L4_FullyAccessible 7
#define L4_ReadWriteOnly   6
#define L4_ReadeXecOnly    5
#define L4_NoAccess        0

typedef union {
    L4_Word_t raw;
    struct {
        L4_Word_t rwx : 3;
        L4_Word_t reserved : 1;
        L4_Word_t s : 6;
        L4_Word_t b : L4_WORD_BITS - 10;
    } X;
} L4_Fpage_t;

#define L4_Nilpage              ((L4_Fpage_t){.raw = 0})
#define L4_CompleteAddressSpace ((L4_Fpage_t){.raw = 0x10})

static inline L4_Bool_t L4_IsNilFpage(L4_Fpage_t f)
{
    return f.raw == 0;
}

static inline L4_Word_t L4_Rights(L4_Fpage_t f)
{
    return f.raw & 7;
}

static inline L4_Fpage_t L4_FpageAddRights(L4_Fpage_t f, L4_Word_t rwx)
{
    return (L4_Fpage_t){.raw = f.raw | (rwx & 7)};
}

static inline L4_Fpage_t L4_FpageRemoveRights(L4_Fpage_t f, L4_Word_t rwx)
{
    return (L4_Fpage_t){.raw = f.raw & ~(rwx & 7)};
}

static inline void L4_Set_Rights(L4_Fpage_t *f, L4_Word_t rwx)
{
    f->raw = (f->raw & ~7ul) | (rwx & 7);
}

static inline L4_Fpage_t *L4_FpageAddRightsTo(L4_Fpage_t *f, L4_Word_t rwx)
{
    *f = L4_FpageAddRights(*f, rwx);
    return f;
}

static inline L4_Fpage_t *L4_FpageRemoveRightsFrom(L4_Fpage_t *f, L4_Word_t rwx)
{
    *f = L4_FpageRemoveRights(*f, rwx);
    return f;
}

/* The base is taken as it is: Address() and the kernel align it. */
static inline L4_Fpage_t L4_FpageLog2(L4_Word_t base, int log2)
{
    return (L4_Fpage_t){.raw = (base & ~0x3fful) | (L4_Word_t)log2 << 4};
}

/* Rounds size up to a power of two. */
static inline L4_Fpage_t L4_Fpage(L4_Word_t base, L4_Word_t size)
{
    return L4_FpageLog2(base, size <= 1 ? 0 : L4_WORD_BITS - __builtin_clzl(size - 1));
}

static inline L4_Word_t L4_SizeLog2(L4_Fpage_t f)
{
    return f.raw >> 4 & 0x3f;
}

/* 0 for the nil fpage; 2 for the complete address space, which callers treat on their own. */
static inline L4_Word_t L4_Size(L4_Fpage_t f)
{
    return L4_SizeLog2(f) ? 1ul << L4_SizeLog2(f) : 0;
}

static inline L4_Word_t L4_Address(L4_Fpage_t f)
{
    return f.raw & ~((1ul << L4_SizeLog2(f)) - 1);
}

/* ---- clock and time ---- */

typedef union {
    L4_Word64_t raw;
} L4_Clock_t;

static inline L4_Clock_t L4_ClockAddUsec(L4_Clock_t c, L4_Word64_t us)
{
    return (L4_Clock_t){.raw = c.raw + us};
}

static inline L4_Clock_t L4_ClockSubUsec(L4_Clock_t c, L4_Word64_t us)
{
    return (L4_Clock_t){.raw = c.raw - us};
}

static inline L4_Bool_t L4_IsClockEarlier(L4_Clock_t a, L4_Clock_t b)
{
    return a.raw < b.raw;
}

static inline L4_Bool_t L4_IsClockLater(L4_Clock_t a, L4_Clock_t b)
{
    return a.raw > b.raw;
}

static inline L4_Bool_t L4_IsClockEqual(L4_Clock_t a, L4_Clock_t b)
{
    return a.raw == b.raw;
}

static inline L4_Bool_t L4_IsClockNotEqual(L4_Clock_t a, L4_Clock_t b)
{
    return a.raw != b.raw;
}

typedef union {
    L4_Word16_t raw;
    struct {
        L4_Word16_t m : 10;
        L4_Word16_t e : 5;
        L4_Word16_t a : 1;
    } period;
} L4_Time_t;

#define L4_Never    ((L4_Time_t){.raw = 0})
#define L4_ZeroTime ((L4_Time_t){.raw = 0x0400})

/*
 * The longest period not above us that a Time can say.  0 is ZeroTime, and not
 * Never as in the library of 2014.  From 2^31 on the result is Never.
 */
static inline L4_Time_t L4_TimePeriod(L4_Word64_t us)
{
    unsigned e = 0;

    if (us == 0)
        return L4_ZeroTime;
    if (us >> 31)
        return L4_Never;
    while (us >> e >> 10)
        e++;
    return (L4_Time_t){.raw = (L4_Word16_t)(e << 10 | us >> e)};
}

#endif
