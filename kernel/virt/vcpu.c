/* SPDX-License-Identifier: BSD-2-Clause */
/* vCPUs: binding them to threads and VM spaces, and taking them away. */
#include "virt/vcpu.h"

#include "api/api.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "core/space.h"
#include "core/thread.h"
#include "virt/virt.h"

static u32 status = L4_SVM_NO_CPU;
static u64 features, quirks;

INIT void virt_init(void)
{
    status = hw_init(&features, &quirks);
    features |= L4_ALMOND_F_NOTIFY | (status == L4_SVM_OK ? L4_ALMOND_F_VCPU : 0);
}

INIT void virt_start(void)
{
    if (status == L4_SVM_OK)
        hw_start(); /* or vCPUs cannot run here */
}

u32 virt_status(void)
{
    return status;
}

u64 virt_features(void)
{
    return features;
}

u64 virt_quirks(void)
{
    return quirks;
}

word_t vcpu_create(struct thread *t, struct space *vm, word_t state)
{
    struct account *a = t->space->account;
    struct vcpu *v;

    if (status != L4_SVM_OK || t->vcpu)
        return ERR_PARAM;
    if (!vm->vm || !vm->pt_root)
        return ERR_SPACE;
    v = hw_vcpu_alloc(a);
    if (!v)
        return ERR_MEMORY;
    v->fpu = fpu_area_alloc(a);
    if (!v->fpu) {
        hw_vcpu_free(a, v);
        return ERR_MEMORY;
    }
    v->state = space_pinned_page(t->space, state);
    if (!v->state) {
        fpu_area_free(a, v->fpu, cpu_of(t));
        hw_vcpu_free(a, v);
        return ERR_UTCB;
    }
    v->state_va = state;
    v->state->deadline = v->deadline = TIME_NEVER;
    v->state->rflags = 2;
    v->timeout.kind = TIMEOUT_VCPU;
    v->account = a;
    v->space = vm;
    v->thread = t;
    t->vcpu = v;
    list_append(&vm->vcpus, &v->space_link);
    hw_vcpu_bind(v);
    return ERR_OK;
}

void vcpu_destroy(struct thread *t)
{
    struct vcpu *v = t->vcpu;

    if (!v)
        return;
    vcpu_end(t, L4_EXIT_ERROR);
    timeout_cancel(cpu_of(t), &v->timeout);
    list_remove(&v->space_link);
    t->vcpu = NULL;
    space_unpin_page(t->space, v->state_va);
    fpu_area_free(v->account, v->fpu, cpu_of(t));
    hw_vcpu_free(v->account, v);
}

void vcpu_unload(struct thread *t)
{
    if (!t->vcpu)
        return;
    fpu_save_live(t->vcpu->fpu);
    hw_unload(t->vcpu);
}

void vcpu_moved(struct thread *t, struct cpu *from)
{
    struct vcpu *v = t->vcpu;

    if (!v || !v->timeout.armed)
        return;
    timeout_cancel(from, &v->timeout);
    timeout_set(cpu_of(t), &v->timeout, v->deadline);
}

void vcpu_space_gone(struct space *vm)
{
    while (!list_empty(&vm->vcpus))
        vcpu_destroy(list_first(&vm->vcpus, struct vcpu, space_link)->thread);
}

struct space *vcpu_space(const struct thread *t)
{
    return t->vcpu ? t->vcpu->space : NULL;
}
