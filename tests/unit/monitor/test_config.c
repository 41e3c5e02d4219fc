// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/config.c lib/manifest/configdefaults.c lib/manifest/configdevices.c lib/rt/text.c lib/manifest/fdt.c lib/manifest/spans.c
// CFLAGS: -Ilib/books/include -Imonitor -Ibuild/idl -Iidl/include -Ilib/manifest/include -Ilib/l4/include -idirafter lib/rt/include
/* The compiled system description: defaults, limits, and the words of each refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>

#include <manifest/config.h>
#include <manifest/spans.h>

/* ---- a device tree, written token by token ---- */

static uint8_t structure[65536], names[16384];
static size_t structure_size, names_size;

static void token(uint32_t t)
{
    t = htonl(t);
    memcpy(structure + structure_size, &t, 4);
    structure_size += 4;
}

static void bytes(const void *data, size_t size)
{
    memset(structure + structure_size, 0, (size + 3) & ~3ul);
    if (size)
        memcpy(structure + structure_size, data, size);
    structure_size += (size + 3) & ~3ul;
}

static void begin(const char *name)
{
    token(1);
    bytes(name, strlen(name) + 1);
}

static void end(void)
{
    token(2);
}

static void property(const char *name, const void *data, size_t size)
{
    token(3);
    token((uint32_t)size);
    token((uint32_t)names_size);
    bytes(data, size);
    strcpy((char *)names + names_size, name);
    names_size += strlen(name) + 1;
}

static void text(const char *name, const char *value)
{
    property(name, value, strlen(value) + 1);
}

static void u32(const char *name, uint32_t value)
{
    value = htonl(value);
    property(name, &value, 4);
}

static void u64(const char *name, uint64_t value)
{
    value = __builtin_bswap64(value);
    property(name, &value, 8);
}

static void start(void)
{
    structure_size = names_size = 0;
    begin("");
    text("compatible", "marzipan,system-1");
}

static void *finish(size_t *size)
{
    uint32_t header[10];
    uint8_t *blob;

    end();
    token(9);
    *size = 40 + 16 + structure_size + names_size;
    blob = calloc(1, *size);
    uint32_t fields[10] = {0xd00dfeed,
                           (uint32_t)*size,
                           56,
                           (uint32_t)(56 + structure_size),
                           40,
                           17,
                           16,
                           0,
                           (uint32_t)names_size,
                           (uint32_t)structure_size};
    for (int i = 0; i < 10; i++)
        header[i] = htonl(fields[i]);
    memcpy(blob, header, 40);
    memcpy(blob + 56, structure, structure_size);
    memcpy(blob + 56 + structure_size, names, names_size);
    return blob;
}

/* ---- the tests ---- */

static struct system_config config;
static char error[256];
static void *blob;

static int read_it(void)
{
    size_t size;

    free(blob);
    blob = finish(&size);
    error[0] = '\0';
    return config_read(blob, size, &config, error, sizeof(error));
}

static void expect_error(const char *words)
{
    assert_int_equal(read_it(), -1);
    if (!strstr(error, words))
        fail_msg("\"%s\" lacks \"%s\"", error, words);
}

static void vm(const char *name, uint64_t memory)
{
    begin("vm@0");
    text("name", name);
    u64("memory", memory);
    text("kernel", "vmlinux");
}

static void test_defaults(void **state)
{
    struct domain_config *c = &config.domain[0];

    start();
    begin("vms");
    vm("web", 256 << 20);
    end();
    end();
    assert_int_equal(read_it(), 0);
    assert_int_equal(config.count, 1);
    assert_int_equal(config.history, 16384);
    assert_int_equal(config.focus, -1);
    assert_int_equal(config.debug_exit, 0);
    assert_string_equal(c->name, "web");
    assert_false(c->program);
    assert_int_equal(c->memory, 256 << 20);
    assert_int_equal(c->kernel_memory, 2 << 20);
    assert_int_equal(c->vcpus, 1);
    assert_int_equal(c->priority, 100);
    assert_string_equal(c->module, "vmlinux");
    assert_null(c->initrd);
    assert_string_equal(c->cmdline, "");
    assert_int_equal(c->restart.when, RESTART_NEVER);
    assert_int_equal(c->restart.limit, 5);
    assert_false(c->may_poweroff);
}

