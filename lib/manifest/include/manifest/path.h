/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of services: paths such as /net/lan, and lists of them as the description has them. */
#ifndef MANIFEST_PATH_H
#define MANIFEST_PATH_H

#include <stdbool.h>

#define PATH_SIZE 64 /* with its NUL */

/* One or more segments of a slash and small letters, digits or hyphens; nothing else. */
bool path_is_valid(const char *path);

/* Whether the list, paths separated by blanks, holds the path: itself, or the subtree in
 * which it is, as in "/net/" and "*".  NULL is the empty list. */
bool path_in_list(const char *list, const char *path);

/* Whether all that one list holds is held by another. */
bool path_list_within(const char *list, const char *other);

#endif
