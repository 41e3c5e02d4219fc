/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets that enter.S uses; svm.c asserts that they are the compiler's. */
#ifndef SVM_OFFSETS_H
#define SVM_OFFSETS_H

#define SVM_STATE   0x00 /* struct svm_vcpu: v.state   */
#define SVM_VMCB_PA 0x70 /* struct svm_vcpu: vmcb_pa   */

#endif