static void test_everything(void **state)
{
    struct domain_config *c = &config.domain[1];

    start();
    begin("console");
    u32("history", 4096);
    text("focus", "prog");
    end();
    begin("vms");
    vm("web", 64 << 20);
    text("initrd", "rd");
    text("cmdline", "quiet");
    u32("vcpus", 8);
    text("restart", "always");
    u32("restart-limit", 2);
    u32("restart-window-ms", 7000);
    u32("restart-delay-ms", 8);
    u32("priority", 200);
    u64("kernel-memory", 5 << 20);
    text("colour", "red");
    property("may-poweroff", "", 0);
    end();
    end();
    begin("programs");
    begin("program@0");
    text("name", "prog");
    u64("memory", 5000);
    text("module", "t1");
    u32("threads", 3);
    end();
    end();
    begin("exit");
    u32("isa-debug-exit", 0xf4);
    end();
    assert_int_equal(read_it(), 0);
    assert_int_equal(config.count, 2);
    assert_int_equal(config.history, 4096);
    assert_int_equal(config.focus, 1);
    assert_int_equal(config.debug_exit, 0xf4);
    assert_true(c->program);
    assert_int_equal(c->memory, 8192);
    assert_string_equal(c->module, "t1");
    assert_int_equal(c->threads, 3);
    c = &config.domain[0];
    assert_string_equal(c->initrd, "rd");
    assert_string_equal(c->cmdline, "quiet");
    assert_int_equal(c->vcpus, 8);
    assert_int_equal(c->threads, 9); /* vCPUs and the VM space need them */
    assert_int_equal(c->restart.when, RESTART_ALWAYS);
    assert_int_equal(c->restart.limit, 2);
    assert_int_equal(c->restart.window_ms, 7000);
    assert_int_equal(c->restart.delay_ms, 8);
    assert_int_equal(c->kernel_memory, 5 << 20);
    assert_string_equal(config_colour(c), "\033[31m");
    assert_true(c->may_poweroff);
}

#define REFUSED(words, ...)                                                                        \
    do {                                                                                           \
        start();                                                                                   \
        begin("vms");                                                                              \
        vm("web", 64 << 20);                                                                       \
        __VA_ARGS__;                                                                               \
        end();                                                                                     \
        end();                                                                                     \
        expect_error(words);                                                                       \
    } while (0)

static void test_refusals(void **state)
{
    REFUSED("node vm@0: property vcpus is 9; it must be from 1 to 8", u32("vcpus", 9));
    REFUSED("vcpus is not a 32-bit number", u64("vcpus", 1));
    REFUSED("priority is 255", u32("priority", 255));
    REFUSED("restart is none of", text("restart", "often"));
    REFUSED("colour is none of", text("colour", "pink"));
    REFUSED("name is that of another", end(); vm("web", 2 << 20));
    REFUSED("memory is missing", end(); begin("vm@1"); text("name", "db"));
    REFUSED("memory is not a multiple", end(); vm("db", 3 << 20));
    REFUSED("memory is 0; it must be from 1", end(); vm("db", 0));
    REFUSED("memory is 18446744073707454464; it must be from", end();
            vm("db", UINT64_MAX - (2 << 20) + 1));
    REFUSED("name is missing", end(); begin("vm@1"); u64("memory", 2 << 20));
    REFUSED("cannot be printed", end(); vm("d\033b", 2 << 20));
    REFUSED("is too long", end(); vm("a-name-that-is-much-too-long-to-be-used", 2 << 20));
    REFUSED("kernel is missing", end(); begin("vm@1"); text("name", "db"); u64("memory", 2 << 20));
    REFUSED(
        "more than 64 vms", for (int i = 0; i < 64; i++) {
            char name[16];
            snprintf(name, sizeof(name), "v%d", i);
            end();
            vm(name, 2 << 20);
        });
}

/* Two VMs, the second of which has these, and a port that switches the machine off. */
static void devices(const char *kind, const char *list, uint32_t debug_exit)
{
    start();
    begin("vms");
    vm("a", 2 << 20);
    text("interrupts", "5-7");
    text("ports", "3e8-3ef");
    text("device-memory", "fed00000-fed00fff@0");
    end();
    vm("b", 2 << 20);
    text(kind, list);
    end();
    end();
    begin("exit");
    u32("isa-debug-exit", debug_exit);
    end();
}

