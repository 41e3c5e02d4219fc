/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's bzImage, by the 32-bit boot protocol (Linux, Documentation/arch/x86/
 * boot.rst).  The compressed kernel behind the setup code is entered at its
 * start, with the address of the "zero page" in ESI.
 */
#include <string.h>

#include "boot/boot.h"
#include "board/board.h"

#define SECTOR          512u
#define SECTORS_DEFAULT 4u
#define SETUP_HEADER    0x1f1u
#define BOOT_FLAG       0xaa55u
#define MAGIC           "HdrS"
#define VERSION_NEEDED  0x20au /* the first with init_size */
#define LOADED_HIGH     0x01u
#define LOADER_UNKNOWN  0xffu
#define SELECTOR_CODE   0x10u
#define SELECTOR_DATA   0x18u
#define LOAD_DEFAULT    0x100000u

/* Offset 0x1f1 of the image and of the zero page. */
struct __attribute__((packed)) setup_header {
    uint8_t setup_sects;
    uint16_t root_flags;
    uint32_t syssize;
    uint16_t ram_size, vid_mode, root_dev, boot_flag, jump;
    char magic[4];
    uint16_t version;
    uint32_t realmode_switch;
    uint16_t start_sys_seg, kernel_version;
    uint8_t type_of_loader, loadflags;
    uint16_t setup_move_size;
    uint32_t code32_start, ramdisk_image, ramdisk_size, bootsect_kludge;
    uint16_t heap_end_ptr;
    uint8_t ext_loader_ver, ext_loader_type;
    uint32_t cmd_line_ptr, initrd_addr_max, kernel_alignment;
    uint8_t relocatable_kernel, min_alignment;
    uint16_t xloadflags;
    uint32_t cmdline_size, hardware_subarch;
    uint64_t hardware_subarch_data;
    uint32_t payload_offset, payload_length;
    uint64_t setup_data, pref_address;
    uint32_t init_size, handover_offset;
};
_Static_assert(offsetof(struct setup_header, pref_address) == 0x258 - SETUP_HEADER, "boot.rst");
_Static_assert(sizeof(struct setup_header) == 0x268 - SETUP_HEADER, "boot.rst");

struct __attribute__((packed)) e820_entry {
    uint64_t address, size;
    uint32_t type;
};

struct __attribute__((packed)) zero_page {
    uint8_t pad0[0x70];
    uint64_t acpi_rsdp;
    uint8_t pad1[0x1e8 - 0x78];
    uint8_t e820_entries;
    uint8_t pad2[SETUP_HEADER - 0x1e9];
    struct setup_header header;
    uint8_t pad3[0x2d0 - 0x268];
    struct e820_entry e820[128];
    uint8_t pad4[0x1000 - 0xcd0];
};
_Static_assert(sizeof(struct zero_page) == 0x1000, "boot.rst, zero-page.rst");

/* What lies at BOARD_BOOT_DATA. */
struct boot_data {
    struct zero_page zero;
    uint64_t gdt[4];
    char cmdline[BOOT_CMDLINE_MAX];
};

static bool read_header(const struct boot_image *image, struct setup_header *h)
{
    if (image->size < SETUP_HEADER + sizeof(*h))
        return false;
    memcpy(h, image->bytes + SETUP_HEADER, sizeof(*h));
    return h->boot_flag == BOOT_FLAG && memcmp(h->magic, MAGIC, 4) == 0;
}

bool bzimage_recognize(const struct boot_image *image)
{
    struct setup_header h;
    return read_header(image, &h);
}

