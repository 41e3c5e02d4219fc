/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The binary interface of Almond's extensions to L4 X.2: how a program finds
 * them, and the layout of a vCPU's state page.  Shared by the kernel and by
 * user programs, so it holds nothing but layouts and constants; the system
 * call veneers are in <l4/vcpu.h>.  The prose is docs/almond-extensions.md.
 */
#ifndef L4_ALMOND_H
#define L4_ALMOND_H

#include <stdint.h>

/* The layouts are tables. */
/* clang-format off */
/*
 * The extension block.  It lies in the KIP, behind the kernel descriptor's
 * strings (version string, NUL, empty string, NUL), aligned up to 8 bytes.
 * No feature string announces it: see the trap in l4 libraries of 2014 that
 * takes any string as proof of every feature.
 */
#define L4_ALMOND_MAGIC UINT64_C(0x31545845444d4c41) /* "ALMDEXT1" */

struct l4_almond {
    uint64_t magic;
    uint32_t size;         /* bytes of this block                                  */
    uint32_t svm_status;   /* L4_SVM_*: why hardware VMs are (not) there           */
    uint64_t features;     /* L4_ALMOND_F_*                                        */
    uint64_t quirks;       /* L4_ALMOND_Q_*: faults of this processor or emulator  */
    uint64_t tsc_khz;      /* frequency of the time stamp counter                  */
    uint64_t vcpu_control; /* entry addresses of the kind of X.2's links             */
    uint64_t vcpu_run;
    uint64_t vcpu_map;
    uint64_t notify;
    uint64_t kmem_control;
    uint64_t domain_control;
    uint64_t cpu_time;
    uint64_t thread_local;
    uint64_t trace_control;
    uint64_t interrupt_message;
};

#define L4_ALMOND_F_VCPU   (UINT64_C(1) << 0) /* VcpuControl, VcpuRun, VcpuMap     */
#define L4_ALMOND_F_NOTIFY (UINT64_C(1) << 1)
#define L4_ALMOND_F_KMEM   (UINT64_C(1) << 2) /* kernel memory accounts            */
#define L4_ALMOND_F_NRIP   (UINT64_C(1) << 3) /* exits carry instruction lengths   */
#define L4_ALMOND_F_DOMAINS (UINT64_C(1) << 4) /* DomainControl, CpuTime           */
#define L4_ALMOND_F_USER_VCPU (UINT64_C(1) << 5) /* vCPUs in user mode             */
#define L4_ALMOND_F_LOCAL (UINT64_C(1) << 6) /* ThreadLocal                       */
#define L4_ALMOND_F_TRACE (UINT64_C(1) << 7) /* TraceControl                      */
#define L4_ALMOND_F_MSI   (UINT64_C(1) << 8) /* InterruptMessage                  */

/* QEMU TCG does not intercept XSETBV: hide XSAVE from guests. */
#define L4_ALMOND_Q_NO_XSETBV_EXIT (UINT64_C(1) << 0)
/* QEMU TCG, with several processors: FXRSTOR on another one may change the first one's
 * virtualization state.  Let no vCPUs run there. */
#define L4_ALMOND_Q_FIRST_PROCESSOR (UINT64_C(1) << 1)

#define L4_SVM_OK        0
#define L4_SVM_NO_CPU    1 /* CPUID shows no SVM                   */
#define L4_SVM_DISABLED  2 /* firmware has locked SVM off          */
#define L4_SVM_NO_NPT    3 /* SVM without nested paging            */

/* SpaceControl control word; its bits lie elsewhere on IA32, which has a use for some of AMD64's. */
#define L4_ALMOND_BIT(amd64, ia32) (sizeof(long) == 8 ? (amd64) : (ia32))
#define L4_SPACE_VM                (1UL << L4_ALMOND_BIT(62, 30)) /* make it a VM space      */
#define L4_SPACE_ACCOUNT           (1UL << L4_ALMOND_BIT(61, 28)) /* a kernel account follows */
#define L4_SPACE_ACCOUNT_SHIFT     L4_ALMOND_BIT(32, 8)
#define L4_SPACE_ACCOUNT_MASK      0xffffUL

