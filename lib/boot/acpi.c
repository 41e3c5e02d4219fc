/* SPDX-License-Identifier: BSD-2-Clause */
#include <boot/acpi.h>

#include <string.h>

#define HEADER_SIZE 36u        /* of every system description table */
#define TABLE_MAX   (4u << 20) /* no table is longer                */
#define ENTRIES_MAX 256u

/* RSDP */
#define RSDP_REVISION 15
#define RSDP_RSDT     16
#define RSDP_XSDT     24
#define RSDP_SIZE_1   20u
#define RSDP_SIZE_2   36u

/* FADT (ACPI 6.4, table 5.9) */
#define FADT_DSDT       40
#define FADT_SMI_CMD    48
#define FADT_ENABLE     52
#define FADT_PM1A_CNT   64
#define FADT_PM1B_CNT   68
#define FADT_FLAGS      112
#define FADT_X_DSDT     140
#define FADT_SLEEP_CTL  244
#define FADT_SIZE_1     116u
#define FLAG_HW_REDUCED (1u << 20)
#define GAS_SPACE       0
#define GAS_ADDRESS     4
#define GAS_MEMORY      0
#define GAS_IO          1

/* AML */
#define AML_ZERO    0x00
#define AML_ONE     0x01
#define AML_NAME    0x08
#define AML_BYTE    0x0a
#define AML_WORD    0x0b
#define AML_DWORD   0x0c
#define AML_PACKAGE 0x12

#define SLEEP_TYPE_SHIFT 2
#define SLEEP_ENABLE     0x20u

struct table {
    const uint8_t *data;
    size_t size;
};

static uint64_t field(const uint8_t *data, size_t offset, size_t size)
{
    uint64_t value = 0;

    memcpy(&value, data + offset, size);
    return value;
}

static bool checksum_ok(const uint8_t *data, size_t size)
{
    uint8_t sum = 0;

    while (size--)
        sum = (uint8_t)(sum + *data++);
    return sum == 0;
}

static bool map_table(acpi_map_fn map, uint64_t phys, const char *signature, struct table *out)
{
    const uint8_t *data = phys ? map(phys, HEADER_SIZE) : NULL;
    size_t size;

    if (!data || memcmp(data, signature, 4) != 0)
        return false;
    size = (size_t)field(data, 4, 4);
    if (size < HEADER_SIZE || size > TABLE_MAX)
        return false;
    data = map(phys, size);
    if (!data || !checksum_ok(data, size))
        return false;
    *out = (struct table){data, size};
    return true;
}

/* Search the tables that the root table lists with entries of `width` bytes. */
static bool find_in_root(acpi_map_fn map, uint64_t root, unsigned width, struct table *fadt)
{
    struct table list;
    size_t count;

    if (!map_table(map, root, width == 8 ? "XSDT" : "RSDT", &list))
        return false;
    count = (list.size - HEADER_SIZE) / width;
    for (size_t i = 0; i < count && i < ENTRIES_MAX; i++) {
        if (map_table(map, field(list.data, HEADER_SIZE + i * width, width), "FACP", fadt))
            return fadt->size >= FADT_SIZE_1;
    }
    return false;
}

static bool find_fadt(acpi_map_fn map, uint64_t rsdp, struct table *fadt)
{
    const uint8_t *data = rsdp ? map(rsdp, RSDP_SIZE_1) : NULL;

    if (!data || memcmp(data, "RSD PTR ", 8) != 0 || !checksum_ok(data, RSDP_SIZE_1))
        return false;
    if (data[RSDP_REVISION] >= 2) {
        const uint8_t *full = map(rsdp, RSDP_SIZE_2);

        if (full && find_in_root(map, field(full, RSDP_XSDT, 8), 8, fadt))
            return true;
    }
    return find_in_root(map, field(data, RSDP_RSDT, 4), 4, fadt);
}

/* A small integer of AML at *at; false if there is something else. */
static bool aml_integer(const struct table *t, size_t *at, uint8_t *value)
{
    size_t size;

    if (*at >= t->size)
        return false;
    switch (t->data[*at]) {
    case AML_ZERO:
    case AML_ONE:
        *value = t->data[(*at)++];
        return true;
    case AML_BYTE:
        size = 1;
        break;
    case AML_WORD:
        size = 2;
        break;
    case AML_DWORD:
        size = 4;
        break;
    default:
        return false;
    }
    if (t->size - *at <= size)
        return false;
    *value = t->data[*at + 1];
    *at += 1 + size;
    return true;
}

