/* SPDX-License-Identifier: BSD-2-Clause */
/* vCPUs for victims, in the VM space or in user mode. */
#include "fuzz.h"

#define UNCHANGED     ((void *)~0ul)
#define INVALID_SPACE 3             /* ErrorCode */
#define VM            (NUMBERS - 1) /* the thread that names the VM space */

void make_vm(void)
{
    L4_ThreadId_t vm;
    L4_Word_t old;

    delete_thread(VM);
    vm = new_version(VM);
    if (L4_ThreadControl(vm, vm, root, L4_nilthread, UNCHANGED))
        L4_SpaceControl(vm, L4_SPACE_VM, L4_Nilpage, L4_Nilpage, L4_nilthread, &old);
}

void give_vcpu(unsigned n)
{
    void *state = (void *)VCPU_STATE(n);
    L4_ThreadId_t t = {.raw = ids[n]};

    if (!L4_Almond() || vcpu_kind[n] != NO_VCPU)
        return;
    if (L4_Almond()->svm_status != L4_SVM_OK || one_in(&chance, 2)) {
        if (L4_VcpuControl(t, (L4_ThreadId_t){.raw = random_victim(&chance)}, state))
            vcpu_kind[n] = USER_VCPU; /* or in the VM space: then its guest faults at once */
        return;
    }
    for (int i = 0; i < 2 && vcpu_kind[n] == NO_VCPU; i++) {
        if (L4_VcpuControl(t, (L4_ThreadId_t){.raw = ids[VM]}, state))
            vcpu_kind[n] = HW_VCPU;
        else if (L4_ErrorCode() == INVALID_SPACE)
            make_vm();
    }
}
