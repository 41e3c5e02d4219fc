/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resource monitor: the root task.  It owns the machine, gives each of its
 * children what the system description allows, and watches over them.
 */
#include <l4/kip.h>
#include <l4/message.h>
#include <l4/thread.h>
#include <l4/vcpu.h>

#include <books/directory.h>
#include <books/memory.h>
#include <books/regions.h>
#include <manifest/config.h>
#include <marzipan/native.h>
#include <rt/text.h>

#include "check.h"
#include "console.h"
#include "domain.h"
#include "lifecycle.h"
#include "line.h"
#include "log.h"
#include "loop.h"
#include "modules.h"
#include "power.h"
#include "ram.h"
#include "supply.h"
#include "trace.h"

#define EXIT_NOT_STARTED 2

static struct system_config config;

int main(void);

/* The kernel and which of its extensions are missing: a line for each. */
static void report_kernel(void)
{
    static const struct {
        uint64_t feature;
        const char *without;
    } extensions[] = {
        {L4_ALMOND_F_VCPU, "vCPUs: hardware VMs cannot run"},
        {L4_ALMOND_F_NOTIFY, "notifications: children must ask for console input"},
        {L4_ALMOND_F_KMEM, "kernel memory accounts: a child can exhaust the kernel's memory"},
        {L4_ALMOND_F_DOMAINS, "domains: nothing confines children to the partners they may have"},
    };
    const struct l4_almond *a = L4_Almond();
    char version[80];

    text_copy(version, sizeof(version), L4_KernelVersionString(L4_Kip()), sizeof(version));
    log_info("Marzipan on %s", version);
    for (unsigned i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
        if (!a || !(a->features & extensions[i].feature))
            log_warn("this kernel lacks %s", extensions[i].without);
    }
}

static _Noreturn void give_up(const char *why)
{
    power_off(EXIT_NOT_STARTED, why);
}

static void read_options(void)
{
    char level[16];

    if (modules_option("loglevel", level, sizeof(level)) && !log_set_level(level))
        log_warn("option loglevel=%s: the levels are error, warn, info and debug", level);
    trace_init();
}

static const struct module *find_description(void)
{
    const struct module *m = module_find("system.dtb");
    char text[256];

    if (m)
        return m;
    modules_list(text, sizeof(text));
    log_error("the system description, module system.dtb, is missing; the boot loader brought: "
              "%s. Build it with `marzipan build`",
              text[0] ? text : "none");
    give_up("there is nothing to run");
}

/* Read the system description and see that all of it can run. */
static void prepare(void)
{
    const struct module *m = find_description();
    char text[256];

    if (config_read(m->data, m->size, &config, text, sizeof(text))) {
        log_error("%s; rebuild it with the `marzipan build` of this version", text);
        give_up("the system description is unusable");
    }
    power_set_debug_exit((uint16_t)config.debug_exit);
    if (!check_system(&config))
        give_up("faults were found before the start, see above");
    if (!console_init(config.history)) {
        log_error("there is no memory for all consoles' history; lower console: history");
        give_up("too little memory");
    }
}

static void *page_for_book(unsigned owner, enum mz_error *error)
{
    return domain_take_pages(&domains[owner - 1], 1, error);
}

static void notify_watcher(uint64_t thread, uint64_t bits)
{
    if (L4_Almond() && L4_Almond()->features & L4_ALMOND_F_NOTIFY)
        L4_Notify((L4_ThreadId_t){.raw = (L4_Word_t)thread}, (L4_Word_t)bits);
}

static const struct book_world book_world = {page_for_book, notify_watcher};

int main(void)
{
    bool input;

    L4_Set_ExceptionHandler(supply_is_nested() ? L4_Pager() : L4_nilthread);
    log_init();
    line_init();
    directory_init(&book_world);
    regions_init(&book_world);
    report_kernel();
    if (supply_is_nested())
        mem_enter(MZ_MONITOR_RAM, native_boot()->ram_size);
    else
        ram_take_all();
    log_debug("memory: %s to give out", text_size(mem_total()));
    if (!modules_init())
        give_up("no modules");
    read_options();
    prepare();
    input = line_enable();
    if (!input)
        log_warn("the kernel refuses interrupt %u: the keyboard is polled", UART_COM1_IRQ);
    log_info("press Ctrl-] and h for the console's keys");
    if (config.focus >= 0)
        console_focus(&domains[config.focus]);
    lifecycle_start_all();
    loop_run(input);
}
