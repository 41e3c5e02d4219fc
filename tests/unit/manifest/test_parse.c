// SPDX-License-Identifier: BSD-2-Clause
// SOURCES: lib/manifest/arena.c lib/manifest/budget.c lib/manifest/bzimage.c lib/manifest/check.c lib/manifest/cpio.c lib/manifest/decode.c lib/manifest/elf.c lib/manifest/image.c lib/manifest/images.c lib/manifest/least.c lib/manifest/list.c lib/manifest/names.c lib/manifest/nearest.c lib/manifest/nested.c lib/manifest/fit.c lib/manifest/order.c lib/manifest/parse.c lib/manifest/relations.c lib/manifest/report.c lib/manifest/schema.c lib/manifest/schemamachine.c lib/manifest/section.c lib/manifest/service.c lib/manifest/share.c lib/manifest/source.c lib/manifest/units.c lib/manifest/spans.c lib/manifest/devices.c
// CFLAGS: -Ilib/manifest/include -Iidl/include
// LIBS: -lyaml
/* What a description means: defaults, inheritance, order.  Messages are tested by
 * tests/tool. */
#include <manifest/service.h>
#include <manifest/system.h>
#include <manifest/units.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct system system_;

static struct system *parse(const char *text)
{
    static const struct system_options options = {.no_files = true};

    system_free(&system_);
    system_parse(&system_, "test.yaml", text, strlen(text), &options);
    return &system_;
}

static int free_system(void **state)
{
    system_free(&system_);
    return 0;
}

static void test_four_lines_make_a_vm(void **state)
{
    const struct system *s = parse("vms:\n  web:\n    kernel: debian-cloud\n    memory: 128M\n");
    const struct vm *vm = s->vms;

    assert_int_equal(s->report.errors, 0);
    assert_int_equal(s->vm_count, 1);
    assert_string_equal(vm->name, "web");
    assert_string_equal(vm->kernel.text, "debian-cloud");
    assert_string_equal(vm->initrd.text, "busybox");
    assert_non_null(strstr(vm->cmdline.text, "console=ttyS0"));
    assert_true(vm->memory.number == 128 * MIB);
    assert_int_equal(vm->vcpus.number, 1);
    assert_int_equal(vm->priority.number, 100);
    assert_string_equal(vm->restart.policy.text, "on-failure");
    assert_int_equal(vm->restart.limit.number, 5);
    assert_int_equal(vm->restart.window.number, 60000);
    assert_int_equal(vm->restart.delay.number, 1000);
    assert_null(vm->quotas.threads.text);
    assert_null(vm->colour.text);
    assert_int_equal(vm->may_poweroff.number, 0);
    assert_int_equal(vm->memory.at.line, 4);
    assert_int_equal(vm->memory.at.column, 13);
    assert_int_equal(vm->vcpus.at.line, 0);
}

static void test_defaults_are_inherited(void **state)
{
    const struct system *s = parse("vms:\n"
                                   "  a: {}\n"
                                   "  b: { memory: 64M, restart: { limit: 2 } }\n"
                                   "defaults:\n"
                                   "  kernel: linux\n"
                                   "  memory: 128M\n"
                                   "  restart: { policy: always, delay: 2s }\n");
    const struct vm *a = s->vms, *b = a->next;

    assert_int_equal(s->report.errors, 0);
    assert_true(a->memory.number == 128 * MIB && b->memory.number == 64 * MIB);
    assert_string_equal(b->kernel.text, "linux");
    assert_string_equal(a->restart.policy.text, "always");
    assert_string_equal(b->restart.policy.text, "always");
    assert_int_equal(a->restart.limit.number, 5);
    assert_int_equal(b->restart.limit.number, 2);
    assert_int_equal(b->restart.delay.number, 2000);
}

