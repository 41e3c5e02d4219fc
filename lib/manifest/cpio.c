/* SPDX-License-Identifier: BSD-2-Clause */
/* cpio archives in the "newc" form that Linux unpacks as its first root. */
#include <manifest/image.h>

#include <string.h>

#define HEADER_SIZE 110u /* the magic and 13 fields of 8 hexadecimal digits */
#define FILE_SIZE   54u
#define NAME_SIZE   94u

bool cpio_is(const uint8_t *data, size_t size)
{
    return size >= 6 && (memcmp(data, "070701", 6) == 0 || memcmp(data, "070702", 6) == 0);
}

static bool hex_field(const uint8_t *p, uint64_t *out)
{
    static const char digits[] = "0123456789abcdef";

    *out = 0;
    for (unsigned i = 0; i < 8; i++) {
        const char *digit = p[i] != '\0' ? strchr(digits, p[i] | 0x20) : NULL;

        if (digit == NULL)
            return false;
        *out = *out << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

/* Go from entry to entry up to the trailer. */
void cpio_judge(struct arena *arena, const uint8_t *data, size_t size,
                struct image_verdict *verdict)
{
    uint64_t at = 0, file, name;

    while (at + HEADER_SIZE <= size && cpio_is(data + at, size - at) &&
           hex_field(data + at + FILE_SIZE, &file) && hex_field(data + at + NAME_SIZE, &name)) {
        const char *text = (const char *)data + at + HEADER_SIZE;

        if (name == sizeof "TRAILER!!!" && at + HEADER_SIZE + name <= size &&
            memcmp(text, "TRAILER!!!", name) == 0)
            return;
        at = (at + HEADER_SIZE + name + 3) / 4 * 4;
        at = (at + file + 3) / 4 * 4;
    }
    verdict->cause = at >= size || size - at < HEADER_SIZE
                         ? arena_format(arena, "a truncated cpio archive: it has no end mark")
                         : arena_format(arena, "a cpio archive damaged at byte %ju", (uintmax_t)at);
    verdict->remedy = "build or copy it again";
}
