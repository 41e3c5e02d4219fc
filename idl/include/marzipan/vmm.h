/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface between the resource monitor and a VMM: the layout of a VMM's
 * address space, the boot page, the console rings, and the calls.
 *
 * A VMM reaches the monitor by Call only.  The kernel charges the time of the
 * call to the caller, so what the monitor does for a VM is paid by that VM.
 * The monitor reaches a VMM through the rings and notifications, never blocking.
 */
#ifndef MARZIPAN_VMM_H
#define MARZIPAN_VMM_H

#include <stdint.h>

/* The layouts are tables. */
/* clang-format off */
/*
 * Address space of a VMM.  Everything but UTCBs, KIP and state pages is paged
 * in by the monitor, which is the pager and exception handler of each thread.
 *
 *   0x0000_0040_0000  the VMM's image, with its stack in .bss
 *   0x0000_0800_0000  boot page (read-only)
 *   0x0000_0810_0000  console rings, MZ_CONSOLE_SIZE (read-write)
 *   0x0000_2000_0000  heap, on demand, up to the domain's quota
 *   0x0000_7000_0000  UTCB area, 64 KiB; state page of vCPU n at +0x8000 + n * 4 KiB
 *   0x0000_7100_0000  KIP
 *   0x0010_0000_0000  boot images, read-only, at the addresses in the boot page
 *   0x0100_0000_0000  guest memory: the RAM of the VM, contiguous, zero at first touch
 */
#define MZ_VMM_IMAGE     UINT64_C(0x000000400000)
#define MZ_VMM_BOOT      UINT64_C(0x000008000000)
#define MZ_VMM_CONSOLE   UINT64_C(0x000008100000)
#define MZ_VMM_HEAP      UINT64_C(0x000020000000)
#define MZ_VMM_HEAP_MAX  UINT64_C(0x000001000000)
#define MZ_VMM_UTCB      UINT64_C(0x000070000000)
#define MZ_VMM_UTCB_SIZE UINT64_C(0x000000010000)
#define MZ_VMM_STATE     UINT64_C(0x000070008000)
#define MZ_VMM_KIP       UINT64_C(0x000071000000)
#define MZ_VMM_IMAGES    UINT64_C(0x001000000000)
#define MZ_VMM_RAM       UINT64_C(0x010000000000)

/* The boot page: written by the monitor before the VMM starts. */
#define MZ_BOOT_MAGIC   UINT64_C(0x31544f4f424d5a4d) /* "MZMBOOT1" */
#define MZ_BOOT_VERSION 2
#define MZ_CMDLINE_MAX  2048
#define MZ_NAME_MAX     32

struct mz_image {
    uint64_t addr; /* in the VMM's address space, page-aligned; 0 if there is none */
    uint64_t size; /* bytes                                                        */
};

struct mz_boot {
    uint64_t magic;
    uint32_t version;
    uint32_t vcpus;
    uint64_t ram_size;           /* bytes, a multiple of 2 MiB                      */
    uint64_t monitor;            /* global thread id to call                        */
    struct mz_image kernel;      /* ELF with a PVH note, or a bzImage               */
    struct mz_image initrd;
    uint64_t incarnation;        /* 1 at the first start, counts restarts           */
    uint64_t boot_clock;         /* seconds since 1970 at kernel clock 0, 0 unknown */
    uint64_t watchdog_ms;        /* its watchdog's longest time-out, 0: has none    */
    char     name[MZ_NAME_MAX];
    char     cmdline[MZ_CMDLINE_MAX];
};

/* Two byte rings.  head is written by the producer, tail by the consumer; both
 * count bytes for ever and are taken modulo the size.  Neither side trusts the
 * other's counter: head - tail > size means that the peer is broken. */
#define MZ_OUT_SIZE 16384u
#define MZ_IN_SIZE  2048u

struct mz_console {
    uint32_t out_head, out_tail; /* VMM -> monitor */
    uint32_t in_head, in_tail;   /* monitor -> VMM */
    uint8_t  pad[48];
    uint8_t  out[MZ_OUT_SIZE];
    uint8_t  in[MZ_IN_SIZE];
};
#define MZ_CONSOLE_SIZE UINT64_C(0x5000)
_Static_assert(sizeof(struct mz_console) <= MZ_CONSOLE_SIZE, "console rings fit");

/* Notification bits that the monitor sends to vCPU 0's thread. */
#define MZ_NOTIFY_INPUT (UINT64_C(1) << 0) /* bytes in the input ring    */
#define MZ_NOTIFY_POWER (UINT64_C(1) << 1) /* the power button           */
#define MZ_NOTIFY_PEER  (UINT64_C(1) << 2) /* between a VMM's own threads */

/*
 * Calls to the monitor.  The label is the operation; untyped words are the
 * arguments.  The reply's label is 0 (MZ_OK) or an error of <marzipan/errors.h>; its
 * words are results.  An unknown label or a wrong number of words gets MZ_ERR_BAD_MESSAGE.
 */
enum mz_op {
    MZ_OP_CONSOLE_FLUSH = 0x100, /* ()                  drain the output ring             */
    MZ_OP_EXIT          = 0x101, /* (enum mz_exit, detail, text: up to 8 words of bytes)
                                    the VM has ended; no reply: the domain is destroyed   */
    MZ_OP_LOG           = 0x102, /* (level, text: up to 60 words) one line to the log     */
    MZ_OP_THREAD_CREATE = 0x103, /* (index 1.., ip, sp) -> (global id) in the own space   */
    MZ_OP_THREAD_DELETE = 0x104, /* (global id) of a thread that the domain owns          */
    MZ_OP_THREAD_PRIO   = 0x105, /* (global id, priority up to the domain's)              */
    MZ_OP_SPACE_CREATE  = 0x106, /* (flags) -> (id of an inactive thread in the new space) */
    MZ_OP_SPACE_DELETE  = 0x107, /* (id) */
    MZ_OP_STARTED       = 0x108, /* (tsc of the first guest instruction) for log and bench */
    MZ_OP_STATS         = 0x109, /* () -> (memory used, limit, kmem used, limit, threads, limit) */
    MZ_OP_POWEROFF      = 0x10a, /* (code) whole machine; only domains that may           */
    MZ_OP_ALIVE         = 0x10b, /* ()                  feeds the domain's watchdog           */
    MZ_OP_LAST
};

enum mz_exit {
    MZ_EXIT_POWEROFF = 1, /* the guest switched itself off: success                    */
    MZ_EXIT_REBOOT,       /* the guest asked for a reboot: always restarted            */
    MZ_EXIT_TRIPLE_FAULT, /* failure                                                   */
    MZ_EXIT_BAD_ACCESS,   /* failure: access outside the VM's memory and devices       */
    MZ_EXIT_BAD_INSN,     /* failure: an instruction that the VMM does not emulate     */
    MZ_EXIT_BAD_IMAGE,    /* failure: kernel or initrd unusable; never restarted       */
    MZ_EXIT_HALTED,       /* failure: every vCPU halted with interrupts off            */
    MZ_EXIT_WATCHDOG,     /* failure: the guest did not feed its watchdog              */
    MZ_EXIT_INTERNAL      /* failure: the VMM met a condition it does not handle       */
};

enum mz_level { MZ_LOG_ERROR, MZ_LOG_WARN, MZ_LOG_INFO, MZ_LOG_DEBUG };

/* clang-format on */
#endif