static void test_policy_alone(void **state)
{
    const struct system *s = parse("defaults: { kernel: linux, memory: 64M,\n"
                                   "            restart: { limit: 3, policy: always } }\n"
                                   "vms: { a: { restart: never } }\n");

    assert_int_equal(s->report.errors, 0);
    assert_string_equal(s->vms->restart.policy.text, "never");
    assert_int_equal(s->vms->restart.limit.number, 3);
}

static void test_order_is_kept(void **state)
{
    static const char *const names[] = {"zoe", "anna", "bert"};
    const struct vm *vm = parse("defaults: { kernel: linux, memory: 64M }\n"
                                "vms: { zoe: {}, anna: {}, bert: {} }\n")
                              ->vms;

    for (unsigned i = 0; i < 3; i++, vm = vm->next)
        assert_string_equal(vm->name, names[i]);
    assert_null(vm);
}

static void test_programs(void **state)
{
    const struct system *s =
        parse("programs: { clock: { image: ./clock, memory: 64K, priority: 150 } }");

    assert_int_equal(s->report.errors, 0);
    assert_int_equal(s->program_count, 1);
    assert_string_equal(s->programs->name, "clock");
    assert_int_equal(s->programs->memory.number, 65536);
    assert_int_equal(s->programs->priority.number, 150);
    assert_string_equal(s->programs->cmdline.text, "");
}

static void test_lists(void **state)
{
    const struct system *s =
        parse("defaults: { kernel: x, memory: 64M }\n"
              "vms:\n"
              "  a: { publishes: [/net/lan, /disk/*], after: [], uses: /time }\n"
              "  b: { after: [a, /disk/1] }\n"
              "programs: { clock: { image: ./c, publishes: /time, after: b } }");
    const struct common *a = &s->vms->common, *b = &s->vms->next->common;

    assert_int_equal(s->report.errors, 0);
    assert_int_equal(a->publishes.number, 2);
    assert_string_equal(a->publishes.text, "/net/lan /disk/*");
    assert_string_equal(a->publishes.items[1].text, "/disk/*");
    assert_int_equal(a->publishes.items[1].at.line, 3);
    assert_int_equal(a->publishes.items[1].at.column, 30);
    assert_int_equal(a->after.number, 0);
    assert_string_equal(a->after.text, "");
    assert_int_equal(a->uses.number, 1);
    assert_string_equal(a->uses.text, "/time");
    assert_string_equal(b->after.text, "a /disk/1");
    assert_null(b->uses.text);
    assert_int_equal(s->domain_count, 3);
    assert_string_equal(s->domains[2].name, "clock");
    assert_true(s->domains[2].kind == DOMAIN_PROGRAM && s->domains[1].kind == DOMAIN_VM);
}

static void test_shares(void **state)
{
    const struct system *s = parse("defaults: { kernel: x, memory: 64M, cap: 50%, cpus: [0, 2-3],\n"
                                   "            reservation: { budget: 1ms, period: 20ms } }\n"
                                   "vms:\n"
                                   "  a: { reservation: 2ms, weight: 7 }\n"
                                   "  b: { reservation: none, cap: none, cpus: [] }\n"
                                   "programs: { p: { image: ./c, cpus: 0-31 } }");
    const struct common *a = s->domains[0].common, *b = s->domains[1].common;
    const struct common *p = s->domains[2].common;

    assert_int_equal(s->report.errors, 0);
    assert_int_equal(a->weight.number, 7);
    assert_int_equal(a->cap.number, 50);
    assert_int_equal(a->reservation.budget.number, 2000);
    assert_int_equal(a->reservation.period.number, 20000);
    assert_int_equal(system_cpus(&a->cpus), 0xd);
    assert_int_equal(b->weight.number, 100);
    assert_null(b->cap.text);
    assert_null(b->reservation.budget.text);
    assert_int_equal(system_cpus(&b->cpus), 0);
    assert_null(p->cap.text);
    assert_null(p->reservation.budget.text);
    assert_int_equal(p->reservation.period.number, 10000);
    assert_true(system_cpus(&p->cpus) == 0xffffffff);
}

