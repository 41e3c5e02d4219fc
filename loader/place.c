/* SPDX-License-Identifier: BSD-2-Clause */
#include "place.h"

#include <string.h>

#define FOUR_GIB  (UINT64_C(1) << 32)
#define IA32_USER UINT64_C(0xbf000000) /* X.2 has KIP and UTCBs of the first servers above */

uint64_t place_end(const struct boot *boot)
{
    return boot->module[MODULE_KERNEL].image.bits == 32 ? IA32_USER : FOUR_GIB;
}

bool place_init(struct layout *l, const struct boot *boot, uint64_t max_memory,
                struct region loader)
{
    uint64_t limit = max_memory ? max_memory : UINT64_MAX;
    bool ok = layout_use(l, loader.low, loader.high);

    for (unsigned i = 0; i < boot->map_count && ok; i++) {
        const struct map_entry *e = &boot->map[i];
        uint64_t high = e->high < limit ? e->high : limit;
        if (e->type == MAP_RAM)
            ok = layout_add_ram(l, align_up(e->low, PAGE_SIZE), align_down(high, PAGE_SIZE));
        else if (e->low < FOUR_GIB) /* an overlap with RAM makes it a hole */
            ok = layout_use(l, align_down(e->low, PAGE_SIZE), align_up(e->high, PAGE_SIZE));
    }
    return ok;
}

static struct region pages_of(uint64_t low, uint64_t size)
{
    return (struct region){align_down(low, PAGE_SIZE), align_up(low + size, PAGE_SIZE)};
}

static struct region segment_pages(const struct elf_segment *s)
{
    return pages_of(s->phys, s->size);
}

static bool overlap(struct region a, struct region b)
{
    return a.low < b.high && b.low < a.high;
}

/* Takes an image's segments; two segments of one image may share a page. */
static bool claim_image(struct layout *l, const struct elf_image *image, struct place_error *error)
{
    struct layout before = *l;

    for (unsigned i = 0; i < image->count; i++) {
        struct region want = segment_pages(&image->segment[i]);
        const struct region *conflict = layout_conflict(&before, want.low, want.high);

        error->want = want;
        if (conflict) {
            error->in_the_way = *conflict;
            error->text = "overlaps with";
            return false;
        }
        if (!layout_is_ram(l, want.low, want.high)) {
            error->text = "is not in RAM";
            return false;
        }
        if (!layout_use(l, want.low, want.high)) {
            error->text = "is one region too many for the loader's tables";
            return false;
        }
    }
    return true;
}

static bool in_the_way(const struct boot *boot, const struct module *m)
{
    for (unsigned i = 0; i < boot->module_count; i++) {
        const struct elf_image *image = &boot->module[i].image;
        for (unsigned k = 0; boot->module[i].loaded && k < image->count; k++)
            if (overlap(pages_of(m->start, m->size), segment_pages(&image->segment[k])))
                return true;
    }
    return false;
}

/* A file that shall stay a module must begin a page: programs map it. */
static bool must_move(const struct boot *boot, const struct module *m)
{
    return m->size > 0 && (in_the_way(boot, m) || (!m->loaded && m->start % PAGE_SIZE != 0));
}

/* all: the images, and every file where it is now. */
static bool move_file(struct layout *all, struct module *m, uint64_t end, struct place_error *error)
{
    uint64_t to;

    if (!layout_find(all, align_up(m->size, PAGE_SIZE), PAGE_SIZE, end, &to)) {
        error->want = pages_of(m->start, m->size);
        error->text = "has to move, but there is no room for it";
        return false;
    }
    memcpy(phys(to), phys(m->start), (size_t)m->size);
    m->start = to;
    return layout_use(all, to, align_up(to + m->size, PAGE_SIZE));
}

static bool move_files(const struct layout *l, struct boot *boot, struct place_error *error)
{
    struct layout all = *l;

    for (unsigned i = 0; i < boot->module_count; i++) {
        struct region file = pages_of(boot->module[i].start, boot->module[i].size);
        layout_use(&all, file.low, file.high);
    }
    for (unsigned i = 0; i < boot->module_count; i++) {
        error->module = i;
        if (must_move(boot, &boot->module[i]) &&
            !move_file(&all, &boot->module[i], place_end(boot), error))
            return false;
    }
    return true;
}

bool place_images(struct layout *l, struct boot *boot, struct place_error *error)
{
    for (unsigned i = 0; i < boot->module_count; i++) {
        error->module = i;
        if (boot->module[i].loaded && !claim_image(l, &boot->module[i].image, error))
            return false;
    }
    /* An image may be linked to the first megabyte, but nothing else shall go there. */
    if (!layout_use(l, 0, MiB) || !move_files(l, boot, error))
        return false;
    for (unsigned i = 0; i < boot->module_count; i++) {
        const struct module *m = &boot->module[i];
        struct region file = pages_of(m->start, m->size);
        if (m->loaded)
            elf_load(phys(m->start), &m->image);
        else
            layout_use(l, file.low, file.high);
    }
    return true;
}
