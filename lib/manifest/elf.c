/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF64 files: guest kernels with a PVH entry, and native programs. */
#include <manifest/image.h>

#include <elf.h>
#include <string.h>

#define XEN_ELFNOTE_PHYS32_ENTRY 18 /* the PVH entry, in a note of "Xen" */

bool elf_is(const uint8_t *data, size_t size)
{
    return size >= SELFMAG && memcmp(data, ELFMAG, SELFMAG) == 0;
}

static void refuse(struct image_verdict *verdict, const char *cause, const char *remedy)
{
    verdict->cause = cause;
    verdict->remedy = remedy;
}

static bool fits(uint64_t offset, uint64_t len, size_t size)
{
    return offset <= size && len <= size - offset;
}

static uint64_t align4(uint64_t n)
{
    return (n + 3) & ~UINT64_C(3);
}

/* Is there a PVH entry among the notes of this segment? */
static bool segment_has_pvh(const uint8_t *notes, size_t size)
{
    Elf64_Nhdr note;

    for (size_t at = 0; fits(at, sizeof note, size);) {
        uint64_t name = at + sizeof note, desc;

        memcpy(&note, notes + at, sizeof note);
        desc = name + align4(note.n_namesz);
        if (!fits(name, note.n_namesz, size) || !fits(desc, note.n_descsz, size))
            return false;
        if (note.n_type == XEN_ELFNOTE_PHYS32_ENTRY && note.n_namesz == 4 && note.n_descsz >= 4 &&
            memcmp(notes + name, "Xen", 4) == 0)
            return true;
        at = desc + align4(note.n_descsz);
    }
    return false;
}

static uint64_t segment_end(const Elf64_Phdr *segment)
{
    uint64_t end;

    return __builtin_add_overflow(segment->p_paddr, segment->p_memsz, &end) ? UINT64_MAX : end;
}

static bool check_header(struct arena *arena, const uint8_t *data, size_t size, Elf64_Ehdr *header,
                         struct image_verdict *verdict)
{
    if (size < sizeof *header) {
        refuse(verdict, "a truncated ELF file", "build or copy it again");
        return false;
    }
    memcpy(header, data, sizeof *header);
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != EM_X86_64) {
        refuse(verdict, "an ELF file for another processor", "give one for 64-bit x86");
        return false;
    }
    if (header->e_type != ET_EXEC && header->e_type != ET_DYN) {
        refuse(verdict, "an ELF file that is not linked", "give the linked program, not an object");
        return false;
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
        !fits(header->e_phoff, (uint64_t)header->e_phnum * sizeof(Elf64_Phdr), size)) {
        refuse(verdict, arena_format(arena, "an ELF file without a usable table of segments"),
               "it is truncated or damaged: build or copy it again");
        return false;
    }
    return true;
}

bool elf_is_whole(const uint8_t *data, size_t size)
{
    Elf64_Ehdr wide;
    Elf32_Ehdr narrow;

    if (!elf_is(data, size) || size < sizeof wide)
        return false;
    memcpy(&wide, data, sizeof wide);
    memcpy(&narrow, data, sizeof narrow);
    for (unsigned i = 0; wide.e_ident[EI_CLASS] == ELFCLASS64 && i < wide.e_phnum; i++) {
        Elf64_Phdr segment;

        if (!fits(wide.e_phoff, (i + 1) * sizeof segment, size))
            return false;
        memcpy(&segment, data + wide.e_phoff + i * sizeof segment, sizeof segment);
        if (!fits(segment.p_offset, segment.p_filesz, size))
            return false;
    }
    for (unsigned i = 0; narrow.e_ident[EI_CLASS] == ELFCLASS32 && i < narrow.e_phnum; i++) {
        Elf32_Phdr segment;

        if (!fits(narrow.e_phoff, (i + 1) * sizeof segment, size))
            return false;
        memcpy(&segment, data + narrow.e_phoff + i * sizeof segment, sizeof segment);
        if (!fits(segment.p_offset, segment.p_filesz, size))
            return false;
    }
    return true;
}

void elf_judge(struct arena *arena, const uint8_t *data, size_t size, bool kernel,
               struct image_verdict *verdict)
{
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    bool pvh = false, interpreter = false;

    if (!check_header(arena, data, size, &header, verdict))
        return;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        memcpy(&segment, data + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type != PT_NULL && !fits(segment.p_offset, segment.p_filesz, size)) {
            refuse(verdict,
                   arena_format(arena, "truncated: segment %u ends behind the end of the file", i),
                   "build or copy it again");
            return;
        }
        if (segment.p_type == PT_LOAD && segment_end(&segment) > verdict->end)
            verdict->end = segment_end(&segment);
        pvh |=
            segment.p_type == PT_NOTE && segment_has_pvh(data + segment.p_offset, segment.p_filesz);
        interpreter |= segment.p_type == PT_INTERP;
    }
    verdict->linux_kernel = memmem(data, size, "Linux version ", 14) != NULL;
    if (kernel && !pvh)
        refuse(verdict, "an ELF file without a PVH entry, so not a kernel for a VM",
               "build the kernel with CONFIG_PVH, or give its bzImage");
    else if (!kernel && (interpreter || header.e_type != ET_EXEC))
        refuse(verdict, "a program for another system, not for Almond",
               "link it statically against Marzipan's lib/rt and lib/l4");
}
