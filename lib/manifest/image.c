/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/image.h>

#include <string.h>

/* What else a file may be, by its first bytes: so that the message can say it. */
static const struct {
    const char *magic;
    size_t len;
    bool archive; /* Linux unpacks an initrd that is compressed so */
    const char *name;
} known[] = {
    {"\x1f\x8b", 2, true, "a gzip file"},
    {"\xfd"
     "7zXZ",
     5, true, "an xz file"},
    {"\x28\xb5\x2f\xfd", 4, true, "a zstd file"},
    {"\x02\x21\x4c\x18", 4, true, "an lz4 file"},
    {"BZh", 3, true, "a bzip2 file"},
    {"\x5d\x00\x00", 3, true, "an lzma file"},
    {"\x89LZO", 4, true, "an lzop file"},
    {"!<arch>\n", 8, false, "a Debian package or static library"},
    {"QFI\xfb", 4, false, "a qcow2 disk image"},
    {"PK", 2, false, "a zip file"},
    {"#!", 2, false, "a script"},
    {"MZ", 2, false, "a PE file"},
};

static int find_known(const uint8_t *data, size_t size)
{
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (size >= known[i].len && memcmp(data, known[i].magic, known[i].len) == 0)
            return (int)i;
    }
    return -1;
}

static const char *what_is(const uint8_t *data, size_t size)
{
    int i = find_known(data, size);

    if (elf_is(data, size))
        return "an ELF file";
    if (bzimage_is(data, size))
        return "a bzImage kernel";
    if (cpio_is(data, size))
        return "a cpio archive, as an initrd is";
    return i >= 0 ? known[i].name : "data of an unknown kind";
}

static void judge_kernel(struct arena *arena, const uint8_t *data, size_t size,
                         struct image_verdict *verdict)
{
    if (elf_is(data, size)) {
        elf_judge(arena, data, size, true, verdict);
    } else if (bzimage_is(data, size)) {
        bzimage_judge(arena, data, size, verdict);
    } else {
        verdict->cause = arena_format(arena, "not a kernel, but %s", what_is(data, size));
        verdict->remedy =
            "give an ELF vmlinux with a PVH entry, or a bzImage (Debian's /boot/vmlinuz)";
        if (cpio_is(data, size))
            verdict->remedy = "have \"kernel\" and \"initrd\" been swapped?";
    }
}

static void judge_initrd(struct arena *arena, const uint8_t *data, size_t size,
                         struct image_verdict *verdict)
{
    int i = find_known(data, size);

    if (cpio_is(data, size)) {
        cpio_judge(arena, data, size, verdict);
    } else if (i < 0 || !known[i].archive) {
        verdict->cause = arena_format(arena, "not an initrd, but %s", what_is(data, size));
        verdict->remedy = "give a cpio archive (newc), which may be compressed";
        if (elf_is(data, size) || bzimage_is(data, size))
            verdict->remedy = "have \"kernel\" and \"initrd\" been swapped?";
    }
}

static void judge_program(struct arena *arena, const uint8_t *data, size_t size,
                          struct image_verdict *verdict)
{
    if (elf_is(data, size)) {
        elf_judge(arena, data, size, false, verdict);
    } else {
        verdict->cause = arena_format(arena, "not a program, but %s", what_is(data, size));
        verdict->remedy = "give a static ELF64 program for Almond";
    }
}

void image_judge(struct arena *arena, enum image_use use, const uint8_t *data, size_t size,
                 struct image_verdict *verdict)
{
    *verdict = (struct image_verdict){NULL, NULL, 0, false};
    switch (use) {
    case IMAGE_KERNEL:
        judge_kernel(arena, data, size, verdict);
        break;
    case IMAGE_INITRD:
        judge_initrd(arena, data, size, verdict);
        break;
    case IMAGE_PROGRAM:
        judge_program(arena, data, size, verdict);
        break;
    case IMAGE_SYSTEM:
        break;
    }
}