/* What is wrong in one list makes no errors in those that refer to it. */
static void test_no_consequences(void **state)
{
    assert_int_equal(parse("defaults: { kernel: x, memory: 64M }\n"
                           "vms: { a: { publishes: [/Net] }, b: { uses: /net, after: /net } }\n")
                         ->report.errors,
                     1);
    assert_int_equal(parse("defaults: { kernel: x, memory: 64M }\n"
                           "vms: { a: { publshes: [/net] }, b: { uses: /net } }\n")
                         ->report.errors,
                     1);
    assert_int_equal(parse("defaults: { kernel: x, memory: 64M, reservation: 9ms, cap: 95% }\n"
                           "vms: { a: { cap: 10 }, b: { reservation: { period: 5 } },\n"
                           "       c: { cpus: [0, x] }, d: { cpus: 0 } }\n")
                         ->report.errors,
                     3);
}

static void test_overlaps(void **state)
{
    static const char *const table[][3] = {
        {"/net", "/net", "/net"},       {"/net", "/ne", NULL},
        {"/net", "/net/lan", NULL},     {"/net/*", "/net", NULL},
        {"/net/*", "/net/", "/net/"},   {"/net/*", "/net/lan", "/net/lan"},
        {"/net/*", "/net/*", "/net/*"}, {"/net/*", "/net/a/b/*", "/net/a/b/*"},
        {"/net/*", "/nets/*", NULL},    {"/net/*", "/nets", NULL},
    };

    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (unsigned turn = 0; turn < 2; turn++) {
            const char *found = service_overlap(table[i][turn], table[i][1 - turn]);

            if (table[i][2] == NULL)
                assert_null(found);
            else
                assert_string_equal(found, table[i][2]);
        }
    }
}

static void test_machine_grows_with_its_vms(void **state)
{
    struct system_budget budget;

    assert_true(system_machine_memory(parse("vms: { a: { kernel: x, memory: 64M } }")) ==
                512 * MIB);
    assert_true(system_machine_memory(parse("vms: { a: { kernel: x, memory: 8G } }")) ==
                8 * GIB + 512 * MIB);
    assert_true(system_machine_memory(parse("machine: { memory: 256M }\n"
                                            "vms: { a: { kernel: x, memory: 64M } }")) ==
                256 * MIB);
    system_budget(&system_, 256 * MIB, &budget);
    assert_true(budget.vms == 66 * MIB);
    assert_true(budget.total <= 256 * MIB);
}

static void test_all_errors_are_found(void **state)
{
    const struct system *s = parse("console: { histry: 1K }\n"
                                   "vms:\n"
                                   "  a: { kernel: x, memory: 1 }\n"
                                   "  a: { kernel: x, memory: 3M }\n"
                                   "  b: { kernel: x, memory: 2M, vcpus: 0 }\n");

    assert_int_equal(s->report.errors, 5);
}

static void test_a_thousand_findings_are_enough(void **state)
{
    static char text[20000];
    size_t at = 0;

    while (at < sizeof text - 20)
        at += (size_t)snprintf(text + at, sizeof text - at, "k%zu: 1\n", at);
    assert_int_equal(parse(text)->report.errors, 1000);
}

static void test_byte_order_mark(void **state)
{
    const struct system *s = parse("\xef\xbb\xbfvms: { a: { kernel: x, memory: 64M } }\n");

    assert_int_equal(s->report.errors, 0);
    assert_int_equal(s->vm_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_four_lines_make_a_vm),
        cmocka_unit_test(test_defaults_are_inherited),
        cmocka_unit_test(test_policy_alone),
        cmocka_unit_test(test_order_is_kept),
        cmocka_unit_test(test_programs),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_no_consequences),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_machine_grows_with_its_vms),
        cmocka_unit_test(test_all_errors_are_found),
        cmocka_unit_test(test_a_thousand_findings_are_enough),
        cmocka_unit_test(test_byte_order_mark),
    };

    return cmocka_run_group_tests(tests, NULL, free_system);
}
