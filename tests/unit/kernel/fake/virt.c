/* SPDX-License-Identifier: BSD-2-Clause */
/* No virtual machines: in the place of kernel/virt. */
#include "virt/virt.h"

#include "api/api.h"
#include "debug/panic.h"
#include "l4/almond.h"

INIT void virt_init(void)
{
}

INIT void virt_start(void)
{
}

u32 virt_status(void)
{
    return L4_SVM_NO_CPU;
}

u64 virt_features(void)
{
    return 0;
}

u64 virt_quirks(void)
{
    return 0;
}

word_t vcpu_create(struct thread *t, struct space *vm, word_t state)
{
    return ERR_PARAM;
}

void vcpu_destroy(struct thread *t)
{
}

void vcpu_start(struct thread *t)
{
}

void vcpu_enter(struct thread *t)
{
    panic("no thread can be in a guest here");
}

void vcpu_end(struct thread *t, unsigned reason)
{
}

void vcpu_unload(struct thread *t)
{
}

void vcpu_moved(struct thread *t, struct cpu *from)
{
}

void vcpu_deadline(struct timeout *timeout)
{
}

void vcpu_notified(struct thread *t)
{
}

void vcpu_space_gone(struct space *vm)
{
}

struct space *vcpu_space(const struct thread *t)
{
    return NULL;
}
