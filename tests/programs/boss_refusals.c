/* SPDX-License-Identifier: BSD-2-Clause */
/* What a boss is refused: others' names, wrong keys and values, more than it has itself. */
#include <stdio.h>
#include <string.h>

#include "boss.h"
#include "raw.h"

#define LONG_32 "abcdefghijklmnopqrstuvwxyzabcdef"
#define LONG_96 LONG_32 LONG_32 LONG_32

/* Everything that can be said of a name gets this answer. */
static void all_calls(const char *who, enum mz_error expected)
{
    L4_ThreadId_t m = native_monitor();
    struct mz_vm_details all;

    check("configure", mz_vm_configure(m, who, "memory", "4096"), expected);
    check("start", mz_vm_start(m, who), expected);
    check("pause", mz_vm_pause(m, who), expected);
    check("resume", mz_vm_resume(m, who), expected);
    check("reset", mz_vm_reset(m, who), expected);
    check("stop", mz_vm_stop(m, who, 1), expected);
    check("stop at once", mz_vm_stop(m, who, 0), expected);
    check("destroy", mz_vm_destroy(m, who), expected);
    check("inspect", mz_vm_inspect(m, who, &all), expected);
}

static void refuse_names(void)
{
    static const char *const not_mine[] = {"stranger", "nobody",  "boss", "any", "",    "ki",
                                           "kidd",     "kid kin", "*",    "/*",  "Kid", "kid "};
    L4_ThreadId_t m = native_monitor();

    for (unsigned i = 0; i < sizeof(not_mine) / sizeof(not_mine[0]); i++) {
        all_calls(not_mine[i], MZ_ERR_DENIED);
        check("create another's", mz_vm_create(m, not_mine[i], true), MZ_ERR_DENIED);
    }
    all_calls("kid", MZ_ERR_NOT_FOUND);
    all_calls(LONG_32, MZ_ERR_TOO_LONG);
    check("create with a long name", mz_vm_create(m, LONG_32, true), MZ_ERR_TOO_LONG);
    check("create what is there", mz_vm_create(m, "other", true), MZ_ERR_EXISTS);
    check("configure the description's", mz_vm_configure(m, "other", "memory", "4096"),
          MZ_ERR_BAD_STATE);
}

/* Messages that the stubs would not send. */
static void refuse_messages(void)
{
    L4_Word_t w[63] = {32};

    memcpy(&w[1], LONG_32, 32);
    check("a long name", raw_call(MZ_LABEL_VM_START, 1 + 32 / sizeof(w[0]), w), MZ_ERR_BAD_VALUE);
    w[0] = 3;
    memcpy(&w[1], "kid", 3);
    check("a word too many", raw_call(MZ_LABEL_VM_START, 3, w), MZ_ERR_BAD_MESSAGE);
    w[0] = 3;
    check("a word too few", raw_call(MZ_LABEL_VM_START, 1, w), MZ_ERR_BAD_MESSAGE);
    w[0] = 4;
    memcpy(&w[1], "ki\0d", 4);
    check("a NUL", raw_call(MZ_LABEL_VM_START, 2, w), MZ_ERR_BAD_VALUE);
    w[0] = 3;
    memcpy(&w[1], "kid", 3);
    w[2] = 2;
    check("neither true nor false", raw_call(MZ_LABEL_VM_CREATE, 3, w), MZ_ERR_BAD_VALUE);
}

static void refuse_values(void)
{
    static const char *const bad[][2] = {
        {"colour", "pink"},
        {"memory", "lots"},
        {"memory", ""},
        {"memory", "4096x"},
        {"memory", "0"},
        {"memory", "-1"},
        {"memory", "99999999999999999999999"},
        {"vcpus", "9"},
        {"priority", "0"},
        {"priority", "201"},
        {"threads", "33"},
        {"weight", "0"},
        {"cap", "801"},
        {"log-level", "4"},
        {"restart", "sometimes"},
        {"restart", ""},
        {"restart-limit", "17"},
        {"restart-window-ms", "0"},
        {"restart-delay-ms", "60001"},
        {"watchdog-ms", "1"},
        {"may-poweroff", "2"},
        {"may-poweroff", "yes"},
        {"module", LONG_32},
        {"no-such-key", "1"},
        {"budget-us", "1000"},
        {"controls", "other"},
        {"creates", "4194304"},
        {"ports", "3e8-3ef"},
        {"name", "kin"},
        {"", ""},
    };
    L4_ThreadId_t m = native_monitor();

    make_program("kid", "echo");
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check(bad[i][0], mz_vm_configure(m, "kid", bad[i][0], bad[i][1]), MZ_ERR_VM_BAD_KEY);
    check("a long key", mz_vm_configure(m, "kid", LONG_32, ""), MZ_ERR_TOO_LONG);
    check("a long value", mz_vm_configure(m, "kid", "cmdline", LONG_96), MZ_ERR_TOO_LONG);
    for (unsigned i = 0; i < 5; i++)
        set("kid", "after", LONG_96 + 1);
    check("a text that grew too long", mz_vm_configure(m, "kid", "after", LONG_96 + 1),
          MZ_ERR_VM_BAD_KEY);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
}

struct excess {
    bool vm;
    const char *key, *value;
    enum mz_error error;
};

/* One that is configured so does not start, and is not there afterwards. */
static void refuse_start(const struct excess *e)
{
    L4_ThreadId_t m = native_monitor();
    char what[64];

    if (e->vm)
        make_vm("kid", "spin");
    else
        make_program("kid", "echo");
    set("kid", e->key, e->value);
    snprintf(what, sizeof(what), "start with %s %s", e->key, e->value);
    check(what, mz_vm_start(m, "kid"), e->error);
    expect("it did not start", look("kid").starts == 0 && look("kid").now == MZ_VM_DEFINED);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
}

