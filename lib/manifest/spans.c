/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/spans.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool spans_next(const char **list, struct span *span)
{
    const char *text = *list;
    char *end;

    if (!text)
        return false;
    text += strspn(text, " ");
    span->first = strtoull(text, &end, 16);
    if (end == text || *end != '-')
        return false;
    text = end + 1;
    span->last = strtoull(text, &end, 16);
    if (end == text || span->first > span->last)
        return false;
    span->place = *end == '@' ? strtoull(end + 1, &end, 16) : 0;
    if (span->place > UINT64_MAX - (span->last - span->first))
        return false;
    *list = end;
    return true;
}

bool spans_hold(const char *list, uint64_t first, uint64_t last)
{
    struct span s;

    while (spans_next(&list, &s)) {
        if (s.first <= first && first <= last && last <= s.last)
            return true;
    }
    return false;
}

uint64_t spans_place(const char *list, uint64_t address)
{
    struct span s;

    while (spans_next(&list, &s)) {
        if (s.first <= address && address <= s.last)
            return s.place + (address - s.first);
    }
    return 0;
}

bool spans_overlap(const char *a, const char *b, struct span *common)
{
    while (spans_next(&a, common)) {
        struct span other;

        for (const char *rest = b; spans_next(&rest, &other);) {
            if (common->first <= other.last && other.first <= common->last)
                return true;
        }
    }
    return false;
}

const char *span_reserved(enum span_kind kind, const struct span *span)
{
    static const struct {
        enum span_kind kind;
        struct span span;
        const char *what;
    } reserved[] = {
        {SPAN_INTERRUPTS, {3, 3, 0}, "the second serial port, the monitor's control line"},
        {SPAN_INTERRUPTS, {4, 4, 0}, "the first serial port, the console"},
        {SPAN_PORTS, {0x20, 0x21, 0}, "an interrupt controller"},
        {SPAN_PORTS, {0x40, 0x43, 0}, "a timer"},
        {SPAN_PORTS, {0x61, 0x61, 0}, "a timer"},
        {SPAN_PORTS, {0x70, 0x71, 0}, "the clock chip"},
        {SPAN_PORTS, {0xa0, 0xa1, 0}, "an interrupt controller"},
        {SPAN_PORTS, {0x2f8, 0x2ff, 0}, "the second serial port, the monitor's control line"},
        {SPAN_PORTS, {0x3f8, 0x3ff, 0}, "the first serial port, the console"},
        {SPAN_MEMORY, {0xfec00000, 0xfecfffff, 0}, "an interrupt controller"},
        {SPAN_MEMORY, {0xfee00000, 0xfeefffff, 0}, "the processors' interrupt controllers"},
    };

    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (reserved[i].kind == kind && reserved[i].span.first <= span->last &&
            span->first <= reserved[i].span.last)
            return reserved[i].what;
    }
    return NULL;
}
