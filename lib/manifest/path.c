/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/path.h>

#include <stddef.h>
#include <string.h>

static bool in_segment(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool path_is_valid(const char *path)
{
    size_t n = 0;

    for (; path[n]; n++) {
        if (n + 1 == PATH_SIZE)
            return false;
        if (path[n] == '/' ? !in_segment(path[n + 1]) : n == 0 || !in_segment(path[n]))
            return false;
    }
    return n != 0;
}

/* Whether the pattern of this length is the path, or a subtree around it. */
static bool matches(const char *pattern, size_t length, const char *path)
{
    size_t stem = length - 1;

    if (length >= 2 && pattern[stem] == '*' && pattern[stem - 1] == '/')
        return strncmp(pattern, path, stem) == 0;
    return strncmp(pattern, path, length) == 0 && !path[length];
}

bool path_in_list(const char *list, const char *path)
{
    size_t length;

    for (; list && *list; list += length) {
        list += strspn(list, " ");
        length = strcspn(list, " ");
        if (length && matches(list, length, path))
            return true;
    }
    return false;
}

bool path_list_within(const char *list, const char *other)
{
    char entry[PATH_SIZE + 2];
    size_t length;

    for (; list && *list; list += length) {
        list += strspn(list, " ");
        length = strcspn(list, " ");
        if (length >= sizeof(entry))
            return false;
        memcpy(entry, list, length);
        entry[length] = '\0';
        if (length && !path_in_list(other, entry))
            return false;
    }
    return true;
}