/* DomainControl: which operation.  Domains are numbered as kernel accounts are. */
#define L4_DOMAINS           1024
#define L4_DOMAIN_ROOT       0    /* the root task's                  */
#define L4_DOMAIN_SIGMA0     1023 /* sigma0's                         */
#define L4_DOMAIN_REACH      0 /* it may send to domain `argument`  */
#define L4_DOMAIN_UNREACH    1
#define L4_DOMAIN_REACH_ALL  2
#define L4_DOMAIN_REACH_NONE 3 /* but to itself                     */

/* CpuTime of a domain: its number, shifted, which is no thread's global id. */
#define L4_CPU_TIME_DOMAIN_SHIFT 6

/* TraceControl: which operation. */
#define L4_TRACE_WRITE 0 /* an event L4_TRACE_USER with two words: for everybody          */
#define L4_TRACE_SIZE  1 /* 2^n events for each processor, 0: none; the trace is off then */
#define L4_TRACE_START 2 /* which types of events: a set of bits                          */
#define L4_TRACE_STOP  3
#define L4_TRACE_READ  4 /* a processor's events from a number on, to MR0 ...             */

#define L4_TRACE_MIN_LOG2 7
#define L4_TRACE_MAX_LOG2 17
#define L4_TRACE_ALL      0x1ffu

enum l4_trace_type {
    L4_TRACE_USER       = 0, /* what a program says: both words are its own               */
    L4_TRACE_SWITCH     = 1, /* thread runs from now on (0: nobody); before: arg[0]       */
    L4_TRACE_CALL       = 2, /* system call arg[0], from ip arg[1]; but not Ipc           */
    L4_TRACE_IPC        = 3, /* a message has gone to thread arg[0]; its tag              */
    L4_TRACE_PAGE_FAULT = 4, /* at address arg[0], ip arg[1]                              */
    L4_TRACE_EXCEPTION  = 5, /* vector arg[0], ip arg[1]                                  */
    L4_TRACE_INTERRUPT  = 6, /* source arg[0]                                             */
    L4_TRACE_VCPU_EXIT  = 7, /* a run ends: enum l4_vcpu_exit, guest's ip                 */
    L4_TRACE_OWN        = 8  /* processor arg[0] stands still until this one is done      */
};

/* In all of them `thread` is the number of the thread that does it, or to which it happens. */
struct l4_trace_event {
    uint64_t tsc;
    uint32_t thread;
    uint16_t type; /* enum l4_trace_type */
    uint16_t cpu;
    uint64_t arg[2];
};

/*
 * Notifications arrive like a message from the notification thread, which is
 * the kernel thread with number SystemBase + 1 and version 1: label
 * L4_NOTIFY_LABEL, one untyped word, the bits gathered since the last receipt.
 */
#define L4_NOTIFY_THREAD_OFFSET 1
#define L4_NOTIFY_LABEL         ((~0UL << 4) & (~0UL >> 16))

/* Groups of guest state; bits of l4_vcpu_state.dirty and .valid. */
#define L4_VCPU_G_GPR  (1u << 0) /* gpr, rip, rflags: always loaded, always valid  */
#define L4_VCPU_G_CTRL (1u << 1) /* control registers, EFER, debug registers 6, 7  */
#define L4_VCPU_G_SEG  (1u << 2) /* segments and descriptor tables                 */
#define L4_VCPU_G_SYS  (1u << 3) /* system call MSRs, PAT, TSC offset              */
#define L4_VCPU_G_CONF (1u << 4) /* intercept configuration                        */
#define L4_VCPU_G_ALL  0x1fu

/* l4_vcpu_state.flags */
#define L4_VCPU_HALTED     (1u << 0) /* do not enter the guest: sleep until the deadline,
                                        a notification; the kernel clears it then      */
#define L4_VCPU_IRQ_WINDOW (1u << 1) /* end the run once the guest takes interrupts    */
#define L4_VCPU_SYNC       (1u << 2) /* return at once with every group valid; cleared */
#define L4_VCPU_FLUSH_TLB  (1u << 3) /* drop the guest's cached translations; cleared  */
#define L4_VCPU_SHADOW     (1u << 4) /* in: set the guest's interrupt shadow; cleared  */

