// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/arena.c lib/manifest/budget.c lib/manifest/bzimage.c lib/manifest/check.c lib/manifest/cpio.c lib/manifest/decode.c lib/manifest/elf.c lib/manifest/image.c lib/manifest/images.c lib/manifest/least.c lib/manifest/list.c lib/manifest/names.c lib/manifest/nearest.c lib/manifest/nested.c lib/manifest/fit.c lib/manifest/order.c lib/manifest/parse.c lib/manifest/relations.c lib/manifest/report.c lib/manifest/schema.c lib/manifest/schemamachine.c lib/manifest/section.c lib/manifest/service.c lib/manifest/share.c lib/manifest/source.c lib/manifest/units.c lib/manifest/compile.c lib/manifest/fdtwrite.c lib/manifest/fdt.c lib/manifest/config.c lib/manifest/configdefaults.c lib/rt/text.c lib/manifest/devices.c lib/manifest/configdevices.c lib/manifest/spans.c
// CFLAGS: -Ilib/manifest/include -Iidl/include -idirafter lib/rt/include
// LIBS: -lyaml
/* From YAML to what the monitor understands: the two ends of system.dtb. */
#include <manifest/config.h>
#include <manifest/compile.h>
#include <manifest/fdt.h>
#include <manifest/spans.h>
#include <manifest/schema.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct image kernel = {.module = "linux", .use = IMAGE_KERNEL};
static const struct image initrd = {.module = "initrd-2", .use = IMAGE_INITRD};
static const struct image program = {.module = "clock.elf", .use = IMAGE_PROGRAM};

static void *blob;
static size_t blob_size;
static char error[256];

/* Parse without looking at files, then pretend that they were found. */
static int read_back(const char *text, struct system_config *config)
{
    static const struct system_options options = {.no_files = true};
    struct system system;
    int result;

    system_parse(&system, "test.yaml", text, strlen(text), &options);
    report_print(&system.report, stderr);
    assert_int_equal(system.report.errors, 0);
    for (struct vm *vm = system.vms; vm != NULL; vm = vm->next) {
        vm->kernel_image = &kernel;
        vm->initrd_image = strcmp(vm->initrd.text, "none") != 0 ? &initrd : NULL;
    }
    for (struct program *p = system.programs; p != NULL; p = p->next)
        p->program_image = &program;
    free(blob);
    blob = system_compile(&system, 0xf4, &blob_size);
    system_free(&system);
    result = config_read(blob, blob_size, config, error, sizeof error);
    if (result != 0)
        print_message("%s\n", error);
    return result;
}

static int free_blob(void **state)
{
    free(blob);
    return 0;
}

static void test_smallest(void **state)
{
    struct system_config c;

    assert_int_equal(read_back("vms: { web: { kernel: linux, memory: 128M } }", &c), 0);
    assert_int_equal(c.count, 1);
    assert_string_equal(c.domain[0].name, "web");
    assert_int_equal(c.domain[0].memory, 128 << 20);
    assert_string_equal(c.domain[0].module, "linux");
    assert_string_equal(c.domain[0].initrd, "initrd-2");
    assert_string_equal(c.domain[0].cmdline, "console=ttyS0 quiet cryptomgr.notests mz.name=web");
    assert_int_equal(c.domain[0].restart.when, RESTART_ON_FAILURE);
    assert_int_equal(c.focus, -1);
    assert_int_equal(c.history, 32768);
    assert_int_equal(c.debug_exit, 0xf4);
    assert_false(c.domain[0].may_poweroff);
}

static void test_everything(void **state)
{
    struct system_config c;
    const struct domain_config *d = &c.domain[1], *p = &c.domain[2];

    assert_int_equal(read_back("console: { history: 32K, focus: db }\n"
                               "defaults: { kernel: linux, memory: 128M }\n"
                               "vms:\n"
                               "  web: {}\n"
                               "  db:\n"
                               "    initrd: none\n"
                               "    cmdline: 'a b'\n"
                               "    memory: 32G\n"
                               "    vcpus: 1\n"
                               "    priority: 200\n"
                               "    restart: { policy: always, limit: 16, window: 60min,\n"
                               "               delay: 1min }\n"
                               "    quotas: { kernel-memory: 3M, threads: 32 }\n"
                               "    colour: magenta\n"
                               "    may-poweroff: true\n"
                               "programs:\n"
                               "  clock: { image: ./c, cmdline: '-x', memory: 16M }\n",
                               &c),
                     0);
    assert_int_equal(c.count, 3);
    assert_int_equal(c.focus, 1);
    assert_int_equal(c.history, 32768);
    assert_null(d->initrd);
    assert_string_equal(d->cmdline, "a b");
    assert_true(d->memory == UINT64_C(32) << 30);
    assert_int_equal(d->vcpus, 1);
    assert_int_equal(d->priority, 200);
    assert_int_equal(d->restart.when, RESTART_ALWAYS);
    assert_int_equal(d->restart.limit, 16);
    assert_int_equal(d->restart.window_ms, 3600000);
    assert_int_equal(d->restart.delay_ms, 60000);
    assert_int_equal(d->kernel_memory, 3 << 20);
    assert_int_equal(d->threads, 32);
    assert_true(d->may_poweroff);
    assert_true(p->program);
    assert_string_equal(p->module, "clock.elf");
    assert_string_equal(p->cmdline, "-x");
    assert_int_equal(p->memory, 16 << 20);
}

