/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's command line. */
#include "qemu.h"

#include <manifest/units.h>
#include <string.h>

static void add(struct qemu *qemu, const char *word)
{
    if (qemu->count < QEMU_WORDS - 1)
        qemu->words[qemu->count++] = word;
}

static void add_pair(struct qemu *qemu, const char *option, const char *value)
{
    add(qemu, option);
    add(qemu, value);
}

/* QEMU splits arguments at commas and takes a doubled one for a comma. */
static const char *double_commas(struct arena *arena, const char *text)
{
    char *doubled = arena_alloc(arena, 2 * strlen(text) + 1), *out = doubled;

    for (; *text != '\0'; text++) {
        *out++ = *text;
        if (*text == ',')
            *out++ = ',';
    }
    return doubled;
}

/* A module's arguments begin at the first space, so its path must have none. */
static const char *initrd_list(const struct stage *stage)
{
    struct arena *arena = stage->arena;
    const char *list = "";

    for (unsigned i = 0; i < stage->count; i++) {
        const struct module *m = &stage->modules[i];
        const char *text = arena_format(arena, "%s/%s%s%s", stage->folder, m->name,
                                        *m->args == '\0' ? "" : " ", m->args);

        list = arena_format(arena, "%s%s%s", list, i == 0 ? "" : ",", double_commas(arena, text));
    }
    return list;
}

/* The machine's second serial line; it does not wait for a client. */
static void add_control(struct qemu *qemu, struct arena *arena, const char *path)
{
    add_pair(qemu, "-chardev",
             arena_format(arena, "socket,id=control,path=%s,server=on,wait=off",
                          double_commas(arena, path)));
    add_pair(qemu, "-serial", "chardev:control");
}

static void add_machine(struct qemu *qemu, const struct system *system,
                        const struct settings *settings)
{
    struct arena *arena = (struct arena *)&system->arena;
    uint64_t memory = system_machine_memory(system);
    uint64_t processors = settings->icount ? 1 : system_machine_processors(system);
    struct unit_fault fault;

    if (settings->memory != NULL)
        parse_size(arena, settings->memory, &memory, &fault);
    add_pair(qemu, "-accel", "tcg");
    add_pair(qemu, "-M", settings->machine != NULL ? settings->machine : system->machine.type.text);
    add_pair(qemu, "-cpu", settings->cpu != NULL ? settings->cpu : system->machine.cpu.text);
    add_pair(qemu, "-m", arena_format(arena, "%juM", (uintmax_t)(memory / MIB)));
    if (processors > 1)
        add_pair(qemu, "-smp", arena_format(arena, "%ju", (uintmax_t)processors));
    add_pair(qemu, "-display", "none");
    add(qemu, "-nodefaults");
    add_pair(qemu, "-chardev", "stdio,id=console,signal=off");
    add_pair(qemu, "-serial", "chardev:console");
    if (settings->control != NULL)
        add_control(qemu, arena, settings->control);
    add(qemu, "-no-reboot");
    add_pair(qemu, "-device",
             arena_format(arena, "isa-debug-exit,iobase=0x%x,iosize=4", DEBUG_EXIT_PORT));
    if (settings->icount) {
        add_pair(qemu, "-icount", "shift=0,sleep=off");
        add_pair(qemu, "-rtc", "base=2024-01-01,clock=vm");
        add_pair(qemu, "-seed", "1");
    }
}

/* The port to which the monitor writes its trace; what stage_trace() says. */
static void add_trace(struct qemu *qemu, const struct stage *stage)
{
    struct arena *arena = stage->arena;

    add_pair(qemu, "-chardev",
             arena_format(arena, "file,id=trace,path=%s",
                          double_commas(arena, stage_trace(arena, stage->folder))));
    add_pair(qemu, "-device",
             arena_format(arena, "isa-debugcon,iobase=0x%x,chardev=trace", TRACE_PORT));
}

int qemu_command(struct qemu *qemu, const struct stage *stage, const struct system *system,
                 const struct settings *settings, const char *iso)
{
    *qemu = (struct qemu){.count = 0};
    if (strpbrk(stage->folder, " \t") != NULL)
        return complain(CODE_USAGE, "choose another folder with --output, or another TMPDIR",
                        "the folder \"%s\" has a space, which QEMU's -initrd cannot have",
                        stage->folder);
    add(qemu, QEMU);
    add_machine(qemu, system, settings);
    if (settings->trace != NULL)
        add_trace(qemu, stage);
    if (iso != NULL) {
        if (settings->efi)
            add_pair(qemu, "-bios", OVMF);
        add_pair(qemu, "-cdrom", iso);
        add_pair(qemu, "-boot", "d");
    } else {
        add_pair(qemu, "-kernel", arena_format(stage->arena, "%s/loader", stage->folder));
        add_pair(qemu, "-initrd", initrd_list(stage));
    }
    for (unsigned i = 0; i < settings->qemu_args.count; i++)
        add(qemu, settings->qemu_args.items[i]);
    return CODE_OK;
}

static bool needs_quotes(const char *word)
{
    return *word == '\0' || word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_./,:=+-")] != '\0';
}

void qemu_print(const struct qemu *qemu)
{
    for (unsigned i = 0; i < qemu->count; i++) {
        const char *word = qemu->words[i];

        if (i > 0)
            putchar(' ');
        if (!needs_quotes(word)) {
            fputs(word, stdout);
            continue;
        }
        putchar('\'');
        for (; *word != '\0'; word++) {
            if (*word == '\'')
                fputs("'\\''", stdout);
            else
                putchar(*word);
        }
        putchar('\'');
    }
    putchar('\n');
}
