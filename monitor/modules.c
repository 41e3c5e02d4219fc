/* SPDX-License-Identifier: BSD-2-Clause */
#include "modules.h"

#include <string.h>

#include <l4/kip.h>

#include <books/memory.h>
#include <boot/bootinfo.h>
#include <marzipan/monitor.h>
#include <marzipan/native.h>
#include <rt/text.h>

#include "log.h"
#include "supply.h"
#include "supply_root.h"

static struct module modules[MODULES_MAX];
static unsigned count;
static const char *own_args = "";

/* Split a command line into the name and the arguments. */
static void set_name(struct module *m, const char *cmdline)
{
    size_t length = strcspn(cmdline, " ");
    const char *base = cmdline;

    for (const char *s = cmdline; s < cmdline + length; s++) {
        if (*s == '/')
            base = s + 1;
    }
    text_copy(m->name, sizeof(m->name), base, (size_t)(cmdline + length - base));
    m->args = cmdline + length + strspn(cmdline + length, " ");
}

/* What lies behind a module in its last page is nobody's business: children get whole pages. */
static void clear_tail(const struct module *m)
{
    size_t used = m->size % MEM_PAGE;

    if (used)
        memset((uint8_t *)(uintptr_t)m->data + m->size, 0, MEM_PAGE - used);
}

static void add(const struct boot_record *record)
{
    struct module *m = &modules[count];

    set_name(m, record->cmdline);
    if (!record->size) { /* one of the first programs, unpacked by the loader */
        if (strcmp(m->name, "monitor") == 0)
            own_args = m->args;
        return;
    }
    if (module_find(m->name)) {
        log_warn("module %s: there are two of this name, the second is ignored", m->name);
        return;
    }
    if (record->start % MEM_PAGE) {
        log_error("module %s: it does not start at a page boundary; use another boot loader",
                  m->name);
        return;
    }
    if (!supply_memory(record->start, record->size)) {
        log_error("module %s: sigma0 refuses access to its memory", m->name);
        return;
    }
    m->data = mem_at(record->start);
    m->size = record->size;
    clear_tail(m);
    count++;
}

static bool from_loader(void)
{
    uint64_t info = L4_BootInfo(L4_Kip());
    struct boot_record record;
    uint64_t size;

    if (!info || !supply_memory(info, MEM_PAGE)) {
        log_error("boot: the boot loader left no list of modules; use Marzipan's loader or "
                  "kickstart with bootinfo=yes");
        return false;
    }
    size = bootinfo_size(mem_at(info));
    if (!size || !supply_memory(info, size)) {
        log_error("boot: the list of modules at 0x%llx is not a generic bootinfo",
                  (unsigned long long)info);
        return false;
    }
    for (unsigned i = 0; count < MODULES_MAX; i++) {
        if (bootinfo_record(mem_at(info), size, i, &record))
            break;
        add(&record);
    }
    return true;
}

static bool from_parent(void)
{
    struct module *m = modules;
    uint64_t address, size;

    own_args = native_boot()->cmdline;
    while (count < MODULES_MAX &&
           !mz_monitor_boot_module(native_monitor(), count, m->name, &address, &size)) {
        m->args = "";
        m->data = mem_at(address);
        m->size = (size_t)size;
        m++;
        count++;
    }
    return true;
}

bool modules_init(void)
{
    return supply_is_nested() ? from_parent() : from_loader();
}

const struct module *module_find(const char *name)
{
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(modules[i].name, name) == 0)
            return &modules[i];
    }
    return NULL;
}

bool modules_option(const char *option, char *value, size_t size)
{
    size_t length = strlen(option);

    for (const char *s = own_args; *s; s += strcspn(s, " ")) {
        s += strspn(s, " ");
        if (strncmp(s, option, length) == 0 && s[length] == '=') {
            s += length + 1;
            text_copy(value, size, s, strcspn(s, " "));
            return true;
        }
    }
    return false;
}

void modules_list(char *text, size_t size)
{
    text[0] = '\0';
    for (unsigned i = 0; i < count; i++)
        text_add(text, size, "%s%s", i ? ", " : "", modules[i].name);
}
