/* SPDX-License-Identifier: BSD-2-Clause */
/* VcpuControl, VcpuRun, VcpuMap: docs/almond-extensions.md. */
#include "core/fpage.h"
#include "core/mapdb.h"
#include "error.h"
#include "virt/virt.h"

word_t api_vcpu_control(struct thread *cur, word_t thread, word_t vm_space, word_t state)
{
    struct thread *t = thread_find(thread), *in_vm = thread_find(vm_space);
    enum l4_error error;

    if (!api_privileged(cur))
        return api_fail(cur, ERR_PRIVILEGE);
    api_stop_others(cur);
    if (!t || !t->space || !t->utcb)
        return api_fail(cur, ERR_THREAD);
    if (vm_space == NILTHREAD) {
        vcpu_destroy(t);
        return 1;
    }
    if (!in_vm || !in_vm->space)
        return api_fail(cur, ERR_SPACE);
    error = vcpu_create(t, in_vm->space, state);
    return error ? api_fail(cur, error) : 1;
}

void api_vcpu_run(struct thread *cur)
{
    vcpu_start(cur);
}

word_t api_vcpu_map(struct thread *cur, word_t fpage, word_t base)
{
    struct space *vm = vcpu_space(cur);

    if (!vm) {
        cur->transfer.done = 0; /* of a call that has begun */
        return api_fail(cur, ERR_THREAD);
    }
    if (fpage_is_io(fpage) || base & mask_of(fpage_log2(fpage)))
        return api_fail(cur, ERR_PARAM);
    switch (map_fpage(cur->space, fpage, vm, FPAGE_COMPLETE, base, false, &cur->transfer.done)) {
    case MAP_INTERRUPTED:
        api_start_over(cur);
    case MAP_NO_MEMORY:
        cur->transfer.done = 0;
        return api_fail(cur, ERR_MEMORY);
    default:
        cur->transfer.done = 0;
        return 1;
    }
}
