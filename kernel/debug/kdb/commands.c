/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of commands, and the small ones. */
#include "kdb.h"

static void help(const struct kdb_args *a)
{
    for (const struct kdb_command *c = kdb_commands; c->name; c++) {
        size_t n = strlen(c->name) + strlen(c->args);

        kprintf("  %s %s", c->name, c->args);
        for (; n < 36; n++)
            kprintf(" ");
        kprintf("%s\n", c->help);
    }
    kprintf("Numbers are hexadecimal.  A thread is named by its id or its number, a space\n"
            "by any thread in it.  Commands may be shortened; Enter repeats the last one.\n");
}

static void lines(const struct kdb_args *a)
{
    kdb_set_page((unsigned)kdb_number(a->word[0]));
}

static void go(const struct kdb_args *a)
{
    if (kdb_dead)
        KDB_FAIL("kdb: the kernel has panicked and cannot go on: reset starts the machine anew");
    kdb_leave();
}

static void panic_now(const struct kdb_args *a)
{
    panic("asked for at the kernel debugger");
}

static void reset(const struct kdb_args *a)
{
    arch_reset();
}

/* The trace buffer has its own, if there is one. */
__attribute__((weak)) void kdb_trace(unsigned count)
{
    kprintf("kdb: this kernel keeps no trace: build one with a trace buffer\n");
}

static void trace(const struct kdb_args *a)
{
    kdb_trace(a->count ? (unsigned)kdb_number(a->word[0]) : 32);
}

const struct kdb_command kdb_commands[] = {
    {"threads", "", "all threads", 0, 0, kdb_cmd_threads},
    {"thread", "THREAD", "one, with registers and message", 1, 1, kdb_cmd_thread},
    {"spaces", "", "all address spaces", 0, 0, kdb_cmd_spaces},
    {"space", "SPACE", "one, with its page tables", 1, 1, kdb_cmd_space},
    {"mappings", "SPACE [ADDRESS]", "its pages; where one comes from and goes to", 1, 2,
     kdb_cmd_mappings},
    {"queues", "", "ready threads, timeouts", 0, 0, kdb_cmd_queues},
    {"ipc", "", "who waits for whom, and in circles", 0, 0, kdb_cmd_ipc},
    {"memory", "", "kernel memory: the pool, domains, slabs", 0, 0, kdb_cmd_memory},
    {"cpus", "", "processors", 0, 0, kdb_cmd_cpus},
    {"irqs", "", "interrupts and their handlers", 0, 0, kdb_cmd_irqs},
    {"bt", "[THREAD]", "the calls that led here, or a thread's", 0, 1, kdb_cmd_bt},
    {"dump", "SPACE|kernel ADDRESS [WORDS]", "memory", 2, 3, kdb_cmd_dump},
    {"trace", "[COUNT]", "the last events", 0, 1, trace},
    {"lines", "COUNT", "of output at once; 0: no end", 1, 1, lines},
    {"help", "", "this list", 0, 0, help},
    {"go", "", "the system goes on", 0, 0, go},
    {"panic", "", "panic: what the kernel shows then", 0, 0, panic_now},
    {"reset", "", "start the machine anew", 0, 0, reset},
    {NULL, NULL, NULL, 0, 0, NULL},
};
