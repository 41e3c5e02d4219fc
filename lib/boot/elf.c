/* SPDX-License-Identifier: BSD-2-Clause */
#include <boot/elf.h>

#include <string.h>

#include <boot/elffile.h>

/* The class of programs that run here. */
#define CLASS_NATIVE (sizeof(long) == 8 ? ELF_CLASS64 : ELF_CLASS32)

/* The header of a file that is long enough for one of 64 bits: both classes in that form. */
static struct elf64_header header(const void *data)
{
    struct elf64_header h;
    struct elf32_header n;

    memcpy(&h, data, sizeof(h));
    if (h.ident[4] != ELF_CLASS32)
        return h;
    memcpy(&n, data, sizeof(n));
    h.entry = n.entry;
    h.phoff = n.phoff;
    h.phentsize = n.phentsize;
    h.phnum = n.phnum;
    return h;
}

static size_t phdr_size(const struct elf64_header *h)
{
    return h->ident[4] == ELF_CLASS32 ? sizeof(struct elf32_phdr) : sizeof(struct elf64_phdr);
}

/* The header and a whole program header table are inside the file. */
static const char *check_header(const struct elf64_header *h, size_t size, unsigned class)
{
    if (memcmp(h->ident, ELF_MAGIC, 4) != 0)
        return "it is not an ELF file";
    if (h->ident[4] != class || h->ident[5] != ELF_LITTLE ||
        h->machine != (class == ELF_CLASS64 ? ELF_MACHINE_X64 : ELF_MACHINE_386))
        return class == ELF_CLASS64 ? "it is not an ELF file for AMD64"
                                    : "it is not an ELF file for IA32";
    if (h->phentsize != phdr_size(h) || h->phnum == 0)
        return "its ELF header has no usable program headers";
    if (h->phoff > size || h->phnum > (size - h->phoff) / phdr_size(h))
        return "it is cut short: its program headers lie behind its end";
    return NULL;
}

static struct elf64_phdr phdr(const uint8_t *data, const struct elf64_header *h, unsigned i)
{
    const uint8_t *at = data + h->phoff + i * phdr_size(h);
    struct elf64_phdr p;
    struct elf32_phdr n;

    if (h->ident[4] == ELF_CLASS64) {
        memcpy(&p, at, sizeof(p));
        return p;
    }
    memcpy(&n, at, sizeof(n));
    return (struct elf64_phdr){n.type,  n.flags,  n.offset, n.vaddr,
                               n.paddr, n.filesz, n.memsz,  n.align};
}

static const char *check_segment(const struct elf64_phdr *p, size_t size)
{
    if (p->offset > size || p->filesz > size - p->offset)
        return "it is cut short: a segment lies behind its end";
    if (p->filesz > p->memsz)
        return "a segment is longer in the file than in memory";
    return NULL;
}

static const char *add_segment(struct elf_image *image, const struct elf64_phdr *p, uint64_t low,
                               uint64_t high)
{
    struct elf_segment *s = &image->segment[image->count];

    if (p->vaddr < low || p->vaddr >= high || p->memsz > high - p->vaddr)
        return "a segment lies outside the addresses for programs";
    if (image->count == ELF_SEGMENTS)
        return "it has too many segments";
    *s = (struct elf_segment){p->vaddr, p->memsz, p->offset, p->filesz,
                              (p->flags & 4 ? ELF_R : 0) | (p->flags & 2 ? ELF_W | ELF_R : 0) |
                                  (p->flags & 1 ? ELF_X | ELF_R : 0)};
    image->count++;
    return NULL;
}

const char *elf_open(struct elf_image *image, const void *data, size_t size, uint64_t low,
                     uint64_t high)
{
    struct elf64_header h;
    const char *fault;

    memset(image, 0, sizeof(*image));
    if (size < sizeof(h))
        return "it is too short for an ELF file";
    h = header(data);
    fault = check_header(&h, size, CLASS_NATIVE);
    if (!fault && h.type != ELF_TYPE_EXEC)
        fault = "it is not linked for a fixed address";
    for (unsigned i = 0; !fault && i < h.phnum; i++) {
        struct elf64_phdr p = phdr(data, &h, i);

        if (p.type != ELF_LOAD || p.memsz == 0)
            continue;
        fault = check_segment(&p, size);
        if (!fault)
            fault = add_segment(image, &p, low, high);
    }
    if (!fault && !image->count)
        fault = "it has nothing to load";
    image->data = data;
    image->size = size;
    image->entry = h.entry;
    if (!fault && !(elf_rights(image, h.entry & ~(ELF_PAGE - 1)) & ELF_X))
        fault = "its entry point is not in executable memory";
    return fault;
}

