/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/aml.h"

/* clang-format off */
/* Opcodes: ACPI 6.4, 20.3. */
enum {
    OP_ZERO = 0x00, OP_ONE = 0x01, OP_NAME = 0x08, OP_BYTE = 0x0a, OP_WORD = 0x0b, OP_DWORD = 0x0c,
    OP_STRING = 0x0d, OP_QWORD = 0x0e, OP_SCOPE = 0x10, OP_BUFFER = 0x11, OP_PACKAGE = 0x12,
    OP_METHOD = 0x14, OP_EXTENDED = 0x5b, OP_DEVICE = 0x82 /* after OP_EXTENDED */,
    OP_NOTIFY = 0x86
};

/* Resource descriptors: ACPI 6.4, 6.4.2 and 6.4.3. */
enum {
    RES_IO = 0x47, RES_END = 0x79, RES_WORD_SPACE = 0x88, RES_DWORD_SPACE = 0x87,
    RES_INTERRUPT = 0x89
};
enum { SPACE_MEMORY, SPACE_IO, SPACE_BUS };
/* clang-format on */

#define SPACE_PRODUCER_FIXED 0x0c /* positive decode, minimum and maximum fixed */
#define METHOD_SERIALIZED    0x08
#define LENGTH_BYTES         2 /* each package length takes two bytes: below 4096 */

void aml_init(struct aml *aml, uint8_t *bytes, unsigned size)
{
    *aml = (struct aml){.bytes = bytes, .size = size};
}

static void put(struct aml *aml, unsigned byte)
{
    if (aml->at >= aml->size)
        aml->overflow = true;
    else
        aml->bytes[aml->at++] = (uint8_t)byte;
}

static void put_number(struct aml *aml, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        put(aml, value >> 8 * i & 0xff);
}

static void put_path(struct aml *aml, const char *name)
{
    while (*name)
        put(aml, (uint8_t)*name++);
}

static void open(struct aml *aml)
{
    if (aml->depth == AML_DEPTH) {
        aml->overflow = true;
        return;
    }
    aml->open[aml->depth++] = aml->at;
    put_number(aml, 0, LENGTH_BYTES);
}

void aml_close(struct aml *aml)
{
    if (aml->depth == 0 || aml->overflow) {
        aml->overflow = true;
        return;
    }
    unsigned at = aml->open[--aml->depth], length = aml->at - at;
    if (length > 0xfff) {
        aml->overflow = true;
        return;
    }
    aml->bytes[at] = (uint8_t)(1 << 6 | (length & 0xf)); /* one more byte follows */
    aml->bytes[at + 1] = (uint8_t)(length >> 4);
}

void aml_scope(struct aml *aml, const char *name)
{
    put(aml, OP_SCOPE);
    open(aml);
    put_path(aml, name);
}

void aml_device(struct aml *aml, const char *name)
{
    put(aml, OP_EXTENDED);
    put(aml, OP_DEVICE);
    open(aml);
    put_path(aml, name);
}

void aml_name(struct aml *aml, const char *name)
{
    put(aml, OP_NAME);
    put_path(aml, name);
}

void aml_integer(struct aml *aml, uint64_t value)
{
    if (value <= 1) {
        put(aml, value ? OP_ONE : OP_ZERO);
        return;
    }
    unsigned bytes = value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= UINT32_MAX ? 4 : 8;
    put(aml, bytes == 1 ? OP_BYTE : bytes == 2 ? OP_WORD : bytes == 4 ? OP_DWORD : OP_QWORD);
    put_number(aml, value, bytes);
}

/* Three letters of 5 bits each and four hexadecimal digits, big-endian. */
void aml_eisa_id(struct aml *aml, const char *id)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 3; i++)
        value = value << 5 | ((uint32_t)id[i] - 0x40);
    for (unsigned i = 3; i < 7; i++)
        value = value << 4 | (uint32_t)(id[i] <= '9' ? id[i] - '0' : id[i] - 'A' + 10);
    put(aml, OP_DWORD);
    put_number(aml, __builtin_bswap32(value), 4);
}

void aml_string(struct aml *aml, const char *text)
{
    put(aml, OP_STRING);
    put_path(aml, text);
    put(aml, 0);
}

void aml_package(struct aml *aml, unsigned elements)
{
    put(aml, OP_PACKAGE);
    open(aml);
    put(aml, elements);
}

void aml_method(struct aml *aml, const char *name, unsigned arguments)
{
    put(aml, OP_METHOD);
    open(aml);
    put_path(aml, name);
    put(aml, METHOD_SERIALIZED | arguments);
}

void aml_notify(struct aml *aml, const char *device, uint8_t value)
{
    put(aml, OP_NOTIFY);
    put_path(aml, device);
    aml_integer(aml, value);
}

/* The buffer's own size comes first, as a word that is filled in at the end. */
void aml_resources(struct aml *aml)
{
    aml_name(aml, "_CRS");
    put(aml, OP_BUFFER);
    open(aml);
    put(aml, OP_WORD);
    put_number(aml, 0, 2);
}

void aml_resources_end(struct aml *aml)
{
    put(aml, RES_END);
    put(aml, 0); /* checksum: 0 means that there is none */
    if (aml->depth == 0 || aml->overflow) {
        aml->overflow = true;
        return;
    }
    unsigned size_at = aml->open[aml->depth - 1] + LENGTH_BYTES + 1;
    unsigned size = aml->at - (size_at + 2);
    aml->bytes[size_at] = (uint8_t)size;
    aml->bytes[size_at + 1] = (uint8_t)(size >> 8);
    aml_close(aml);
}

void aml_io(struct aml *aml, uint16_t first, uint8_t length)
{
    put(aml, RES_IO);
    put(aml, 1); /* 16 address lines decoded */
    put_number(aml, first, 2);
    put_number(aml, first, 2);
    put(aml, 1); /* alignment */
    put(aml, length);
}

void aml_interrupt(struct aml *aml, uint32_t gsi, bool edge)
{
    put(aml, RES_INTERRUPT);
    put_number(aml, 6, 2);
    put(aml, edge ? 3 : 1); /* consumer, active high, exclusive */
    put(aml, 1);
    put_number(aml, gsi, 4);
}

static void window(struct aml *aml, unsigned tag, unsigned width, unsigned space, unsigned flags,
                   uint32_t first, uint32_t last)
{
    put(aml, tag);
    put_number(aml, 3 + 5 * width, 2);
    put(aml, space);
    put(aml, SPACE_PRODUCER_FIXED);
    put(aml, flags);
    put_number(aml, 0, width); /* granularity */
    put_number(aml, first, width);
    put_number(aml, last, width);
    put_number(aml, 0, width); /* translation */
    put_number(aml, (uint64_t)last - first + 1, width);
}

void aml_bus_window(struct aml *aml, uint16_t first, uint16_t last)
{
    window(aml, RES_WORD_SPACE, 2, SPACE_BUS, 0, first, last);
}

void aml_io_window(struct aml *aml, uint16_t first, uint16_t last)
{
    window(aml, RES_WORD_SPACE, 2, SPACE_IO, 3, first, last); /* the entire range */
}

void aml_memory_window(struct aml *aml, uint32_t first, uint32_t last)
{
    window(aml, RES_DWORD_SPACE, 4, SPACE_MEMORY, 1, first, last); /* read-write, not cached */
}
