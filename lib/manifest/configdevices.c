/* SPDX-License-Identifier: BSD-2-Clause */
/* The devices of a compiled description: each has one owner. */
#include <manifest/config.h>
#include <manifest/spans.h>

static const char *fault(enum span_kind kind, const char *list, const struct system_config *config)
{
    static const uint64_t last[] = {SPANS_INTERRUPT_LAST, SPANS_PORT_LAST, SPANS_MEMORY_LAST};
    const char *rest = list;
    struct span span;

    while (spans_next(&rest, &span)) {
        if (span.last > last[kind])
            return "has something that no machine has";
        if (span_reserved(kind, &span))
            return "has something that is the system's";
    }
    if (rest && *rest)
        return "is no list of ranges";
    for (unsigned i = 0; i < config->count; i++) {
        if (spans_overlap(config->domain[i].devices[kind], list, &span))
            return "has something that is another's, too";
    }
    return NULL;
}

const char *config_devices(const struct system_config *config, const struct domain_config *c,
                           const char **property)
{
    static const char *const names[] = {"interrupts", "ports", "device-memory"};
    const char *what = NULL;

    for (unsigned kind = SPAN_INTERRUPTS; kind <= SPAN_MEMORY && !what; kind++) {
        *property = names[kind];
        what = fault((enum span_kind)kind, c->devices[kind], config);
    }
    return what;
}
