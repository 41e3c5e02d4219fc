/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deciding where everything goes, and moving it there.  Returns NULL, or what
 * is wrong as a text with the details in *detail.
 */
#ifndef LOADER_PLACE_H
#define LOADER_PLACE_H

#include <stdint.h>
#include "boot.h"
#include "memory.h"

struct place_error {
    const char *text;   /* NULL: no error                     */
    unsigned module;    /* whose image it concerns            */
    struct region want; /* where it should go                 */
    struct region in_the_way;
};

/* RAM and what is taken from the start: holes, and the loader itself. */
bool place_init(struct layout *l, const struct boot *boot, uint64_t max_memory,
                struct region loader);

/* Programs see modules and boot information one to one: where the addresses end at which they can. */
uint64_t place_end(const struct boot *boot);

/*
 * Loads the images of all modules that are marked as loaded, after moving out
 * of their way the files of the others.  Afterwards l counts the images and the
 * modules that remain as used.
 */
bool place_images(struct layout *l, struct boot *boot, struct place_error *error);

#endif
