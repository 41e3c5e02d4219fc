/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <string.h>

#include <l4/kip.h>
#include <l4/vcpu.h>

#include <books/memory.h>
#include <manifest/spans.h>
#include <rt/text.h>

#include "domain.h"
#include "guest_ram.h"
#include "log.h"
#include "modules.h"
#include "nested.h"
#include "power.h"
#include "ram.h"
#include "supply.h"
#include "supply_root.h"

#define IMAGE_MAX      (IMAGE_PAGES * MEM_PAGE)
#define NESTED_RAM_MAX (L4_WORD_BITS == 64 ? UINT64_C(32) << 30 : UINT64_C(1) << 30)

static struct elf_image vmm;

/* The module, or NULL with a line that says who wants it. */
static const struct module *need_module(const char *name, const struct domain_config *c,
                                        const char *what)
{
    const struct module *m = module_find(name);
    char all[256];

    if (m)
        return m;
    modules_list(all, sizeof(all));
    log_error("%s: its %s, module %s, is missing; the boot loader brought: %s. Rebuild with "
              "`marzipan build`, or add a line for it to the boot menu",
              c->name, what, name, all[0] ? all : "none");
    return NULL;
}

/* An image that is linked at `base`. */
static unsigned open_program(struct elf_image *image, const struct module *m, uint64_t base)
{
    const char *fault = elf_open(image, m->data, m->size, base, base + IMAGE_MAX);

    if (!fault && elf_private_bytes(image) > CONFIG_OVERHEAD / 2)
        fault = "it is too large";
    if (!fault)
        return 0;
    log_error("module %s cannot be used: %s; rebuild the boot image", m->name, fault);
    return 1;
}

static bool check_vm(struct domain *d)
{
    const struct domain_config *c = &d->config;
    const char *fault;

    d->kernel = need_module(c->module, c, "kernel");
    d->initrd = c->initrd ? need_module(c->initrd, c, "initrd") : NULL;
    if (!d->kernel || (c->initrd && !d->initrd))
        return false;
    fault = elf_check_kernel(d->kernel->data, d->kernel->size);
    if (fault) {
        log_error("vm %s: module %s cannot be booted: %s; name a vmlinux with a PVH note or a "
                  "bzImage, and rebuild",
                  c->name, c->module, fault);
        return false;
    }
    d->program = vmm;
    return true;
}

/* What is left while domains are counted off: whole chunks, and loose pages beside them. */
struct supply_left {
    uint64_t chunks, loose;
};

/* Count one domain off: guest RAM takes whole chunks, all else takes pages, for which a
 * chunk is broken up when no loose ones are left.  Returns the bytes that are missing. */
static uint64_t count_off(struct supply_left *left, uint64_t chunks, uint64_t pages)
{
    uint64_t broken = 0;

    if (pages > left->loose)
        broken = (pages - left->loose + MEM_CHUNK - 1) / MEM_CHUNK;
    if (chunks + broken > left->chunks)
        return (chunks + broken - left->chunks) * MEM_CHUNK;
    left->chunks -= chunks + broken;
    left->loose += broken * MEM_CHUNK - pages;
    return 0;
}

/* All domains together against the free memory; the first that does not fit is told
 * what is missing and who comes before it. */
static bool check_memory(const struct system_config *config)
{
    struct supply_left left = {mem_free_chunks(), mem_free() - mem_free_chunks() * MEM_CHUNK};
    char others[256] = "";

    if (config->shell.module)
        count_off(&left, 0, CONFIG_OVERHEAD + config->shell.memory);
    FOR_EACH_DOMAIN(d)
    {
        const struct domain_config *c = &d->config;
        uint64_t chunks = config_has_ram(c) ? c->memory / MEM_CHUNK : 0;
        uint64_t pages = CONFIG_OVERHEAD + config->history + (chunks ? 0 : c->memory);
        uint64_t free = left.chunks * MEM_CHUNK + left.loose;
        uint64_t missing = count_off(&left, chunks, pages);

        if (missing) {
            log_error("%s %s: %s of memory are missing: it needs %s, and 2 MiB more; of "
                      "%s, %s are free (%sthe monitor and boot images hold the rest); give it "
                      "less, or the machine more",
                      domain_kind(d), c->name, text_size(missing), text_size(c->memory),
                      text_size(mem_total()), text_size(free), others);
            return false;
        }
        text_add(others, sizeof(others), "%s holds %s, ", c->name,
                 text_size(c->memory + CONFIG_OVERHEAD));
    }
    return true;
}