/* The longest texts and the most domains that check lets through suit the monitor. */
static void test_limits_agree(void **state)
{
    static char text[16384];
    struct system_config c;
    int at = snprintf(text, sizeof text,
                      "defaults: { kernel: x, memory: 2M, cmdline: '%02000d' }\nvms:\n", 0);

    for (unsigned i = 0; i < SYSTEM_VMS; i++)
        at += snprintf(text + at, sizeof text - (size_t)at,
                       "  abcdefghijklmnopqrstuvwxyz-%04u: {}\n", i);
    at += snprintf(text + at, sizeof text - (size_t)at, "programs:\n");
    for (unsigned i = 0; i < SYSTEM_PROGRAMS; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "  p%u: { image: ./p }\n", i);
    assert_int_equal(read_back(text, &c), 0);
    assert_int_equal(c.count, SYSTEM_VMS + SYSTEM_PROGRAMS);
    assert_int_equal(strlen(c.domain[0].cmdline), 2000 + strlen(" mz.name=") + 31);
}

/* A node of what was compiled last. */
static int node(struct fdt *fdt, const char *list, const char *name)
{
    assert_int_equal(fdt_open(fdt, blob, blob_size), 0);
    return fdt_child(fdt, fdt_child(fdt, FDT_ROOT, list), name);
}

static void test_services(void **state)
{
    struct system_config c;
    struct fdt fdt;
    int n;

    assert_int_equal(read_back("defaults: { kernel: x, memory: 64M }\n"
                               "vms:\n"
                               "  a: { publishes: [/net/lan, /disk/*], after: [] }\n"
                               "programs:\n"
                               "  p: { image: ./p, uses: /disk/1, after: [a, /net/lan] }\n",
                               &c),
                     0);
    n = node(&fdt, "vms", "vm@0");
    assert_string_equal(fdt_string(&fdt, n, "publishes"), "/net/lan /disk/*");
    assert_null(fdt_prop(&fdt, n, "after", NULL));
    assert_null(fdt_prop(&fdt, n, "uses", NULL));
    n = node(&fdt, "programs", "program@0");
    assert_string_equal(fdt_string(&fdt, n, "uses"), "/disk/1");
    assert_string_equal(fdt_string(&fdt, n, "after"), "a /net/lan");
}

static void test_devices(void **state)
{
    struct system_config c;
    const char *memory;

    assert_int_equal(
        read_back(
            "defaults: { kernel: x, memory: 64M }\n"
            "vms:\n"
            "  a: { devices: { interrupts: [5, 16-17], memory: [0xfed00000+4K, 0xfea02000+4K] } }\n"
            "  b: { shares: a, devices: { ports: 0x3e8+8, memory: 0xfe000000+8M,"
            " message-interrupts: 2 } }\n",
            &c),
        0);
    assert_string_equal(c.domain[0].devices[SPAN_INTERRUPTS], "5-5 10-11");
    assert_null(c.domain[0].devices[SPAN_PORTS]);
    assert_string_equal(c.domain[1].devices[SPAN_PORTS], "3e8-3ef");
    assert_int_equal(c.domain[1].messages, 2);
    assert_string_equal(c.domain[1].shares, "a");
    /* Places keep 22 bits of the address and do not overlap. */
    memory = c.domain[0].devices[SPAN_MEMORY];
    assert_int_equal(spans_place(memory, 0xfed00000), 0x100000);
    assert_int_equal(spans_place(memory, 0xfea02000), 0x602000);
    assert_int_equal(spans_place(c.domain[1].devices[SPAN_MEMORY], 0xfe000000), 0x800000);
}

