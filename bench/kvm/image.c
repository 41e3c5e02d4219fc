/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads a PVH guest. */
#include "vm.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CMDLINE = 0x8000, MEMMAP = 0x6000, MODLIST = 0x6800, INITRD_ALIGN = 4096 };
enum { PVH_NOTE = 18, PVH_MAGIC = 0x336ec578, MEMMAP_RAM = 1, LOW_END = 0x9f000, HIGH = 0x100000 };

struct start_info {
    uint32_t magic, version, flags, nr_modules;
    uint64_t modules, cmdline, rsdp, memmap;
    uint32_t memmap_entries, reserved;
};

struct memmap_entry {
    uint64_t addr, size;
    uint32_t type, reserved;
};

struct module {
    uint64_t addr, size, cmdline, reserved;
};

static const uint8_t *map_file(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st))
        die(path);
    void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        die(path);
    close(fd);
    *size = (size_t)st.st_size;
    return data;
}

/* The 32-bit entry point of XEN_ELFNOTE_PHYS32_ENTRY, 0 if the notes do not hold it. */
static uint32_t find_entry(const uint8_t *notes, size_t size)
{
    for (size_t at = 0; at + sizeof(Elf64_Nhdr) <= size;) {
        Elf64_Nhdr note;
        memcpy(&note, notes + at, sizeof note);
        size_t value = at + sizeof note + ((note.n_namesz + 3) & ~3u);
        uint32_t entry;
        if (note.n_type == PVH_NOTE && note.n_descsz >= 4) {
            memcpy(&entry, notes + value, sizeof entry);
            return entry;
        }
        at = value + ((note.n_descsz + 3) & ~3u);
    }
    return 0;
}

static void load_kernel(struct vm *vm, const char *path)
{
    size_t size;
    const uint8_t *file = map_file(path, &size);
    const Elf64_Ehdr *elf = (const void *)file;
    const Elf64_Phdr *segment = (const void *)(file + elf->e_phoff);

    for (unsigned i = 0; i < elf->e_phnum; i++, segment++) {
        if (segment->p_type == PT_LOAD)
            memcpy(vm->ram + segment->p_paddr, file + segment->p_offset, segment->p_filesz);
        if (segment->p_type == PT_NOTE && !vm->entry)
            vm->entry = find_entry(file + segment->p_offset, segment->p_filesz);
    }
    if (!vm->entry)
        die("no PVH entry");
}

void load_guest(struct vm *vm, const char *kernel, const char *initrd, const char *cmdline)
{
    struct memmap_entry map[] = {{0, LOW_END, MEMMAP_RAM, 0},
                                 {HIGH, vm->ram_size - HIGH, MEMMAP_RAM, 0}};
    struct start_info info = {.magic = PVH_MAGIC,
                              .version = 1,
                              .cmdline = CMDLINE,
                              .memmap = MEMMAP,
                              .memmap_entries = 2};
    struct module module = {0};

    load_kernel(vm, kernel);
    if (initrd) {
        const uint8_t *data = map_file(initrd, &module.size);
        module.addr = (vm->ram_size - module.size) & ~(uint64_t)(INITRD_ALIGN - 1);
        memcpy(vm->ram + module.addr, data, module.size);
        info.nr_modules = 1;
        info.modules = MODLIST;
    }
    memcpy(vm->ram + MEMMAP, map, sizeof map);
    memcpy(vm->ram + MODLIST, &module, sizeof module);
    memcpy(vm->ram + START_INFO, &info, sizeof info);
    memcpy(vm->ram + CMDLINE, cmdline, strlen(cmdline) + 1);
}
