/* SPDX-License-Identifier: BSD-2-Clause */
/* VcpuControl, VcpuRun, VcpuMap: docs/almond-extensions.md. */
#include "api/api.h"
#include "core/fpage.h"
#include "core/mapdb.h"
#include "core/utcb.h"
#include "virt/virt.h"

static word_t fail(struct thread *cur, word_t error)
{
    cur->utcb->error = error;
    return 0;
}

word_t api_vcpu_control(struct thread *cur, word_t thread, word_t vm_space, word_t state)
{
    struct thread *t = thread_find(thread), *in_vm = thread_find(vm_space);
    word_t error;

    if (!cur->space->privileged)
        return fail(cur, ERR_PRIVILEGE);
    if (!t || !t->space || !t->utcb)
        return fail(cur, ERR_THREAD);
    if (vm_space == NILTHREAD) {
        vcpu_destroy(t);
        return 1;
    }
    if (!in_vm || !in_vm->space)
        return fail(cur, ERR_SPACE);
    error = vcpu_create(t, in_vm->space, state);
    return error ? fail(cur, error) : 1;
}

void api_vcpu_run(struct thread *cur)
{
    vcpu_start(cur);
}

word_t api_vcpu_map(struct thread *cur, word_t fpage, word_t base)
{
    struct space *vm = vcpu_space(cur);

    if (!vm)
        return fail(cur, ERR_THREAD);
    if (fpage_is_io(fpage) || base & mask_of(fpage_log2(fpage)))
        return fail(cur, ERR_PARAM);
    return map_into(cur->space, fpage, vm, base) ? 1 : fail(cur, ERR_MEMORY);
}
