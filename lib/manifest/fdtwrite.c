/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/fdtwrite.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FDT_MAGIC        0xd00dfeedu
#define VERSION          17u
#define OLDEST_READER    16u
#define HEADER_SIZE      40u
#define RESERVATION_SIZE 16u /* the list of reserved memory: just its end mark */

enum { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, END = 9 };

static void *grow(void *data, size_t size)
{
    void *grown = realloc(data, size);

    if (grown == NULL) {
        fputs("marzipan: out of memory\n", stderr);
        exit(71); /* EX_OSERR */
    }
    return grown;
}

static void append(struct fdt_buffer *buffer, const void *data, size_t size)
{
    if (buffer->room - buffer->size < size) {
        buffer->room = (buffer->room + size) * 2;
        buffer->data = grow(buffer->data, buffer->room);
    }
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

static void put32(uint8_t *p, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void append32(struct fdt_buffer *buffer, uint32_t value)
{
    uint8_t bytes[4];

    put32(bytes, value);
    append(buffer, bytes, sizeof bytes);
}

static void pad(struct fdt_buffer *buffer)
{
    append(buffer, "\0\0\0", -buffer->size % 4);
}

/* Property names are kept once each. */
static uint32_t string_offset(struct fdt_buffer *strings, const char *name)
{
    size_t at = 0;

    while (at < strings->size && strcmp((const char *)strings->data + at, name) != 0)
        at += strlen((const char *)strings->data + at) + 1;
    if (at == strings->size)
        append(strings, name, strlen(name) + 1);
    return (uint32_t)at;
}

static void property(struct fdt_writer *writer, const char *name, const void *value, size_t len)
{
    append32(&writer->structure, PROPERTY);
    append32(&writer->structure, (uint32_t)len);
    append32(&writer->structure, string_offset(&writer->strings, name));
    append(&writer->structure, value, len);
    pad(&writer->structure);
}

void fdtw_init(struct fdt_writer *writer)
{
    memset(writer, 0, sizeof *writer);
    fdtw_begin(writer, "");
}

void fdtw_begin(struct fdt_writer *writer, const char *name)
{
    append32(&writer->structure, BEGIN_NODE);
    append(&writer->structure, name, strlen(name) + 1);
    pad(&writer->structure);
}

void fdtw_end(struct fdt_writer *writer)
{
    append32(&writer->structure, END_NODE);
}

void fdtw_flag(struct fdt_writer *writer, const char *name)
{
    property(writer, name, "", 0);
}

void fdtw_u32(struct fdt_writer *writer, const char *name, uint32_t value)
{
    uint8_t bytes[4];

    put32(bytes, value);
    property(writer, name, bytes, sizeof bytes);
}

void fdtw_u64(struct fdt_writer *writer, const char *name, uint64_t value)
{
    uint8_t bytes[8];

    put32(bytes, (uint32_t)(value >> 32));
    put32(bytes + 4, (uint32_t)value);
    property(writer, name, bytes, sizeof bytes);
}

void fdtw_string(struct fdt_writer *writer, const char *name, const char *value)
{
    property(writer, name, value, strlen(value) + 1);
}

void *fdtw_finish(struct fdt_writer *writer, size_t *size)
{
    uint32_t structure = HEADER_SIZE + RESERVATION_SIZE, strings;
    uint8_t *blob;

    fdtw_end(writer);
    append32(&writer->structure, END);
    strings = structure + (uint32_t)writer->structure.size;
    *size = strings + writer->strings.size;
    blob = grow(NULL, *size);
    memset(blob, 0, structure);
    memcpy(blob + structure, writer->structure.data, writer->structure.size);
    memcpy(blob + strings, writer->strings.data, writer->strings.size);

    put32(blob + 0, FDT_MAGIC);
    put32(blob + 4, (uint32_t)*size);
    put32(blob + 8, structure);
    put32(blob + 12, strings);
    put32(blob + 16, HEADER_SIZE);
    put32(blob + 20, VERSION);
    put32(blob + 24, OLDEST_READER);
    put32(blob + 32, (uint32_t)writer->strings.size);
    put32(blob + 36, (uint32_t)writer->structure.size);

    free(writer->structure.data);
    free(writer->strings.data);
    return blob;
}
