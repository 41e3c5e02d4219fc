/* SPDX-License-Identifier: BSD-2-Clause */
/* SVM's virtual machine control block and exit codes (AMD APM vol. 2, appendices B and C). */
#ifndef SVM_VMCB_H
#define SVM_VMCB_H

#include "l4/almond.h"
#include "types.h"

/* Its layout is that of the state page's segments. */
typedef struct l4_vcpu_seg vmcb_seg_t;

struct vmcb {
    /* ---- control area ---- */
    u32 intercept_cr, intercept_dr, intercept_exceptions; /* 0x000 */
    u32 intercept1, intercept2, intercept3;
    u32 reserved018[9];
    u16 pause_filter_threshold, pause_filter_count;
    u64 iopm_pa, msrpm_pa, tsc_offset;
    u32 asid;
    u8 tlb_control;
    u8 reserved05d[3];
    u32 int_ctl, int_vector; /* 0x060 */
    u64 int_shadow;
    u64 exit_code, exit_info1, exit_info2, exit_int_info; /* 0x070 */
    u64 np_enable;
    u64 reserved098[2];
    u64 event_inj; /* 0x0a8 */
    u64 n_cr3, lbr_enable;
    u32 clean, reserved0c4; /* 0x0c0 */
    u64 next_rip;
    u8 insn_count, insn[15]; /* 0x0d0 */
    u8 reserved0e0[0x320];

    /* ---- state save area ---- */
    vmcb_seg_t es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr; /* 0x400 */
    u8 reserved4a0[43];
    u8 cpl;
    u32 reserved4cc;
    u64 efer; /* 0x4d0 */
    u8 reserved4d8[112];
    u64 cr4, cr3, cr0, dr7, dr6, rflags, rip; /* 0x548 */
    u8 reserved580[88];
    u64 rsp, reserved5e0[3];
    u64 rax, star, lstar, cstar, sfmask, kernel_gs_base; /* 0x5f8 */
    u64 sysenter_cs, sysenter_esp, sysenter_eip;
    u64 cr2, reserved648[4];
    u64 pat; /* 0x668 */
    u8 reserved670[0x990];
};

