/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks through all of its memory for what somebody else left there, then fills it with its own
 * mark, for the next one to find.  The mark is made of id=N, so that what is found names its
 * writer.  end= says how it goes: reboot, triple, poweroff, stay (spin), or beyond: look behind
 * the end of its memory too.
 */
#include "payload.h"

enum { PAGE = 4096, MAX_RANGES = 16, LOW = 1 << 20 };
#define MARK UINT64_C(0x4d415250414e0000) /* the low 16 bits are the writer's id */
#define KEY  UINT64_C(0x5555aaaa5555aaaa) /* keeps MARK itself out of this image */

static uint64_t found, other_data;
static uint64_t finder; /* the id of one writer found */

static void look(volatile uint64_t *page)
{
    uint64_t any = 0;

    for (unsigned i = 0; i < PAGE / sizeof *page; i++) {
        uint64_t word = page[i];
        any |= word;
        if (((word ^ KEY) & ~UINT64_C(0xffff)) == MARK) {
            found++;
            finder = word ^ KEY ^ MARK;
        }
    }
    other_data += any != 0;
}

static void fill(volatile uint64_t *page, uint64_t id)
{
    for (unsigned i = 0; i < PAGE / sizeof *page; i++)
        page[i] = (MARK | id) ^ KEY;
}

/* Calls ACTION for each page of memory that is not this program's or the VMM's tables'. */
static uint64_t each_page(void (*action)(volatile uint64_t *, uint64_t), uint64_t argument)
{
    struct range ranges[MAX_RANGES];
    unsigned n = ram_ranges(ranges, MAX_RANGES);
    uint64_t pages = 0;

    for (unsigned i = 0; i < n; i++)
        for (uint64_t a = ranges[i].start; a + PAGE <= ranges[i].end; a += PAGE) {
            if (a < LOW || (a >= (uintptr_t)image_start && a < (uintptr_t)image_end))
                continue;
            action((volatile uint64_t *)a, argument);
            pages++;
        }
    return pages;
}

static void look_action(volatile uint64_t *page, uint64_t unused)
{
    (void)unused;
    look(page);
}

void payload_main(void)
{
    uint64_t id = argument_number("id", 1) & 0xffff;
    const char *end = argument("end", "poweroff");
    char how = end[0];

    uint64_t pages = each_page(look_action, 0);
    print("scan: %lu pages, %lu with data, %lu words of others", pages, other_data, found);
    if (found)
        print(", by %lu", finder);
    print("\n");
    print(found ? "scan: DIRTY\n" : "scan: clean\n");
    each_page(fill, id);
    print("scan: filled\n");
    if (how == 'b') {
        print("scan: behind the end\n");
        for (uint64_t a = ram_top(); a < ram_top() + (UINT64_C(64) << 20); a += PAGE)
            look((volatile uint64_t *)a);
        print("scan: behind the end, %lu words of others\n", found);
    }
    if (how == 's')
        for (;;)
            __asm__ volatile("pause");
    if (how == 't')
        triple_fault();
    if (how == 'r')
        reboot();
}
