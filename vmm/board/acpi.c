/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/acpi.h"

#include <stdbool.h>
#include <string.h>

#include "board/aml.h"
#include "board/board.h"
#include "board/wdat.h"

/* Layouts: ACPI 6.4, chapter 5.2. */

struct __attribute__((packed)) rsdp {
    char signature[8];
    uint8_t checksum; /* of the first 20 bytes */
    char oem[6];
    uint8_t revision;
    uint32_t rsdt;
    uint32_t length;
    uint64_t xsdt;
    uint8_t extended_checksum;
    uint8_t reserved[3];
};
_Static_assert(sizeof(struct rsdp) == 36, "ACPI 6.4, 5.2.5.3");

struct __attribute__((packed)) header {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char oem[6], oem_table[8];
    uint32_t oem_revision;
    char creator[4];
    uint32_t creator_revision;
};
_Static_assert(sizeof(struct header) == 36, "ACPI 6.4, 5.2.6");

struct __attribute__((packed)) gas { /* generic address */
    uint8_t space, bits, offset, access;
    uint64_t address;
};

struct __attribute__((packed)) fadt {
    struct header header;
    uint32_t firmware_ctrl, dsdt32;
    uint8_t reserved0[65]; /* fields of hardware that is not there: 44-108 */
    uint16_t boot_arch;
    uint8_t reserved1;
    uint32_t flags;
    struct gas reset;
    uint8_t reset_value;
    uint16_t arm_boot_arch;
    uint8_t minor;
    uint64_t x_firmware_ctrl, x_dsdt;
    struct gas reserved2[8]; /* PM event, control, timer, GPE blocks */
    struct gas sleep_control, sleep_status;
    char hypervisor[8];
};
_Static_assert(sizeof(struct fadt) == 276, "ACPI 6.4, 5.2.9");

#define FADT_WBINVD     (1u << 0)
#define FADT_PWR_BUTTON (1u << 4) /* no fixed power button */
#define FADT_SLP_BUTTON (1u << 5)
#define FADT_RESET      (1u << 10)
#define FADT_HW_REDUCED (1u << 20)

#define BUTTON_PRESSED 0x80 /* what a power button's driver is notified of */

#define BOOT_NO_VGA (1u << 2)
#define BOOT_NO_RTC (1u << 5)

struct __attribute__((packed)) madt_lapic {
    uint8_t type, length, processor, id;
    uint32_t flags;
};

struct __attribute__((packed)) madt_ioapic {
    uint8_t type, length, id, reserved;
    uint32_t address, first_gsi;
};

enum { MADT_LAPIC = 0, MADT_IOAPIC = 1 };
enum { GAS_IO = 1, GAS_BYTE = 1 };

struct tables {
    uint8_t *to;
    unsigned size, used;
    uint32_t at;
    bool overflow;
};

static uint8_t checksum(const void *bytes, unsigned size)
{
    const uint8_t *b = bytes;
    uint8_t sum = 0;
    while (size-- > 0)
        sum = (uint8_t)(sum + *b++);
    return (uint8_t)-sum;
}

/* Space for a table, aligned, zeroed, or NULL. */
static void *reserve(struct tables *t, unsigned size)
{
    unsigned start = (t->used + 15) & ~15u;
    if (t->overflow || size > t->size || start > t->size - size) {
        t->overflow = true;
        return NULL;
    }
    t->used = start + size;
    return memset(t->to + start, 0, size);
}

static uint32_t guest_address(const struct tables *t, const void *table)
{
    return t->at + (uint32_t)((const uint8_t *)table - t->to);
}

static void finish(struct header *h, const char *signature, unsigned size, uint8_t revision)
{
    memcpy(h->signature, signature, 4);
    memcpy(h->oem, "MARZPN", 6);
    memcpy(h->oem_table, "MARZIPAN", 8);
    memcpy(h->creator, "MARZ", 4);
    h->length = size;
    h->revision = revision;
    h->oem_revision = h->creator_revision = 1;
    h->checksum = 0;
    h->checksum = checksum(h, size);
}

static struct gas io_register(uint16_t port)
{
    return (struct gas){GAS_IO, 8, 0, GAS_BYTE, port};
}

static void pci_host(struct aml *aml)
{
    aml_device(aml, "PCI0");
    aml_name(aml, "_HID");
    aml_eisa_id(aml, "PNP0A03");
    aml_name(aml, "_UID");
    aml_integer(aml, 0);
    aml_resources(aml);
    aml_bus_window(aml, 0, 0);
    aml_io(aml, PCI_ADDRESS_PORT, 8);
    aml_io_window(aml, 0x1000, 0xffff);
    aml_memory_window(aml, BOARD_PCI_BASE, BOARD_PCI_END - 1);
    aml_resources_end(aml);
    aml_close(aml);
}

static void serial_port(struct aml *aml)
{
    aml_device(aml, "COM1");
    aml_name(aml, "_HID");
    aml_eisa_id(aml, "PNP0501");
    aml_name(aml, "_UID");
    aml_integer(aml, 1);
    aml_resources(aml);
    aml_io(aml, BOARD_COM1, UART_PORTS);
    aml_interrupt(aml, BOARD_COM1_GSI, true);
    aml_resources_end(aml);
    aml_close(aml);
}

/* A hardware-reduced board has no fixed power button.  Its place takes a control method one:
 * a Generic Event Device names the interrupt, and its method passes the event on. */
