/* SPDX-License-Identifier: BSD-2-Clause */
#include "kip.h"

#include <string.h>
#include "memory.h"

#define KIP_MAGIC   0x4be6344cu
#define KIP_SIZE    4096u
#define API_VERSION 1
#define VERSION_X2  0x84

static unsigned word_bytes(const struct kip *kip)
{
    return kip->bits / 8;
}

uint64_t kip_read(const struct kip *kip, unsigned word)
{
    uint64_t value = 0;

    memcpy(&value, kip->base + word * word_bytes(kip), word_bytes(kip));
    return value;
}

void kip_write(struct kip *kip, unsigned word, uint64_t value)
{
    memcpy(kip->base + word * word_bytes(kip), &value, word_bytes(kip));
}

/* The magic may stand in the code of any kernel: believe only a whole KIP. */
static bool is_kip(struct kip *kip, uint64_t at, uint64_t end)
{
    uint32_t word[2];
    uint64_t info;

    kip->base = phys(at);
    memcpy(word, kip->base, sizeof(word));
    if (word[0] != KIP_MAGIC)
        return false;
    kip->bits = word[1] == 0 ? 64 : 32;
    if (kip_read(kip, API_VERSION) >> 24 != VERSION_X2)
        return false;
    info = kip_read(kip, KIP_MEMORY_INFO);
    kip->capacity = (unsigned)(info & ((UINT64_C(1) << kip->bits / 2) - 1));
    kip->descriptors = (uint32_t)(info >> kip->bits / 2);
    kip->count = 0;
    return kip_read(kip, KIP_KERN_DESC) < KIP_SIZE &&
           kip->descriptors + (uint64_t)kip->capacity * 2 * word_bytes(kip) <= end - at;
}

static bool scan(struct kip *kip, const struct elf_segment *s, uint64_t step)
{
    uint64_t end = s->phys + s->size;

    for (uint64_t at = align_up(s->phys, step); at + KIP_SIZE / 4 <= end; at += step)
        if (is_kip(kip, at, end))
            return true;
    return false;
}

bool kip_find(struct kip *kip, const struct elf_image *kernel)
{
    /* Kernels map the page as it is, so it most likely begins one. */
    static const uint64_t steps[] = {PAGE_SIZE, 4};

    for (unsigned n = 0; n < 2; n++)
        for (unsigned i = 0; i < kernel->count; i++)
            if (scan(kip, &kernel->segment[i], steps[n]))
                return true;
    return false;
}

uint64_t kip_kernel_id(const struct kip *kip)
{
    return kip_read(kip, (unsigned)kip_read(kip, KIP_KERN_DESC) / word_bytes(kip));
}

void kip_set_server(struct kip *kip, unsigned server, const struct elf_image *image)
{
    kip_write(kip, server + SERVER_IP, image->entry);
    kip_write(kip, server + SERVER_LOW, image->low);
    kip_write(kip, server + SERVER_HIGH, image->high);
}

bool kip_add_memory(struct kip *kip, unsigned type, uint64_t low, uint64_t high)
{
    uint64_t last = kip->bits == 32 ? UINT32_MAX : UINT64_MAX;
    unsigned word = kip->descriptors / word_bytes(kip) + 2 * kip->count;
    uint64_t info;

    if (low >= high || low > last)
        return true;
    if (kip->count == kip->capacity)
        return false;
    if (high - 1 < last)
        last = high - 1;
    kip_write(kip, word, align_down(low, 1024) | type);
    kip_write(kip, word + 1, align_down(last, 1024));
    kip->count++;
    info = (uint64_t)kip->descriptors << kip->bits / 2 | kip->count;
    kip_write(kip, KIP_MEMORY_INFO, info);
    return true;
}
