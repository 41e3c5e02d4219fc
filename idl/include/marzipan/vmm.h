/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface between the resource monitor and a VMM: the layout of a VMM's
 * address space, the boot page, the console rings.  The calls are interfaces
 * in IDL: console, log, task, exit.
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
 *   0x0000_8000_0000  regions of the interface `memory`, where their owner or partner puts them
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
#define MZ_VMM_REGIONS   UINT64_C(0x000080000000)
#define MZ_VMM_REGIONS_SIZE UINT64_C(0x30000000)
#define MZ_VMM_IMAGES    UINT64_C(0x001000000000)
#define MZ_VMM_RAM       UINT64_C(0x010000000000)

/* A nested monitor has, instead of image, boot images and guest memory:
 *
 *   0x0000_0100_0000  its image
 *   0x0000_4000_0000  boot modules, read-only, up to 768 MiB
 *   0x0000_8000_0000  its RAM, contiguous; IA32: at most 1 GiB
 */
#define MZ_MONITOR_IMAGE        UINT64_C(0x000001000000)
#define MZ_MONITOR_MODULES      UINT64_C(0x000040000000)
#define MZ_MONITOR_MODULES_SIZE UINT64_C(0x000030000000)
#define MZ_MONITOR_RAM          UINT64_C(0x000080000000)

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

/* Byte rings.  head is written by the producer, tail by the consumer; both
 * count bytes for ever and are taken modulo the size.  Neither side trusts the
 * other's counter: head - tail > size means that the peer is broken. */
#define MZ_OUT_SIZE 16384u
#define MZ_IN_SIZE  2048u

/* Behind the console's two the VMM counts the exits of each vCPU, by the kernel's numbers of their
 * causes; the ring behind that has lines for the log: a byte, enum mz_log_level, the text, a NUL. */
#define MZ_VCPUS_MAX  8u
#define MZ_EXIT_KINDS 30u
#define MZ_LOG_SIZE   2048u

struct mz_console {
    uint32_t out_head, out_tail; /* VMM -> monitor */
    uint32_t in_head, in_tail;   /* monitor -> VMM */
    uint32_t log_head, log_tail; /* VMM -> monitor */
    uint8_t  pad[40];
    uint8_t  out[MZ_OUT_SIZE];
    uint8_t  in[MZ_IN_SIZE];
    uint64_t exits[MZ_VCPUS_MAX][MZ_EXIT_KINDS];
    uint8_t  log[MZ_LOG_SIZE];
};
#define MZ_CONSOLE_SIZE UINT64_C(0x6000)
_Static_assert(sizeof(struct mz_console) <= MZ_CONSOLE_SIZE, "console rings fit");

/* Notification bits that the monitor sends to vCPU 0's thread. */
#define MZ_NOTIFY_INPUT (UINT64_C(1) << 0) /* bytes in the input ring    */
#define MZ_NOTIFY_POWER (UINT64_C(1) << 1) /* the power button           */
#define MZ_NOTIFY_PEER  (UINT64_C(1) << 2) /* between a VMM's own threads */

/* clang-format on */
#endif