static void refuse_excess(void)
{
    static const struct excess excesses[] = {
        {false, "priority", "91", MZ_ERR_DENIED},
        {false, "may-poweroff", "1", MZ_ERR_DENIED},
        {false, "cpus", "3", MZ_ERR_DENIED},
        {false, "cpus", "2", MZ_ERR_DENIED},
        {false, "kernel-memory", "16777216", MZ_ERR_DENIED},
        {false, "publishes", "/other", MZ_ERR_DENIED},
        {false, "publishes", "/boss/a /other", MZ_ERR_DENIED},
        {false, "publishes", "/*", MZ_ERR_DENIED},
        {false, "uses", "/other", MZ_ERR_DENIED},
        {false, "module", "x", MZ_ERR_DENIED}, /* "mischiefx": no such image */
        {false, "memory", "16777217", MZ_ERR_VM_BAD_KEY},
    };
    static const struct excess vms[] = {
        {true, "memory", "4097", MZ_ERR_VM_BAD_KEY},
        {true, "memory", "33554432", MZ_ERR_QUOTA},
        {true, "initrd", "nothing", MZ_ERR_DENIED},
        {true, "priority", "91", MZ_ERR_DENIED},
    };

    for (unsigned i = 0; i < sizeof(excesses) / sizeof(excesses[0]); i++)
        refuse_start(&excesses[i]);
    for (unsigned i = 0; i < sizeof(vms) / sizeof(vms[0]) && L4_WORD_BITS == 64; i++)
        refuse_start(&vms[i]);
}

/* What is missing, or an image of the wrong kind, or another's. */
static void refuse_images(void)
{
    static const struct {
        const char *module;
        enum mz_error error;
    } images[] = {{"", MZ_ERR_VM_BAD_KEY},
                  {"confined", MZ_ERR_DENIED}, /* only a stranger has it */
                  {"spin", L4_WORD_BITS == 64 ? MZ_ERR_VM_BAD_IMAGE : MZ_ERR_DENIED}};
    L4_ThreadId_t m = native_monitor();

    for (unsigned i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
        check("create", mz_vm_create(m, "kid", true), MZ_OK);
        check("nothing is set", mz_vm_start(m, "kid"), MZ_ERR_VM_BAD_KEY);
        set("kid", "memory", "4096");
        set("kid", "cpus", "1");
        set("kid", "priority", "1");
        if (*images[i].module)
            set("kid", "module", images[i].module);
        check(images[i].module, mz_vm_start(m, "kid"), images[i].error);
        check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
    }
}

static void refuse_too_much(void)
{
    L4_ThreadId_t m = native_monitor();

    make_program("kid", "echo");
    make_program("kin", "echo");
    set("kid", "memory", "16777216");
    set("kin", "memory", "12582912");
    check("all that may be created", mz_vm_start(m, "kid"), MZ_OK);
    check("one more", mz_vm_create(m, "kit", true), MZ_ERR_QUOTA);
    set("kin", "memory", "12587008");
    check("a page too much", mz_vm_start(m, "kin"), MZ_ERR_QUOTA);
    check("destroy", mz_vm_destroy(m, "kin"), MZ_OK);
    check("now there is room", mz_vm_create(m, "kit", true), MZ_OK);
    check("destroy", mz_vm_destroy(m, "kit"), MZ_OK);
    check("destroy", mz_vm_destroy(m, "kid"), MZ_OK);
}

void boss_refusals(void)
{
    refuse_names();
    refuse_messages();
    refuse_values();
    refuse_excess();
    refuse_images();
    refuse_too_much();
}

/* Of one that may control any. */
void boss_names(void)
{
    static const char *const bad[] = {"any",  "Kid",   "9lives",      "-kid", "kid_x", "k id",
                                      "kid/", "/boss", "k\xc3\xa4se", "",     "kid\n", "shell"};
    L4_ThreadId_t m = native_monitor();
    static struct mz_vm_summary some[64];
    enum mz_error error = MZ_OK;
    unsigned made = 0, found = 0;
    struct mz_vm_event event;
    uint32_t n, first = 0;
    char name[16];

    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check(bad[i], mz_vm_create(m, bad[i], true), MZ_ERR_BAD_ARG);
    all_calls("shell", MZ_ERR_NOT_FOUND); /* the operator's is nobody else's */
    check("the first event", mz_vm_next_event(m, 0, &event), MZ_OK);
    expect("its start is no event", strcmp(event.who, "shell") != 0);
    for (; !error && made < 100; made += !error) {
        snprintf(name, sizeof(name), "n%u", made);
        error = mz_vm_create(m, name, true);
    }
    check("as many as there can be", error, MZ_ERR_QUOTA);
    do {
        check("list", mz_vm_list(m, first, some, 64, &n), MZ_OK);
        for (unsigned i = 0; i < n; i++)
            found += some[i].who[0] == 'n' && some[i].now == MZ_VM_DEFINED;
        first += n;
    } while (n);
    expect("all were listed", found == made && first == 96);
    while (made--) {
        snprintf(name, sizeof(name), "n%u", made);
        check("destroy", mz_vm_destroy(m, name), MZ_OK);
    }
    check("list few", mz_vm_list(m, 0, some, 1, &n), MZ_ERR_TOO_LONG);
}
