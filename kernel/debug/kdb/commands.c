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

const struct kdb_command kdb_commands[] = {
    {"threads", "", "all threads", kdb_cmd_threads},
    {"thread", "THREAD", "one, with registers and message", kdb_cmd_thread},
    {"spaces", "", "all address spaces", kdb_cmd_spaces},
    {"space", "SPACE", "one, with its page tables", kdb_cmd_space},
    {"mappings", "SPACE [ADDRESS]", "its pages; where one comes from and goes to",
     kdb_cmd_mappings},
    {"queues", "", "ready threads, timeouts", kdb_cmd_queues},
    {"ipc", "", "who waits for whom, and in circles", kdb_cmd_ipc},
    {"memory", "", "kernel memory: the pool, domains, slabs", kdb_cmd_memory},
    {"cpus", "", "processors", kdb_cmd_cpus},
    {"irqs", "", "interrupts and their handlers", kdb_cmd_irqs},
    {"bt", "[THREAD]", "the calls that led here, or a thread's", kdb_cmd_bt},
    {"dump", "SPACE|kernel ADDRESS [WORDS]", "memory", kdb_cmd_dump},
    {"trace", "[on|off|COUNT]", "the last events on each processor", kdb_cmd_trace},
    {"lines", "COUNT", "of output at once; 0: no end", lines},
    {"help", "", "this list", help},
    {"go", "", "the system goes on", go},
    {"panic", "", "panic: what the kernel shows then", panic_now},
    {"reset", "", "start the machine anew", reset},
    {NULL, NULL, NULL, NULL},
};