static unsigned check_hardware(void)
{
    const struct l4_almond *a = L4_Almond();

    if (!a) {
        log_error("hardware VMs cannot run: this kernel is not Almond; boot Almond instead");
        return 1;
    }
    if (L4_WORD_BITS == 32) {
        log_error("hardware VMs cannot run: this kernel is for IA32; boot the one for AMD64");
        return 1;
    }
    switch (a->svm_status) {
    case L4_SVM_OK:
        if (a->features & L4_ALMOND_F_VCPU && a->features & L4_ALMOND_F_NOTIFY)
            return 0;
        log_error("hardware VMs cannot run: this kernel was built without vCPUs; use a full one");
        return 1;
    case L4_SVM_NO_CPU:
        log_error("hardware VMs cannot run: the processor shows no SVM (AMD-V); under QEMU add "
                  "-cpu qemu64,+svm,+npt,+vgif; on a PC use an AMD processor with SVM");
        return 1;
    case L4_SVM_DISABLED:
        log_error("hardware VMs cannot run: the firmware has locked SVM off; switch on \"SVM "
                  "Mode\" in the BIOS setup");
        return 1;
    default:
        log_error("hardware VMs cannot run: SVM has no nested paging; under QEMU add "
                  "-cpu qemu64,+svm,+npt,+vgif");
        return 1;
    }
}

/* What all VMs need: the processor, and the VMM.  Looked for once. */
static bool vms_can_run(void)
{
    const struct domain_config none = {.name = "every VM"};
    static enum { UNKNOWN, GOOD, BAD } found;
    const struct module *m;
    unsigned faults;

    if (found == UNKNOWN) {
        faults = check_hardware();
        m = need_module("vmm", &none, "VMM");
        faults += m ? open_program(&vmm, m, MZ_VMM_IMAGE) : 1;
        found = faults ? BAD : GOOD;
    }
    return found == GOOD;
}

/* Which processors a domain may use is a wish where they do not exist. */
static void check_processors(const struct domain_config *c)
{
    L4_Word_t n = L4_NumProcessors(L4_Kip());

    if (c->cpus && n < 32 && c->cpus >> n)
        log_warn("%s: its cpus: name processors that this machine, which has %lu, does not have",
                 c->name, (unsigned long)n);
}

/* Whether a domain's devices are none of ours, and can be had. */
static bool check_devices(const struct domain_config *c)
{
    const char *fault = NULL;
    struct span s;

    for (const char *list = c->devices[SPAN_MEMORY]; !fault && spans_next(&list, &s);) {
        if (ram_overlaps(s.first, s.last))
            fault = "memory is RAM";
        else if (s.last > ~0UL || s.place + (s.last - s.first) >= SUPPLY_DEVICES_SIZE)
            fault = "memory is more than this system can map, or lies too high";
    }
    for (const char *list = c->devices[SPAN_PORTS]; !fault && spans_next(&list, &s);) {
        if (power_has_port(s.first, s.last))
            fault = "ports switch the machine off";
    }
    if (fault)
        log_error("%s: 0x%llx-0x%llx of its device %s; correct \"devices:\"", c->name,
                  (unsigned long long)s.first, (unsigned long long)s.last, fault);
    return !fault;
}

/* A monitor's modules and the places where it sees things; its description it checks by itself. */
static bool check_monitor(const struct domain *d)
{
    const struct domain_config *c = &d->config;
    char name[sizeof(((struct module *)0)->name)];
    const char *word = c->modules;
    struct mz_image at;
    unsigned count = 0;

    for (; *word; word += strspn(word, " "), count++) {
        text_copy(name, sizeof(name), word, strcspn(word, " "));
        word += strcspn(word, " ");
        if (!need_module(name, c, "boot module"))
            return false;
    }
    if (count && nested_module(d, count - 1, &at) && c->memory <= NESTED_RAM_MAX)
        return true;
    log_error("monitor %s: its RAM or its modules do not fit into its address space; give it less",
              c->name);
    return false;
}

bool check_domain(struct domain *d)
{
    const struct module *m;

    check_processors(&d->config);
    if (!check_devices(&d->config))
        return false;
    if (supply_is_nested() && (d->config.budget_us || d->config.messages || d->config.devices[0] ||
                               d->config.devices[1] || d->config.devices[2])) {
        log_error("%s: a nested monitor has no devices and no time to reserve; leave them out",
                  d->config.name);
        return false;
    }
    if (!d->config.program)
        return vms_can_run() && check_vm(d);
    m = need_module(d->config.module, &d->config, "program");
    if (!m || open_program(&d->program, m, d->config.monitor ? MZ_MONITOR_IMAGE : MZ_VMM_IMAGE))
        return false;
    return !d->config.monitor || check_monitor(d);
}

bool check_system(const struct system_config *config)
{
    bool good = true;

    for (unsigned i = 0; i < config->count; i++) {
        struct domain *d = domain_add(&config->domain[i]);

        if (!d)
            log_error(
                "%s: it is one too many for this monitor; raise `domains` of its entry in the "
                "description around this one",
                config->domain[i].name);
        good = d && check_domain(d) && good;
    }
    if (config->shell.module)
        good = domain_add_at(domain_shell, &config->shell) && check_domain(domain_shell) && good;
    return check_memory(config) && good;
}