#define VMCB_AT(member, offset)                                                                    \
    _Static_assert(offsetof(struct vmcb, member) == (offset), "APM vol. 2, appendix B: " #member)

VMCB_AT(intercept1, 0x00c);
VMCB_AT(pause_filter_threshold, 0x03c);
VMCB_AT(iopm_pa, 0x040);
VMCB_AT(asid, 0x058);
VMCB_AT(tlb_control, 0x05c);
VMCB_AT(int_ctl, 0x060);
VMCB_AT(exit_code, 0x070);
VMCB_AT(np_enable, 0x090);
VMCB_AT(event_inj, 0x0a8);
VMCB_AT(n_cr3, 0x0b0);
VMCB_AT(clean, 0x0c0);
VMCB_AT(next_rip, 0x0c8);
VMCB_AT(insn_count, 0x0d0);
VMCB_AT(es, 0x400);
VMCB_AT(tr, 0x490);
VMCB_AT(cpl, 0x4cb);
VMCB_AT(efer, 0x4d0);
VMCB_AT(cr4, 0x548);
VMCB_AT(rip, 0x578);
VMCB_AT(rsp, 0x5d8);
VMCB_AT(rax, 0x5f8);
VMCB_AT(sysenter_eip, 0x638);
VMCB_AT(cr2, 0x640);
VMCB_AT(pat, 0x668);
_Static_assert(sizeof(struct vmcb) == PAGE_SIZE, "APM vol. 2, appendix B");

#define BIT(n) (1u << (n))

/* intercept1 */
#define I1_INTR     BIT(0)
#define I1_NMI      BIT(1)
#define I1_SMI      BIT(2)
#define I1_INIT     BIT(3)
#define I1_VINTR    BIT(4)
#define I1_RDTSC    BIT(14)
#define I1_RDPMC    BIT(15)
#define I1_CPUID    BIT(18)
#define I1_INVD     BIT(22)
#define I1_PAUSE    BIT(23)
#define I1_HLT      BIT(24)
#define I1_INVLPGA  BIT(26)
#define I1_IOIO     BIT(27)
#define I1_MSR      BIT(28)
#define I1_TASK     BIT(29)
#define I1_FERR     BIT(30)
#define I1_SHUTDOWN BIT(31)
/* intercept2 */
#define I2_VMRUN   BIT(0)
#define I2_VMMCALL BIT(1)
#define I2_VMLOAD  BIT(2)
#define I2_VMSAVE  BIT(3)
#define I2_STGI    BIT(4)
#define I2_CLGI    BIT(5)
#define I2_SKINIT  BIT(6)
#define I2_RDTSCP  BIT(7)
#define I2_WBINVD  BIT(9)
#define I2_MONITOR BIT(10)
#define I2_MWAIT   BIT(11)
#define I2_XSETBV  BIT(13)
#define I2_RDPRU   BIT(14)
/* intercept3 */
#define I3_INVLPGB     BIT(0)
#define I3_INVLPGB_BAD BIT(1)
#define I3_MCOMMIT     BIT(3)
#define I3_TLBSYNC     BIT(4)

/* tlb_control */
enum { TLB_KEEP = 0, TLB_FLUSH_ALL = 1, TLB_FLUSH_ASID = 3 };

/* int_ctl */
#define INT_V_TPR    0xfu
#define INT_V_IRQ    BIT(8)
#define INT_PRIO_MAX (0xfu << 16)
#define INT_IGN_TPR  BIT(20)
#define INT_MASKING  BIT(24)

/* clean: what has not changed since the last VMRUN */
#define CLEAN_INTERCEPTS BIT(0)
#define CLEAN_ASID       BIT(2)
#define CLEAN_INT        BIT(3)
#define CLEAN_NP         BIT(4)
#define CLEAN_CR         BIT(5)
#define CLEAN_DR         BIT(6)
#define CLEAN_DT         BIT(7)
#define CLEAN_SEG        BIT(8)
#define CLEAN_CR2        BIT(9)
#define CLEAN_ALL        0x3ffu

/* CPUID 8000000a, EDX */
#define SVM_NP         BIT(0)
#define SVM_NRIP       BIT(3)
#define SVM_CLEAN      BIT(5)
#define SVM_FLUSH_ASID BIT(6)
#define SVM_DECODE     BIT(7)
#define SVM_PAUSE      BIT(10)

/* Exit codes.  QEMU writes their low 32 bits only. */
enum {
    EXIT_EXCEPTION = 0x40,
    EXIT_EXCEPTION_LAST = 0x5f,
    EXIT_INTR = 0x60,
    EXIT_NMI = 0x61,
    EXIT_SMI = 0x62,
    EXIT_INIT = 0x63,
    EXIT_VINTR = 0x64,
    EXIT_RDTSC = 0x6e,
    EXIT_RDPMC = 0x6f,
    EXIT_CPUID = 0x72,
    EXIT_INVD = 0x76,
    EXIT_PAUSE = 0x77,
    EXIT_HLT = 0x78,
    EXIT_INVLPGA = 0x7a,
    EXIT_IOIO = 0x7b,
    EXIT_MSR = 0x7c,
    EXIT_TASK = 0x7d,
    EXIT_SHUTDOWN = 0x7f,
    EXIT_VMRUN = 0x80,
    EXIT_VMMCALL = 0x81,
    EXIT_VMLOAD = 0x82,
    EXIT_VMSAVE = 0x83,
    EXIT_STGI = 0x84,
    EXIT_CLGI = 0x85,
    EXIT_SKINIT = 0x86,
    EXIT_RDTSCP = 0x87,
    EXIT_WBINVD = 0x89,
    EXIT_MONITOR = 0x8a,
    EXIT_MWAIT = 0x8b,
    EXIT_MWAIT_ARMED = 0x8c,
    EXIT_XSETBV = 0x8d,
    EXIT_RDPRU = 0x8e,
    EXIT_INVLPGB = 0xa0,
    EXIT_INVLPGB_BAD = 0xa1,
    EXIT_MCOMMIT = 0xa3,
    EXIT_TLBSYNC = 0xa4,
    EXIT_NPF = 0x400,
};
#define EXIT_INVALID 0xffffffffu

/* exit_info1 of EXIT_NPF, beyond a page fault's error code, is almond.h's L4_NPF_*. */

#endif
