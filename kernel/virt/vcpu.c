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
    user_init();
    features |=
        L4_ALMOND_F_NOTIFY | L4_ALMOND_F_USER_VCPU | (status == L4_SVM_OK ? L4_ALMOND_F_VCPU : 0);
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

/* Without its state page; NULL: no memory. */
static struct vcpu *alloc(const struct vcpu_kind *kind, struct account *a)
{
    struct vcpu *v = kind->alloc(a);

    if (!v)
        return NULL;
    v->fpu = fpu_area_alloc(a);
    if (!v->fpu) {
        kind->free(a, v);
        return NULL;
    }
    v->kind = kind;
    v->account = a;
    return v;
}

static void free_vcpu(struct vcpu *v, struct thread *t)
{
    fpu_area_free(v->account, v->fpu, cpu_of(t));
    v->kind->free(v->account, v);
}

word_t vcpu_create(struct thread *t, struct space *guest, word_t state)
{
    const struct vcpu_kind *kind = guest->vm ? &hw_kind : &user_kind;
    struct vcpu *v;

    if (t->vcpu)
        return ERR_PARAM;
    if (!guest->initialised || guest->sigma0)
        return ERR_SPACE;
    if (kind == &hw_kind && status != L4_SVM_OK)
        return ERR_PARAM;
    if (!space_pinnable(t->space, state))
        return ERR_UTCB;
    v = alloc(kind, t->space->account);
    if (!v)
        return ERR_MEMORY;
    v->state = space_pinned_page(t->space, state);
    if (!v->state) {
        free_vcpu(v, t);
        return ERR_MEMORY;
    }
    v->state_va = state;
    v->state->deadline = v->deadline = TIME_NEVER;
    v->state->rflags = 2;
    v->timeout.kind = TIMEOUT_VCPU;
    v->space = guest;
    v->thread = t;
    t->vcpu = v;
    list_append(&guest->vcpus, &v->space_link);
    kind->bind(v);
    return ERR_OK;
}

/* On its thread's processor. */
static void unload(void *arg)
{
    struct vcpu *v = arg;

    v->kind->unload(v);
}

void vcpu_destroy(struct thread *t)
{
    struct vcpu *v = t->vcpu;

    if (!v)
        return;
    vcpu_end(t, L4_EXIT_ERROR);
    cpu_run_on(t->cpu, unload, v);
    timeout_cancel(cpu_of(t), &v->timeout);
    list_remove(&v->space_link);
    t->vcpu = NULL;
    space_unpin_page(t->space, v->state_va);
    free_vcpu(v, t);
}

void vcpu_unload(struct thread *t)
{
    if (!t->vcpu)
        return;
    fpu_save_live(t->vcpu->fpu);
    t->vcpu->kind->unload(t->vcpu);
}

void vcpu_moved(struct thread *t, struct cpu *from)
{
    struct vcpu *v = t->vcpu;

    if (!v || !v->timeout.armed)
        return;
    timeout_cancel(from, &v->timeout);
    timeout_set(cpu_of(t), &v->timeout, v->deadline);
}

void vcpu_space_gone(struct space *s)
{
    while (!list_empty(&s->vcpus))
        vcpu_destroy(list_first(&s->vcpus, struct vcpu, space_link)->thread);
}

struct space *vcpu_space(const struct thread *t)
{
    return t->vcpu ? t->vcpu->space : NULL;
}