/* Whether the segment reaches into [vaddr, vaddr + ELF_PAGE). */
static bool touches(const struct elf_segment *s, uint64_t vaddr)
{
    return s->vaddr < vaddr + ELF_PAGE && vaddr < s->vaddr + s->memsz;
}

unsigned elf_rights(const struct elf_image *image, uint64_t vaddr)
{
    unsigned rights = 0;

    for (unsigned i = 0; i < image->count; i++) {
        if (touches(&image->segment[i], vaddr))
            rights |= image->segment[i].rights;
    }
    return rights;
}

const uint8_t *elf_direct(const struct elf_image *image, uint64_t vaddr)
{
    const struct elf_segment *only = NULL;
    uint64_t at;

    for (unsigned i = 0; i < image->count; i++) {
        const struct elf_segment *s = &image->segment[i];

        if (!touches(s, vaddr))
            continue;
        if (only || s->rights & ELF_W)
            return NULL;
        only = s;
    }
    if (!only || only->offset % ELF_PAGE != only->vaddr % ELF_PAGE)
        return NULL;
    /* The file's part must reach to the end of the page, or to that of the segment. */
    if (only->filesz < only->memsz && only->vaddr + only->filesz < vaddr + ELF_PAGE)
        return NULL;
    if (vaddr < only->vaddr && only->offset < only->vaddr - vaddr)
        return NULL;
    at = only->offset + (vaddr - only->vaddr);
    return at % ELF_PAGE == 0 && at < image->size ? image->data + at : NULL;
}

void elf_fill(const struct elf_image *image, uint64_t vaddr, uint8_t *page)
{
    for (unsigned i = 0; i < image->count; i++) {
        const struct elf_segment *s = &image->segment[i];
        uint64_t from = s->vaddr > vaddr ? s->vaddr : vaddr;
        uint64_t to = s->vaddr + s->filesz;

        if (to > vaddr + ELF_PAGE)
            to = vaddr + ELF_PAGE;
        if (from < to)
            memcpy(page + (from - vaddr), image->data + s->offset + (from - s->vaddr), to - from);
    }
}

uint64_t elf_private_bytes(const struct elf_image *image)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < image->count; i++) {
        const struct elf_segment *s = &image->segment[i];
        uint64_t first = s->vaddr & ~(ELF_PAGE - 1);
        uint64_t end = (s->vaddr + s->memsz + ELF_PAGE - 1) & ~(ELF_PAGE - 1);

        for (uint64_t page = first; page < end; page += ELF_PAGE)
            sum += elf_direct(image, page) ? 0 : ELF_PAGE;
    }
    return sum;
}

/* Linux' boot protocol: the real-mode part is followed by syssize 16-byte units. */
static const char *check_bzimage(const uint8_t *data, size_t size)
{
    uint64_t setup = data[0x1f1] ? data[0x1f1] : 4;
    uint32_t syssize;

    memcpy(&syssize, data + 0x1f4, sizeof(syssize));
    if ((setup + 1) * 512 + (uint64_t)syssize * 16 > size)
        return "it is cut short: a bzImage that says it is longer";
    return NULL;
}

const char *elf_check_kernel(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    struct elf64_header h;
    const char *fault;

    if (size >= 0x210 && memcmp(bytes + 0x202, "HdrS", 4) == 0)
        return check_bzimage(bytes, size);
    if (size < sizeof(h) || memcmp(bytes, ELF_MAGIC, 4) != 0)
        return "it is not a kernel: neither an ELF file nor a bzImage";
    h = header(data);
    if (h.ident[4] != ELF_CLASS64)
        return NULL; /* a 32-bit ELF kernel with a PVH note: the VMM looks closer */
    fault = check_header(&h, size, ELF_CLASS64);
    for (unsigned i = 0; !fault && i < h.phnum; i++) {
        struct elf64_phdr p = phdr(bytes, &h, i);

        if (p.type == ELF_LOAD)
            fault = check_segment(&p, size);
    }
    return fault;
}
