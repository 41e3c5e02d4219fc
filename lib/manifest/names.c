/* SPDX-License-Identifier: BSD-2-Clause */
/* What VMs, programs and services may be called. */
#include "decode.h"

#include <ctype.h>
#include <string.h>

#define SMALL "abcdefghijklmnopqrstuvwxyz0123456789-"

bool check_name(struct system *system, const char *name, struct mark at)
{
    struct report *report = &system->report;
    size_t len = strspn(name, SMALL);

    if (!islower((unsigned char)name[0]) || name[len] != '\0') {
        report_error(report, at, "\"%s\" cannot be a name", name);
        report_remedy(report, "use small letters, digits and hyphens, a letter first");
        return false;
    }
    if (strcmp(name, SYSTEM_SHELL) == 0) {
        report_error(report, at, "\"%s\" is the name of the operator's shell", name);
        report_remedy(report, "choose another name");
        return false;
    }
    if (len > NAME_MAX_LENGTH) {
        report_error(report, at, "the name \"%s\" is %zu characters long", name, len);
        report_remedy(report, "use at most %d characters", NAME_MAX_LENGTH);
        return false;
    }
    return true;
}

/* What is left of a path behind the segments that are as they shall be. */
static const char *behind_segments(const char *path)
{
    while (*path == '/' && strspn(path + 1, SMALL) > 0)
        path += 1 + strspn(path + 1, SMALL);
    return path;
}

bool check_service(struct system *system, const char *path, struct mark at, bool subtree)
{
    struct report *report = &system->report;
    const char *rest = behind_segments(path);
    size_t len = strlen(path);

    if (rest != path && strcmp(rest, "/*") == 0 && !subtree) {
        report_error(report, at, "\"%s\" is more than one service", path);
        report_remedy(report, "name the one to wait for, or who publishes it");
        return false;
    }
    if (rest == path || (*rest != '\0' && strcmp(rest, "/*") != 0)) {
        report_error(report, at, "\"%s\" cannot be the path of a service", path);
        if (*path != '/' && *behind_segments(arena_format(&system->arena, "/%s", path)) == '\0')
            report_remedy(report, "did you mean \"/%s\"?", path);
        else if (strchr(path, '*') != NULL)
            report_remedy(report, "an asterisk stands for all below a path, as in /net/*");
        else
            report_remedy(report, "use small letters, digits and hyphens behind each slash, as in "
                                  "/net/lan");
        return false;
    }
    if (len > SERVICE_MAX_LENGTH) {
        report_error(report, at, "the path \"%s\" is %zu characters long", path, len);
        report_remedy(report, "use at most %d characters", SERVICE_MAX_LENGTH);
        return false;
    }
    return true;
}