/* UINT32_MAX: there is none. */
static uint32_t number(const struct fdt *fdt, int n, const char *name)
{
    uint32_t value = UINT32_MAX;

    assert_int_equal(fdt_u32(fdt, n, name, &value), fdt_prop(fdt, n, name, NULL) != NULL);
    return value;
}

static void test_shares(void **state)
{
    struct system_config c;
    struct fdt fdt;
    int n;

    assert_int_equal(read_back("defaults: { kernel: x, memory: 64M, cap: 50% }\n"
                               "vms:\n"
                               "  a: { weight: 9, reservation: { budget: 1500us, period: 1s },\n"
                               "       cpus: [0, 2-3] }\n"
                               "programs: { p: { image: ./p } }\n",
                               &c),
                     0);
    n = node(&fdt, "vms", "vm@0");
    assert_int_equal(number(&fdt, n, "weight"), 9);
    assert_int_equal(number(&fdt, n, "cap"), 50);
    assert_int_equal(number(&fdt, n, "budget-us"), 1500);
    assert_int_equal(number(&fdt, n, "period-us"), 1000000);
    assert_int_equal(number(&fdt, n, "cpus"), 0xd);
    n = node(&fdt, "programs", "program@0");
    assert_int_equal(number(&fdt, n, "weight"), 100);
    assert_int_equal(number(&fdt, n, "cap"), UINT32_MAX);
    assert_int_equal(number(&fdt, n, "budget-us"), UINT32_MAX);
    assert_int_equal(number(&fdt, n, "period-us"), UINT32_MAX);
    assert_int_equal(number(&fdt, n, "cpus"), UINT32_MAX);
}

static void test_supervision(void **state)
{
    struct system_config c;
    struct fdt fdt;
    int n;

    assert_int_equal(read_back("defaults: { kernel: x, memory: 64M, watchdog: 10s, log: error }\n"
                               "vms:\n"
                               "  a: { stop-timeout: 500ms }\n"
                               "  b: { watchdog: none, log: debug }\n"
                               "programs: { p: { image: ./p } }\n",
                               &c),
                     0);
    n = node(&fdt, "vms", "vm@0");
    assert_int_equal(number(&fdt, n, "watchdog-ms"), 10000);
    assert_int_equal(number(&fdt, n, "stop-ms"), 500);
    assert_int_equal(number(&fdt, n, "log-level"), 0);
    n = node(&fdt, "vms", "vm@1");
    assert_int_equal(number(&fdt, n, "watchdog-ms"), UINT32_MAX);
    assert_int_equal(number(&fdt, n, "stop-ms"), 30000);
    assert_int_equal(number(&fdt, n, "log-level"), 3);
    n = node(&fdt, "programs", "program@0");
    assert_int_equal(number(&fdt, n, "watchdog-ms"), UINT32_MAX);
    assert_int_equal(number(&fdt, n, "stop-ms"), 30000);
    assert_int_equal(number(&fdt, n, "log-level"), 2);
}

static void test_name_in_the_command_line(void **state)
{
    struct system_config c;

    assert_int_equal(read_back("defaults: { kernel: x, memory: 64M }\n"
                               "vms:\n"
                               "  a: { cmdline: '' }\n"
                               "  b: { cmdline: mz.name=other }\n"
                               "  c: { initrd: ./own.cpio, cmdline: x }\n",
                               &c),
                     0);
    assert_string_equal(c.domain[0].cmdline, "mz.name=a");
    assert_string_equal(c.domain[1].cmdline, "mz.name=other");
    assert_string_equal(c.domain[2].cmdline, "x");
}