/* l4_vcpu_state.inject; the layout is that of SVM's EVENTINJ (APM vol. 2, 15.20). */
#define L4_VCPU_EV_VECTOR(v) ((uint64_t)(v)&0xff)
#define L4_VCPU_EV_INTR      (UINT64_C(0) << 8)
#define L4_VCPU_EV_NMI       (UINT64_C(2) << 8)
#define L4_VCPU_EV_EXCEPTION (UINT64_C(3) << 8)
#define L4_VCPU_EV_SOFTINT   (UINT64_C(4) << 8)
#define L4_VCPU_EV_TYPE_MASK (UINT64_C(7) << 8)
#define L4_VCPU_EV_HAS_ERROR (UINT64_C(1) << 11)
#define L4_VCPU_EV_VALID     (UINT64_C(1) << 31)
#define L4_VCPU_EV_ERROR(e)  ((uint64_t)(uint32_t)(e) << 32)

/* Reasons for the end of a run: the result of VcpuRun and l4_vcpu_state.exit. */
enum l4_vcpu_exit {
    L4_EXIT_ERROR      = 0,  /* VcpuRun failed, see TCR ErrorCode                          */
    L4_EXIT_IO         = 1,  /* qual[0] L4_IO_*, qual[1] rip of the next instruction       */
    L4_EXIT_CPUID      = 2,
    L4_EXIT_MSR        = 3,  /* qual[0] 0 RDMSR, 1 WRMSR; number and value in the registers */
    L4_EXIT_HLT        = 4,
    L4_EXIT_NPF        = 5,  /* qual[0] guest-physical address, qual[1] L4_NPF_*; all groups */
    L4_EXIT_TIMER      = 6,  /* the deadline has passed                                    */
    L4_EXIT_NOTIFY     = 7,  /* .notify holds new bits                                     */
    L4_EXIT_IRQ_WINDOW = 8,
    L4_EXIT_SHUTDOWN   = 9,  /* triple fault; all groups                                   */
    L4_EXIT_CR         = 10, /* qual[0] register number, qual[1] 0 read 1 write; all groups */
    L4_EXIT_EXCEPTION  = 11, /* qual[0] vector, qual[1] error code, qual[2] address; all   */
    L4_EXIT_INVALID    = 12, /* the processor refused the guest state; load all groups now */
    L4_EXIT_VMMCALL    = 13,
    L4_EXIT_XSETBV     = 14,
    L4_EXIT_WBINVD     = 15, /* INVD or WBINVD                                             */
    L4_EXIT_MWAIT      = 16, /* MONITOR (qual[0] = 0) or MWAIT (1)                         */
    L4_EXIT_PAUSE      = 17,
    L4_EXIT_RDPMC      = 18,
    L4_EXIT_TASK       = 19, /* task switch through a gate; all groups                     */
    L4_EXIT_SYNC       = 20,
    L4_EXIT_VIRT_INSN  = 21, /* an instruction of SVM or VMX: the guest deserves a #UD     */
    L4_EXIT_RDTSC      = 22, /* only if configured; qual[0] 0 RDTSC, 1 RDTSCP              */
    L4_EXIT_UNKNOWN    = 23, /* qual[0] the hardware's code; all groups                    */
    L4_EXIT_INT        = 24, /* user mode: INT n; qual[0] n                                */
    L4_EXIT_SYSCALL    = 25, /* user mode: SYSCALL                                         */
    L4_EXIT_COUNT
};

/* L4_EXIT_IO, qual[0]: SVM's EXITINFO1 */
#define L4_IO_IN        (UINT64_C(1) << 0)
#define L4_IO_STRING    (UINT64_C(1) << 2)
#define L4_IO_REP       (UINT64_C(1) << 3)
#define L4_IO_SIZE(q)   ((unsigned)((q) >> 4 & 7))       /* bytes: 1, 2, 4                    */
#define L4_IO_ASIZE(q)  ((unsigned)((q) >> 7 & 7) << 1)  /* address bytes: 2, 4, 8, 0 unknown */
#define L4_IO_SEG(q)    ((unsigned)((q) >> 10 & 7))      /* segment of OUTS, 7 unknown        */
#define L4_IO_PORT(q)   ((uint16_t)((q) >> 16))
#define L4_IO(port, size) ((uint64_t)(port) << 16 | (uint64_t)(size) << 4) /* to make one */

/* L4_EXIT_NPF, qual[1]: the bits of a page fault's error code, and where it happened. */
#define L4_NPF_PRESENT  (UINT64_C(1) << 0)
#define L4_NPF_WRITE    (UINT64_C(1) << 1)
#define L4_NPF_FETCH    (UINT64_C(1) << 4)
#define L4_NPF_FINAL    (UINT64_C(1) << 32) /* the access itself                         */
#define L4_NPF_TABLE    (UINT64_C(1) << 33) /* a walk of the guest's page tables         */

