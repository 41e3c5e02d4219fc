/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/service.h>

#include <stddef.h>
#include <string.h>

bool service_is_subtree(const char *path)
{
    size_t len = strlen(path);

    return len >= 2 && strcmp(path + len - 2, "/*") == 0;
}

/* Does the first path allow all that the second does? */
static bool covers(const char *wide, const char *narrow)
{
    size_t len = strlen(wide);

    return strcmp(wide, narrow) == 0 ||
           (service_is_subtree(wide) && strncmp(wide, narrow, len - 1) == 0);
}

const char *service_overlap(const char *a, const char *b)
{
    if (covers(a, b))
        return b;
    return covers(b, a) ? a : NULL;
}
