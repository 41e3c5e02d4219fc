/* SPDX-License-Identifier: BSD-2-Clause */
/* bzImage files, by the Linux/x86 boot protocol (Documentation/arch/x86/boot.rst). */
#include <manifest/image.h>

#include <string.h>

enum {
    SETUP_SECTS = 0x1f1,  /* u8: real-mode sectors behind the first, 0 means 4 */
    SYSSIZE = 0x1f4,      /* u32: protected-mode code in 16-byte units         */
    BOOT_FLAG = 0x1fe,    /* u16: 0xaa55                                       */
    HEADER = 0x202,       /* "HdrS"                                            */
    PROTOCOL = 0x206,     /* u16                                               */
    LOADFLAGS = 0x211,    /* u8: bit 0, loaded at 1 MiB                        */
    PREF_ADDRESS = 0x258, /* u64, from version 2.10                           */
    INIT_SIZE = 0x260,    /* u32, from version 2.10: memory until it unpacked  */
    HEADER_END = 0x264
};

#define SECTOR        512u
#define PROTOCOL_2_10 0x020a
#define LOADED_HIGH   1

static uint32_t le(const uint8_t *p, unsigned bytes)
{
    uint32_t n = 0;

    while (bytes-- > 0)
        n = n << 8 | p[bytes];
    return n;
}

bool bzimage_is(const uint8_t *data, size_t size)
{
    return size >= PROTOCOL && le(data + BOOT_FLAG, 2) == 0xaa55 &&
           memcmp(data + HEADER, "HdrS", 4) == 0;
}

void bzimage_judge(struct arena *arena, const uint8_t *data, size_t size,
                   struct image_verdict *verdict)
{
    uint64_t needed;

    if (size < HEADER_END) {
        verdict->cause = "a bzImage that ends within its header";
        verdict->remedy = "copy or fetch it again";
        return;
    }
    needed = ((data[SETUP_SECTS] != 0 ? data[SETUP_SECTS] : 4u) + 1) * SECTOR +
             (uint64_t)le(data + SYSSIZE, 4) * 16;
    if (needed > size) {
        verdict->cause =
            arena_format(arena, "a truncated bzImage: it has %ju bytes, its header says %ju",
                         (uintmax_t)size, (uintmax_t)needed);
        verdict->remedy = "copy or fetch it again";
    } else if (le(data + PROTOCOL, 2) < PROTOCOL_2_10 || !(data[LOADFLAGS] & LOADED_HIGH)) {
        verdict->cause = "a bzImage of before Linux 2.6.31";
        verdict->remedy = "give a newer kernel";
    } else {
        verdict->end = le(data + PREF_ADDRESS, 4) + (uint64_t)le(data + INIT_SIZE, 4);
        verdict->linux_kernel = true;
    }
}