static void power_button(struct aml *aml)
{
    aml_device(aml, "PWRB");
    aml_name(aml, "_HID");
    aml_eisa_id(aml, "PNP0C0C");
    aml_close(aml);
    aml_device(aml, "GED_");
    aml_name(aml, "_HID");
    aml_string(aml, "ACPI0013");
    aml_resources(aml);
    aml_interrupt(aml, BOARD_POWER_GSI, true);
    aml_resources_end(aml);
    aml_method(aml, "_EVT", 1); /* with the GSI, and there is but one */
    aml_notify(aml, "PWRB", BUTTON_PRESSED);
    aml_close(aml);
    aml_close(aml);
}

static void *build_dsdt(struct tables *t)
{
    uint8_t code[512];
    struct aml aml;
    aml_init(&aml, code, sizeof(code));
    aml_name(&aml, "\\_S5_"); /* the value for the sleep control register */
    aml_package(&aml, 4);
    aml_integer(&aml, SLEEP_TYPE_S5);
    for (unsigned i = 1; i < 4; i++)
        aml_integer(&aml, 0);
    aml_close(&aml);
    aml_scope(&aml, "\\_SB_");
    pci_host(&aml);
    serial_port(&aml);
    power_button(&aml);
    aml_close(&aml);

    struct header *h = aml.overflow ? NULL : reserve(t, sizeof(*h) + aml.at);
    if (!h) {
        t->overflow = true;
        return NULL;
    }
    memcpy(h + 1, code, aml.at);
    finish(h, "DSDT", sizeof(*h) + aml.at, 2);
    return h;
}

static void *build_fadt(struct tables *t, const void *dsdt)
{
    struct fadt *f = reserve(t, sizeof(*f));
    if (!f)
        return NULL;
    f->dsdt32 = guest_address(t, dsdt);
    f->x_dsdt = f->dsdt32;
    f->boot_arch = BOOT_NO_VGA | BOOT_NO_RTC;
    f->flags = FADT_WBINVD | FADT_PWR_BUTTON | FADT_SLP_BUTTON | FADT_RESET | FADT_HW_REDUCED;
    f->reset = io_register(RESET_PORT);
    f->reset_value = RESET_VALUE;
    f->minor = 4;
    f->sleep_control = io_register(SLEEP_CONTROL);
    f->sleep_status = io_register(SLEEP_STATUS);
    memcpy(f->hypervisor, "MARZIPAN", 8);
    finish(&f->header, "FACP", sizeof(*f), 6);
    return f;
}

static void *build_madt(struct tables *t, unsigned cpus)
{
    unsigned size = (unsigned)(sizeof(struct header) + 8 + cpus * sizeof(struct madt_lapic) +
                               sizeof(struct madt_ioapic));
    struct header *h = reserve(t, size);
    if (!h)
        return NULL;
    uint32_t lapic_base = LAPIC_BASE; /* flags after it: 0, there are no 8259s */
    memcpy(h + 1, &lapic_base, 4);
    struct madt_lapic *lapic = (struct madt_lapic *)((uint8_t *)(h + 1) + 8);
    for (unsigned i = 0; i < cpus; i++)
        lapic[i] = (struct madt_lapic){MADT_LAPIC, sizeof(*lapic), (uint8_t)i, (uint8_t)i, 1};
    struct madt_ioapic *ioapic = (struct madt_ioapic *)(lapic + cpus);
    *ioapic = (struct madt_ioapic){MADT_IOAPIC, sizeof(*ioapic), IOAPIC_ID, 0, IOAPIC_BASE, 0};
    finish(h, "APIC", size, 5);
    return h;
}

static void *build_wdat(struct tables *t, uint32_t watchdog_ms)
{
    struct header *h = reserve(t, sizeof(*h) + sizeof(struct wdat));
    if (!h)
        return NULL;
    wdat_fill((struct wdat *)(h + 1), watchdog_ms);
    finish(h, "WDAT", sizeof(*h) + sizeof(struct wdat), 1);
    return h;
}

/* The last table may be NULL. */
static void *build_xsdt(struct tables *t, const void *fadt, const void *madt, const void *wdat)
{
    uint64_t entries[3] = {guest_address(t, fadt), guest_address(t, madt)};
    unsigned size = wdat ? sizeof(entries) : sizeof(entries) - sizeof(entries[0]);
    struct header *h = reserve(t, sizeof(*h) + size);
    if (!h)
        return NULL;
    if (wdat)
        entries[2] = guest_address(t, wdat);
    memcpy(h + 1, entries, size);
    finish(h, "XSDT", sizeof(*h) + size, 1);
    return h;
}

unsigned acpi_build(uint8_t *to, unsigned size, uint32_t at, unsigned cpus, uint32_t watchdog_ms)
{
    struct tables t = {.to = to, .size = size, .at = at};
    struct rsdp *rsdp = reserve(&t, sizeof(*rsdp));
    void *dsdt = build_dsdt(&t);
    void *fadt = build_fadt(&t, dsdt);
    void *madt = build_madt(&t, cpus);
    void *wdat = watchdog_ms ? build_wdat(&t, watchdog_ms) : NULL;
    void *xsdt = build_xsdt(&t, fadt, madt, wdat);
    if (t.overflow)
        return 0;
    memcpy(rsdp->signature, "RSD PTR ", 8);
    memcpy(rsdp->oem, "MARZPN", 6);
    rsdp->revision = 2;
    rsdp->length = sizeof(*rsdp);
    rsdp->xsdt = guest_address(&t, xsdt);
    rsdp->checksum = checksum(rsdp, 20);
    rsdp->extended_checksum = checksum(rsdp, sizeof(*rsdp));
    return t.used;
}
