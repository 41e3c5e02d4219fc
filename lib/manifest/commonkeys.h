/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys that VMs and programs have alike, for the tables of schema.c: they fill
 * struct common. */
#ifndef MANIFEST_COMMONKEYS_H
#define MANIFEST_COMMONKEYS_H

#include <manifest/schema.h>
#include <manifest/system.h>

#define LIST_ENTRIES 32

#define LIST_KEY(type, key, kind_of_item, text)                                                    \
    {                                                                                              \
        .name = #key, .kind = VALUE_LIST, .item = (kind_of_item),                                  \
        .offset = offsetof(struct type, common.key), .max = LIST_ENTRIES, .individual = true,      \
        .fallback_note = "none", .help = (text)                                                    \
    }

#define AFTER_HELP                                                                                 \
    "VMs, programs and services that it waits for: it starts when those VMs and programs have "    \
    "started and those services are published."
#define PUBLISHES_HELP                                                                             \
    "Services that it may publish, as `/net/lan`, or all below a path, as `/net/*`. No two may "   \
    "publish the same."
#define USES_HELP "Services that it may find and call, written likewise."

#define COMMON_KEYS(type)                                                                          \
    LIST_KEY(type, after, VALUE_AWAITED, AFTER_HELP),                                              \
        LIST_KEY(type, publishes, VALUE_SERVICE, PUBLISHES_HELP),                                  \
        LIST_KEY(type, uses, VALUE_SERVICE, USES_HELP)

#endif
