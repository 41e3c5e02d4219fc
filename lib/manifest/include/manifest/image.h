/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files that a system boots: kernels, initrds and native programs.  They are
 * looked at before anything boots, so that a wrong or truncated file is an error
 * message and not a silent VM.
 */
#ifndef MANIFEST_IMAGE_H
#define MANIFEST_IMAGE_H

#include <manifest/arena.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct system;

/* The last is no file: it is made of a description inside of another one. */
enum image_use { IMAGE_KERNEL, IMAGE_INITRD, IMAGE_PROGRAM, IMAGE_SYSTEM };

struct image {
    struct image *next;
    const char *path;   /* of the file; NULL: there is none                   */
    const char *module; /* its name in the running system, unique             */
    enum image_use use;
    uint64_t size;               /* bytes of the file                                  */
    uint64_t end;                /* kernel: the guest memory it needs from address 0 up */
    bool linux_kernel;           /* takes Linux's command line                         */
    const struct system *system; /* what it is made of */
};

/* What an image is, or why it cannot be used. */
struct image_verdict {
    const char *cause; /* NULL: it can */
    const char *remedy;
    uint64_t end;
    bool linux_kernel;
};

/* Judge the bytes of a file by what they shall be used as. */
void image_judge(struct arena *arena, enum image_use use, const uint8_t *data, size_t size,
                 struct image_verdict *verdict);

/* The parts of that judgement, one file format each. */
void elf_judge(struct arena *arena, const uint8_t *data, size_t size, bool kernel,
               struct image_verdict *verdict);
void bzimage_judge(struct arena *arena, const uint8_t *data, size_t size,
                   struct image_verdict *verdict);
void cpio_judge(struct arena *arena, const uint8_t *data, size_t size,
                struct image_verdict *verdict);

/* An ELF file of either width whose segments all lie within it? */
bool elf_is_whole(const uint8_t *data, size_t size);

bool elf_is(const uint8_t *data, size_t size);
bool bzimage_is(const uint8_t *data, size_t size);
bool cpio_is(const uint8_t *data, size_t size);

#endif