static void write_text(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static int enter_folder(void **state)
{
    static char folder[] = "/tmp/compile-XXXXXX";

    *state = folder;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    write_text("inner.yaml", "vms: { v: { kernel: x, memory: 64M, cpus: 1 } }\n"
                             "monitors: { deep: { system: deep.yaml, memory: 10M } }\n");
    write_text("deep.yaml", "programs: { p: { image: ./p, quotas: { threads: 3 } },\n"
                            "            q: { image: ./p, quotas: { kernel-memory: 2M } } }\n");
    return 0;
}

static int remove_folder(void **state)
{
    unlink("inner.yaml");
    unlink("deep.yaml");
    return rmdir(*state);
}

static void pretend_images(struct system *system)
{
    for (struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        vm->kernel_image = &kernel;
        vm->initrd_image = &initrd;
    }
    for (struct program *p = system->programs; p != NULL; p = p->next)
        p->program_image = &program;
    for (struct monitor *m = system->monitors; m != NULL; m = m->next)
        pretend_images(m->inner);
}

/* The entry of a monitor in what the system is compiled to. */
static int entry(const struct system *system, const char *name, struct fdt *fdt)
{
    free(blob);
    blob = system_compile(system, 0, &blob_size);
    return node(fdt, "monitors", name);
}

static uint64_t long_number(const struct fdt *fdt, int n, const char *name)
{
    uint64_t value = 0;

    assert_true(fdt_u64(fdt, n, name, &value));
    return value;
}

#define TWO_MONITORS                                                                               \
    "vms: { a: { kernel: x, memory: 64M } }\n"                                                     \
    "monitors:\n"                                                                                  \
    "  inner: { system: inner.yaml, memory: 128M, cpus: 0-1, priority: 120, after: [a, small],\n"  \
    "           colour: blue, restart: always, cmdline: x=y }\n"                                   \
    "  small: { system: deep.yaml, memory: 32M, domains: 5,\n"                                     \
    "           quotas: { threads: 30, kernel-memory: 5M } }\n"

static void check_inner(const struct system *system)
{
    struct fdt fdt;
    int n = entry(system, "inner", &fdt);

    assert_string_equal(fdt_string(&fdt, n, "name"), "inner");
    assert_int_equal(long_number(&fdt, n, "memory"), 128 << 20);
    assert_string_equal(fdt_string(&fdt, n, "module"), "monitor");
    assert_string_equal(fdt_string(&fdt, n, "system"), "inner.dtb");
    assert_string_equal(fdt_string(&fdt, n, "modules"),
                        "inner.dtb vmm monitor linux initrd-2 inner-deep.dtb clock.elf");
    assert_string_equal(fdt_string(&fdt, n, "cmdline"), "x=y");
    assert_string_equal(fdt_string(&fdt, n, "colour"), "blue");
    assert_string_equal(fdt_string(&fdt, n, "restart"), "always");
    assert_string_equal(fdt_string(&fdt, n, "after"), "a small");
    assert_int_equal(number(&fdt, n, "domains"), 4);
    assert_int_equal(number(&fdt, n, "cpus"), 3);
    assert_int_equal(number(&fdt, n, "priority"), 120);
    assert_int_equal(number(&fdt, n, "threads"), 8 + 8 + 8 + 3 + 8);
    /* Its own, and those of v, deep itself, p (of 1M), q. */
    assert_int_equal(long_number(&fdt, n, "kernel-memory"),
                     1536 * 1024 + (1280 + 1064 + 1028 + 2048) * 1024);
    assert_int_equal(number(&fdt, n, "weight"), UINT32_MAX);
    assert_int_equal(number(&fdt, n, "stop-ms"), 30000);
    assert_int_equal(number(&fdt, n, "log-level"), 2);
}

static void test_monitors(void **state)
{
    static const struct system_options options = {.no_files = true};
    struct system system;
    const struct system *inner;
    struct fdt fdt;
    int n;

    system_parse(&system, "test.yaml", TWO_MONITORS, strlen(TWO_MONITORS), &options);
    report_print(&system.report, stderr);
    assert_int_equal(system.report.errors, 0);
    pretend_images(&system);
    check_inner(&system);
    n = entry(&system, "small", &fdt);
    assert_string_equal(fdt_string(&fdt, n, "modules"), "small.dtb clock.elf");
    assert_int_equal(number(&fdt, n, "domains"), 5);
    assert_int_equal(number(&fdt, n, "threads"), 30);
    assert_int_equal(long_number(&fdt, n, "kernel-memory"), 5 << 20);
    assert_int_equal(number(&fdt, n, "cpus"), UINT32_MAX);

    /* Who says nothing of processors has those of the monitor. */
    inner = system.monitors->inner;
    n = entry(inner, "deep", &fdt);
    assert_string_equal(fdt_string(&fdt, n, "system"), "inner-deep.dtb");
    assert_string_equal(fdt_string(&fdt, n, "modules"), "inner-deep.dtb clock.elf");
    assert_int_equal(number(&fdt, n, "domains"), 2);
    assert_int_equal(number(&fdt, n, "cpus"), 3);
    assert_int_equal(number(&fdt, node(&fdt, "vms", "vm@0"), "cpus"), 2);
    entry(inner->monitors->inner, "none", &fdt);
    assert_int_equal(number(&fdt, node(&fdt, "programs", "program@1"), "cpus"), 3);
    system_free(&system);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smallest),
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_limits_agree),
        cmocka_unit_test(test_services),
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_supervision),
        cmocka_unit_test(test_name_in_the_command_line),
        cmocka_unit_test_setup_teardown(test_monitors, enter_folder, remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, free_blob);
}
