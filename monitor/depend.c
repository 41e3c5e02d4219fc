/* SPDX-License-Identifier: BSD-2-Clause */
#include "depend.h"

#include <string.h>

#include <books/directory.h>
#include <rt/text.h>

static bool is_there(const char *what)
{
    const struct domain *d;

    if (*what == '/')
        return directory_find(what) != NULL;
    d = domain_named(what);
    return d && d->ready;
}

bool depend_satisfied(const struct domain *d, char *text)
{
    const char *list = d->config.after;
    size_t length;

    for (; list && *list; list += length) {
        list += strspn(list, " ");
        length = strcspn(list, " ");
        text_copy(text, DEPEND_TEXT, list, length);
        if (length && !is_there(text))
            return false;
    }
    return true;
}