/* The first two elements of the package that starts at `at`. */
static bool parse_package(const struct table *t, size_t at, uint8_t type[2])
{
    if (t->size - at < 4 || t->data[at] != AML_PACKAGE)
        return false;
    at += 2u + (t->data[at + 1] >> 6); /* package length: 1 to 4 bytes */
    if (at >= t->size || t->data[at] < 1)
        return false;
    bool two = t->data[at] >= 2;
    at++;
    type[1] = 0;
    return aml_integer(t, &at, &type[0]) && (!two || aml_integer(t, &at, &type[1]));
}

/* Look for Name (_S5, Package () {...}) anywhere in the table: interpreting AML
 * takes far more than switching off is worth. */
static bool find_s5(const struct table *dsdt, uint8_t type[2])
{
    for (size_t i = HEADER_SIZE + 1; i + 4 < dsdt->size; i++) {
        const uint8_t *p = dsdt->data + i;

        if (memcmp(p, "_S5_", 4) != 0)
            continue;
        if (p[-1] != AML_NAME && !(p[-1] == '\\' && p[-2] == AML_NAME))
            continue;
        if (parse_package(dsdt, i + 4, type))
            return true;
    }
    return false;
}

static bool find_dsdt(acpi_map_fn map, const struct table *fadt, struct table *dsdt)
{
    if (fadt->size >= FADT_X_DSDT + 8 &&
        map_table(map, field(fadt->data, FADT_X_DSDT, 8), "DSDT", dsdt))
        return true;
    return map_table(map, field(fadt->data, FADT_DSDT, 4), "DSDT", dsdt);
}

static const char *reduced_s5(const struct table *fadt, uint8_t type, struct acpi_s5 *s5)
{
    const uint8_t *gas = fadt->data + FADT_SLEEP_CTL;

    if (fadt->size < FADT_SLEEP_CTL + 12 || !field(gas, GAS_ADDRESS, 8) ||
        (gas[GAS_SPACE] != GAS_MEMORY && gas[GAS_SPACE] != GAS_IO))
        return "the FADT has no usable sleep control register";
    s5->reduced = true;
    s5->memory = gas[GAS_SPACE] == GAS_MEMORY;
    s5->sleep_control = field(gas, GAS_ADDRESS, 8);
    s5->sleep_value = (uint8_t)((type & 7u) << SLEEP_TYPE_SHIFT | SLEEP_ENABLE);
    return NULL;
}

static const char *pm1_s5(const struct table *fadt, const uint8_t type[2], struct acpi_s5 *s5)
{
    s5->pm1a = (uint16_t)field(fadt->data, FADT_PM1A_CNT, 4);
    s5->pm1b = (uint16_t)field(fadt->data, FADT_PM1B_CNT, 4);
    s5->pm1a_value = (uint16_t)((type[0] & 7u) << 10 | ACPI_SLP_EN);
    s5->pm1b_value = (uint16_t)((type[1] & 7u) << 10 | ACPI_SLP_EN);
    s5->smi_command = (uint16_t)field(fadt->data, FADT_SMI_CMD, 4);
    s5->enable = fadt->data[FADT_ENABLE];
    return s5->pm1a ? NULL : "the FADT has no PM1a control port";
}

const char *acpi_find_s5(acpi_map_fn map, uint64_t rsdp, struct acpi_s5 *s5)
{
    struct table fadt, dsdt;
    uint8_t type[2];

    memset(s5, 0, sizeof(*s5));
    if (!find_fadt(map, rsdp, &fadt))
        return "there is no usable FADT";
    if (!find_dsdt(map, &fadt, &dsdt))
        return "there is no usable DSDT";
    if (!find_s5(&dsdt, type))
        return "the DSDT does not define \\_S5";
    if (field(fadt.data, FADT_FLAGS, 4) & FLAG_HW_REDUCED)
        return reduced_s5(&fadt, type[0], s5);
    return pm1_s5(&fadt, type, s5);
}
