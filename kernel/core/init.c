/* SPDX-License-Identifier: BSD-2-Clause */
/* From a running processor to running servers. */
#include "core/binding.h"
#include "arch/boot.h"
#include "arch/pagetable.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/domain.h"
#include "core/fpage.h"
#include "core/fpu.h"
#include "core/kip.h"
#include "core/kmem.h"
#include "core/mapdb.h"
#include "core/sched.h"
#include "core/utcb.h"
#include "debug/kdb.h"
#include "debug/panic.h"
#include "l4/almond.h"
#include "virt/virt.h"

/* Where the first servers have their KIP and UTCBs: l4-x2's constants. */
#define SERVER_UTCB      0xbf000000UL
#define SERVER_UTCB_LOG2 (sizeof(word_t) == 8 ? 18 : 17)
#define SERVER_KIP       0xbff00000UL

/* Make the n-th first server from its KIP entry; it starts at once, without a message.  Sigma0
 * has a domain of its own, so that the root task can keep others from it.
 * The pool has megabytes: that memory is there is an invariant here. */
static INIT struct space *start_server(unsigned n, const struct kip_server *server)
{
    struct space *s = space_create(&accounts[n ? 0 : L4_DOMAIN_SIGMA0]);
    word_t id = id_make(user_base + n, 1), pager = n ? id_make(user_base, 1) : NILTHREAD;
    struct thread *t;

    ASSERT(s && space_setup(s, 0, fpage_make(SERVER_KIP, PAGE_SHIFT, 0),
                            fpage_make(SERVER_UTCB, SERVER_UTCB_LOG2, 0)) == 0);
    s->privileged = true;
    s->sigma0 = n == 0;
    t = thread_create(id, s, id_make(user_base + 2, 1));
    ASSERT(t);
    t->utcb_addr = SERVER_UTCB + UTCB_MR0_BYTES;
    ASSERT(thread_activate(t, pager));
    t->kipc = KIPC_NONE;
    t->priority = t->sensitive_prio = 255;
    frame_set_ip(&t->frame, server->ip);
    frame_set_sp(&t->frame, server->sp);
    sched_wake(t);
    return s;
}

_Noreturn void kernel_main(void)
{
    kmem_init(boot_pool_base, boot_pool_size);
    system_base = arch_irq_count();
    user_base = system_base + KERNEL_THREADS;
    pt_init();
    domain_init();
    thread_table_init();
    sched_init(this_cpu());
    mapdb_init();
    virt_init();
    arch_start_others();
    cpus_stop(); /* as for all that makes threads */
    kip_init();

    if (kip.sigma0.low == kip.sigma0.high)
        panic("the boot loader gave us no sigma0: use Marzipan's loader or kickstart");
    sigma0_space = start_server(0, &kip.sigma0);
    if (kip.sigma1.low != kip.sigma1.high)
        start_server(1, &kip.sigma1);
    if (kip.root.low != kip.root.high)
        start_server(2, &kip.root);
    kprintf("almond: %u processor%s, %lu KiB kernel memory, TSC %lu kHz, %lu interrupt sources\n",
            cpu_count, cpu_count > 1 ? "s" : "", kmem_total() / 1024, (word_t)tsc_khz, system_base);
    kdb_boot();
    kernel_exit();
}