/* Sets the kernel's span and adds its source. */
static bool place_kernel(struct boot *boot, const struct setup_header *h)
{
    const struct boot_image *image = &boot->config->kernel;
    uint64_t setup = (uint64_t)((h->setup_sects ? h->setup_sects : SECTORS_DEFAULT) + 1) * SECTOR;
    if (setup >= image->size)
        return boot_fail(boot, "the bzImage is truncated: only the setup code");
    uint64_t size = image->size - setup, offset;
    if ((uint64_t)h->payload_offset + h->payload_length > size)
        return boot_fail(boot, "the bzImage is truncated: %lu bytes are missing",
                         (uint64_t)h->payload_offset + h->payload_length - size);
    bool preferred = h->relocatable_kernel && h->pref_address >= LOAD_DEFAULT;
    boot->kernel_start = preferred ? h->pref_address : LOAD_DEFAULT;
    uint64_t needed = size > h->init_size ? size : h->init_size;
    if (boot->kernel_start >= RAM_HOLE ||
        !ram_offset(boot->ram, gpa(boot->kernel_start), needed, &offset))
        return boot_fail(boot, "the bzImage needs memory up to %lu MiB",
                         (boot->kernel_start % RAM_HOLE + needed + MIB(1) - 1) / MIB(1));
    boot->kernel_end = boot->kernel_start + needed;
    if (!ram_add_source(boot->ram, gpa(boot->kernel_start), image->bytes + setup, size))
        return boot_fail(boot, "no room for the bzImage");
    return true;
}

static void fill_zero_page(struct boot *boot, struct zero_page *zero, const struct setup_header *h)
{
    struct boot_range map[BOOT_RANGES];
    memset(zero, 0, sizeof(*zero));
    zero->header = *h;
    zero->header.type_of_loader = LOADER_UNKNOWN;
    zero->header.code32_start = (uint32_t)boot->kernel_start;
    zero->header.cmd_line_ptr = BOARD_BOOT_DATA + offsetof(struct boot_data, cmdline);
    if (boot->config->initrd.size) {
        zero->header.ramdisk_image = (uint32_t)boot->initrd;
        zero->header.ramdisk_size = (uint32_t)boot->config->initrd.size;
    }
    zero->acpi_rsdp = BOARD_ACPI;
    zero->e820_entries = (uint8_t)boot_memory_map(boot->ram, map);
    for (unsigned i = 0; i < zero->e820_entries; i++)
        zero->e820[i] = (struct e820_entry){map[i].address, map[i].size, map[i].type};
}

static bool check_header(struct boot *boot, const struct setup_header *h)
{
    if (h->version < VERSION_NEEDED)
        return boot_fail(boot, "the bzImage's boot protocol %x.%02x is older than 2.10",
                         h->version >> 8, h->version & 0xff);
    if (!(h->loadflags & LOADED_HIGH))
        return boot_fail(boot, "the kernel is a zImage, not a bzImage");
    if (strlen(boot->cmdline) > h->cmdline_size)
        return boot_fail(boot, "the command line is longer than the kernel's limit, %u",
                         h->cmdline_size);
    return true;
}

bool bzimage_load(struct boot *boot, struct boot_entry *entry)
{
    struct setup_header h;
    if (!read_header(&boot->config->kernel, &h) || !check_header(boot, &h) ||
        !place_kernel(boot, &h) || !boot_place_initrd(boot, (uint64_t)h.initrd_addr_max + 1))
        return false;
    struct boot_data *data = ram_pointer(boot->ram, gpa(BOARD_BOOT_DATA), sizeof(*data));
    if (!data)
        return boot_fail(boot, "no room for the boot parameters");
    fill_zero_page(boot, &data->zero, &h);
    memcpy(data->cmdline, boot->cmdline, sizeof(data->cmdline));
    data->gdt[SELECTOR_CODE / 8] = UINT64_C(0x00cf9b000000ffff);
    data->gdt[SELECTOR_DATA / 8] = UINT64_C(0x00cf93000000ffff);
    *entry = (struct boot_entry){
        .rip = boot->kernel_start,
        .rsi = BOARD_BOOT_DATA,
        .code = SELECTOR_CODE,
        .data = SELECTOR_DATA,
        .gdt = BOARD_BOOT_DATA + offsetof(struct boot_data, gdt),
        .gdt_limit = sizeof(data->gdt) - 1,
    };
    return true;
}
