/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptions that others name, for the monitors inside of this one. */
#include <manifest/units.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

/* False, with the fault reported, if the file is one of those that it would be inside of. */
static bool check_no_circle(struct system *system, struct mark at, const char *path)
{
    const char *chain = path;

    for (const struct system *s = system; s != NULL; s = s->outer) {
        chain = arena_format(&system->arena, "%s -> %s", s->report.path, chain);
        if (!is_same_file(s->report.path, path))
            continue;
        report_error(&system->report, at, "%s would be inside of itself: %s", path, chain);
        report_remedy(&system->report, "name another description, or remove this monitor");
        return false;
    }
    return true;
}

static bool check_level(struct system *system, struct mark at, const char *path)
{
    unsigned level = 1;

    for (const struct system *s = system; s != NULL; s = s->outer)
        level++;
    if (level <= SYSTEM_LEVELS)
        return true;
    report_error(&system->report, at, "%s would be at level %u", path, level);
    report_note(&system->report, "the outermost description, %s, is level 1",
                system_outermost(system)->report.path);
    report_remedy(&system->report, "use at most %d levels", SYSTEM_LEVELS);
    return false;
}

static bool check_is_file(struct system *system, struct mark at, const char *path)
{
    struct stat st;

    if (access(path, R_OK) == 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode))
        return true;
    report_error(&system->report, at, "%s: there is no file that can be read", path);
    report_remedy(&system->report, "check the path%s",
                  path[0] == '/' ? "" : "; it starts at the description's folder");
    return false;
}

/* "outer-inner": where in the tree of monitors it is. */
static const char *full_name(struct arena *arena, const struct monitor *monitor,
                             const struct system *system)
{
    const char *name = monitor->name;

    for (; system->entry != NULL; system = system->outer)
        name = arena_format(arena, "%s-%s", system->entry->name, name);
    return name;
}

static void load(struct system *system, struct monitor *monitor,
                 const struct system_options *options)
{
    struct arena *arena = &system->arena;
    struct mark at = monitor->system.at;
    const char *path = path_of_value(system, monitor->system.text);

    if (!check_is_file(system, at, path) || !check_no_circle(system, at, path) ||
        !check_level(system, at, path))
        return;
    monitor->inner = arena_alloc(arena, sizeof *monitor->inner);
    monitor->module = add_compiled_image(system, full_name(arena, monitor, system), monitor->inner);
    system_load_inner(monitor->inner, system, monitor, path, options);
}

void load_inner_systems(struct system *system, const struct system_options *options)
{
    unsigned count = 0;

    for (struct monitor *m = system->monitors; m != NULL && count < SYSTEM_MONITORS; m = m->next) {
        count++;
        if (m->system.text != NULL)
            load(system, m, options);
    }
}