static void test_devices(void **state)
{
    devices("ports", "2e8-2ef 3f0-3f7", 0xf4);
    assert_int_equal(read_it(), 0);
    assert_string_equal(config.domain[1].devices[SPAN_PORTS], "2e8-2ef 3f0-3f7");
    devices("ports", "2e8-2ef 3ef-3ef", 0xf4);
    expect_error("property ports has something that is another's, too");
    devices("interrupts", "7-9", 0xf4);
    expect_error("property interrupts has something that is another's, too");
    devices("device-memory", "fed00000-fed00fff@1000", 0xf4);
    expect_error("property device-memory has something that is another's, too");
    devices("ports", "60-7f", 0xf4);
    expect_error("property ports has something that is the system's");
    devices("interrupts", "4-4", 0xf4);
    expect_error("property interrupts has something that is the system's");
    devices("interrupts", "fe-100", 0xf4);
    expect_error("property interrupts has something that no machine has");
    devices("ports", "10000-ffffffffffffffff", 0xf4);
    expect_error("property ports has something that no machine has");
    devices("device-memory", "fea00000-1000000000000@0", 0xf4);
    expect_error("property device-memory has something that no machine has");
    devices("device-memory", "fea00000-fea00fff@fffffffffffff001", 0xf4);
    expect_error("property device-memory is no list of ranges");
    devices("ports", "2e8", 0xf4);
    expect_error("property ports is no list of ranges");
    devices("ports", "f0-f7", 0xf4);
    expect_error("property isa-debug-exit is the port of a VM or program, too");
    devices("message-interrupts", "x", 0xf4);
    expect_error("property message-interrupts is not a 32-bit number");
}

/* The shell has what is the system's, and is none of the domains. */
static void test_shell(void **state)
{
    start();
    begin("vms");
    vm("web", 64 << 20);
    end();
    end();
    assert_int_equal(read_it(), 0);
    assert_null(config.shell.module);
    start();
    begin("vms");
    vm("web", 64 << 20);
    end();
    end();
    begin("shell");
    text("name", "shell");
    text("module", "image");
    u64("memory", 4096);
    text("controls", "any");
    text("interrupts", "3-3");
    text("ports", "2f8-2ff");
    end();
    assert_int_equal(read_it(), 0);
    assert_int_equal(config.count, 1);
    assert_true(config.shell.program);
    assert_string_equal(config.shell.module, "image");
    assert_string_equal(config.shell.devices[SPAN_PORTS], "2f8-2ff");
    start();
    begin("shell");
    text("name", "shell");
    end();
    expect_error("node shell: property memory is missing");
}

static void test_other_refusals(void **state)
{
    start();
    expect_error("describes no VM");
    start();
    begin("console");
    text("focus", "nobody");
    end();
    expect_error("focus names no VM");
    start();
    begin("exit");
    u32("isa-debug-exit", 0x10000);
    end();
    expect_error("isa-debug-exit");
    structure_size = names_size = 0;
    begin("");
    expect_error("compatible");
    assert_int_equal(config_read("junk", 4, &config, error, sizeof(error)), -1);
}

/* What one that was created can be given, and what only a description gives. */
static void test_set(void **state)
{
    static const char *const described[] = {
        "budget-us", "period-us",     "manual",  "controls",           "creates", "interrupts",
        "ports",     "device-memory", "domains", "message-interrupts", "system",  "modules"};
    struct config_texts room = {0};
    struct domain_config c, before;

    config_defaults(&c, CONFIG_VM, 0);
    before = c;
    for (unsigned i = 0; i < sizeof(described) / sizeof(described[0]); i++)
        assert_string_equal(config_set(&c, described[i], "1", &room),
                            "is only for a description to say");
    assert_memory_equal(&c, &before, sizeof(c));
    assert_int_equal(room.used, 0);
    assert_string_equal(config_set(&c, "name", "x", &room), "is no key");
    assert_string_equal(config_set(&c, "memory", "2M", &room), "is not a number");
    assert_null(config_set_number(&c, "weight", 300));
    assert_int_equal(c.weight, 300);
    assert_non_null(strstr(config_set_number(&c, "weight", 0), "it must be from 1"));
    assert_non_null(config_set_number(&c, "restart", 1));
    assert_non_null(config_set_number(&c, "cmdline", 1));
    assert_non_null(config_set_number(&c, "budget-us", 1000));
    assert_non_null(config_set_number(&c, "nothing", 1));
    assert_int_equal(c.weight, 300);
    assert_non_null(strstr(config_set(&c, "vcpus", "9", &room), "it must be from 1 to 8"));
    assert_null(config_set(&c, "memory", "0x400000", &room));
    assert_null(config_set(&c, "restart", "always", &room));
    assert_null(config_set(&c, "publishes", "/a", &room));
    assert_null(config_set(&c, "publishes", " /b", &room));
    assert_int_equal(c.memory, 4 << 20);
    assert_int_equal(c.restart.when, RESTART_ALWAYS);
    assert_string_equal(c.publishes, "/a /b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults), cmocka_unit_test(test_everything),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_devices),
        cmocka_unit_test(test_shell),    cmocka_unit_test(test_other_refusals),
        cmocka_unit_test(test_set),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    free(blob);
    return failed;
}