/* A segment register; attr packs descriptor bits 40-47 and 52-55 as SVM does. */
struct l4_vcpu_seg {
    uint16_t selector;
    uint16_t attr;
    uint32_t limit;
    uint64_t base;
};

enum l4_vcpu_segno { L4_SEG_ES, L4_SEG_CS, L4_SEG_SS, L4_SEG_DS, L4_SEG_FS, L4_SEG_GS,
                     L4_SEG_LDTR, L4_SEG_TR, L4_SEG_GDTR, L4_SEG_IDTR, L4_SEG_COUNT };

/* In user mode, IA32: the base of this one is the n-th thread-local descriptor, 0 ... 2. */
#define L4_SEG_LOCAL(n) (L4_SEG_LDTR + (n))
/* Its selector, for guests and threads. */
#define L4_LOCAL_SELECTOR(n) (0x43 + 8 * (n))

/* Hardware's register numbers. */
enum l4_vcpu_gpr { L4_RAX, L4_RCX, L4_RDX, L4_RBX, L4_RSP, L4_RBP, L4_RSI, L4_RDI,
                   L4_R8, L4_R9, L4_R10, L4_R11, L4_R12, L4_R13, L4_R14, L4_R15 };

struct l4_vcpu_state {
    /* 0x000: from the VMM */
    uint32_t dirty;       /* groups to load at the next run; the kernel clears them      */
    uint32_t flags;
    uint64_t deadline;    /* TSC value (the host's) at which the run ends; ~0 never      */
    uint64_t inject;      /* event to inject at the next run.  After an exit: an event
                             whose delivery the exit interrupted, else 0                 */
    uint64_t reserved0;

    /* 0x020: from the kernel */
    uint32_t exit;        /* enum l4_vcpu_exit                                           */
    uint32_t exit_len;    /* length of the exiting instruction, 0 where unknown          */
    uint32_t valid;       /* groups that hold the guest's current state                  */
    uint32_t intr_shadow; /* 1: the guest is in an interrupt shadow (STI, MOV SS)        */
    uint64_t qual[3];
    uint64_t notify;      /* bits of L4_EXIT_NOTIFY                                      */
    uint8_t  insn[16];    /* bytes at rip, where the processor gives them                */
    uint32_t insn_count;
    uint32_t cr8;         /* G_CTRL: the task priority that the guest wrote to CR8       */
    uint64_t reserved2[3];

    /* 0x080: G_GPR; on IA32 the upper halves are the VMM's, the kernel leaves them alone */
    uint64_t gpr[16];
    uint64_t rip, rflags;

    /* 0x110: G_CTRL */
    uint64_t cr0, cr2, cr3, cr4, efer, dr6, dr7, xcr0;

    /* 0x150: G_SEG */
    struct l4_vcpu_seg seg[L4_SEG_COUNT];

    /* 0x1f0: G_SYS */
    uint64_t star, lstar, cstar, sfmask, kernel_gs_base;
    uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
    uint64_t pat, tsc_aux, tsc_offset;

    /* 0x248: G_CONF */
    uint32_t exceptions;  /* bit n: exception n ends the run                             */
    uint32_t intercept;   /* L4_VCPU_I_*                                                 */

    /* 0x250: counters kept by the kernel */
    uint64_t runs;        /* VMRUN executed                                              */
    uint64_t host_intrs;  /* exits for interrupts of the host                            */
    uint64_t first_tsc;   /* TSC at the first VMRUN                                      */
};

#define L4_VCPU_I_PAUSE (1u << 0)
#define L4_VCPU_I_RDTSC (1u << 1)

#define L4_VCPU_STATE_SIZE 4096

_Static_assert(__builtin_offsetof(struct l4_vcpu_state, exit) == 0x020, "state page");
_Static_assert(__builtin_offsetof(struct l4_vcpu_state, gpr) == 0x080, "state page");
_Static_assert(__builtin_offsetof(struct l4_vcpu_state, cr0) == 0x110, "state page");
_Static_assert(__builtin_offsetof(struct l4_vcpu_state, seg) == 0x150, "state page");
_Static_assert(__builtin_offsetof(struct l4_vcpu_state, star) == 0x1f0, "state page");
_Static_assert(__builtin_offsetof(struct l4_vcpu_state, exceptions) == 0x248, "state page");

/* clang-format on */
#endif
