/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/fdt.h>

#include <string.h>

/*
 * The header, all fields big-endian (Devicetree Specification 0.4, section 5.2):
 *    0 magic            16 memory reservations     28 boot CPU
 *    4 total size       20 version                 32 size of the strings
 *    8 structure at     24 compatible down to      36 size of the structure
 *   12 strings at
 */
enum {
    MAGIC = 0,
    TOTAL = 4,
    STRUCTURE = 8,
    STRINGS = 12,
    VERSION = 20,
    COMPATIBLE = 24,
    STRINGS_SIZE = 32,
    STRUCTURE_SIZE = 36,
    HEADER_SIZE = 40
};

#define FDT_MAGIC   0xd00dfeedu
#define OUR_VERSION 17u
#define MAX_SIZE    0x7fffffffu /* node handles are ints */

enum { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, NOP = 4, END = 9 };

struct token {
    uint32_t type;
    const char *name; /* of a node or a property */
    const uint8_t *value;
    uint32_t len;
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t header(const struct fdt *fdt, unsigned field)
{
    return be32((const uint8_t *)fdt->blob + field);
}

static const uint8_t *structure(const struct fdt *fdt)
{
    return (const uint8_t *)fdt->blob + header(fdt, STRUCTURE);
}

/* Is there a NUL in [s, s + max)?  *len is then the length before it. */
static bool terminated(const char *s, uint32_t max, uint32_t *len)
{
    for (uint32_t i = 0; i < max; i++) {
        if (s[i] == '\0') {
            *len = i;
            return true;
        }
    }
    return false;
}

static bool read_property(const struct fdt *fdt, uint32_t *pos, struct token *t)
{
    const uint8_t *p = structure(fdt) + *pos;
    uint32_t left = header(fdt, STRUCTURE_SIZE) - *pos;
    uint32_t strings_size = header(fdt, STRINGS_SIZE), name, len;

    if (left < 8)
        return false;
    t->len = be32(p);
    name = be32(p + 4);
    if (t->len > left - 8 || name >= strings_size)
        return false;
    t->value = p + 8;
    t->name = (const char *)fdt->blob + header(fdt, STRINGS) + name;
    *pos += 8 + t->len;
    return terminated(t->name, strings_size - name, &len);
}

static bool read_node_name(const struct fdt *fdt, uint32_t *pos, struct token *t)
{
    uint32_t len;

    t->name = (const char *)structure(fdt) + *pos;
    if (!terminated(t->name, header(fdt, STRUCTURE_SIZE) - *pos, &len))
        return false;
    *pos += len + 1;
    return true;
}

/* Read the token at *pos, skipping NOPs, and move *pos behind it.  False at the
 * end of the structure and where the form is broken; *pos is then of no use. */
static bool next_token(const struct fdt *fdt, uint32_t *pos, struct token *t)
{
    uint32_t size = header(fdt, STRUCTURE_SIZE);
    bool ok = true;

    do {
        if (*pos % 4 != 0 || *pos > size || size - *pos < 4)
            return false;
        t->type = be32(structure(fdt) + *pos);
        *pos += 4;
    } while (t->type == NOP);

    if (t->type == BEGIN_NODE)
        ok = read_node_name(fdt, pos, t);
    else if (t->type == PROPERTY)
        ok = read_property(fdt, pos, t);
    else
        ok = t->type == END_NODE || t->type == END;
    *pos = (*pos + 3) & ~3u;
    return ok;
}

static bool range_fits(uint32_t start, uint32_t len, uint32_t total)
{
    return start <= total && len <= total - start;
}

static int check_header(const struct fdt *fdt)
{
    uint32_t total;

    if (fdt->size < 4 || header(fdt, MAGIC) != FDT_MAGIC)
        return FDT_BAD_MAGIC;
    if (fdt->size < HEADER_SIZE)
        return FDT_TRUNCATED;
    total = header(fdt, TOTAL);
    if (total > fdt->size)
        return FDT_TRUNCATED;
    if (header(fdt, VERSION) < OUR_VERSION || header(fdt, COMPATIBLE) > OUR_VERSION)
        return FDT_BAD_VERSION;
    if (total > MAX_SIZE || header(fdt, STRUCTURE) % 4 != 0 ||
        !range_fits(header(fdt, STRUCTURE), header(fdt, STRUCTURE_SIZE), total) ||
        !range_fits(header(fdt, STRINGS), header(fdt, STRINGS_SIZE), total))
        return FDT_BAD_STRUCTURE;
    return 0;
}

/* One root, properties before children, every node closed, then END. */
static int check_structure(const struct fdt *fdt)
{
    struct token t;
    uint32_t pos = 0, depth = 0;
    bool properties = false; /* may a property come here? */

    if (!next_token(fdt, &pos, &t) || t.type != BEGIN_NODE)
        return FDT_BAD_STRUCTURE;
    for (depth = 1, properties = true; depth > 0;) {
        if (!next_token(fdt, &pos, &t) || t.type == END)
            return FDT_BAD_STRUCTURE;
        if (t.type == PROPERTY && !properties)
            return FDT_BAD_STRUCTURE;
        if (t.type == BEGIN_NODE)
            depth++;
        else if (t.type == END_NODE)
            depth--;
        properties = t.type != END_NODE;
    }
    return next_token(fdt, &pos, &t) && t.type == END ? 0 : FDT_BAD_STRUCTURE;
}

int fdt_open(struct fdt *fdt, const void *blob, size_t size)
{
    struct fdt candidate = {blob, size};
    int error;

    *fdt = (struct fdt){NULL, 0};
    error = check_header(&candidate);
    if (error == 0)
        error = check_structure(&candidate);
    if (error == 0)
        *fdt = candidate;
    return error;
}

const char *fdt_error_text(int error)
{
    switch (error) {
    case 0:
        return "no error";
    case FDT_BAD_MAGIC:
        return "not a flattened device tree";
    case FDT_TRUNCATED:
        return "the device tree is truncated";
    case FDT_BAD_VERSION:
        return "a device tree of an unknown version";
    default:
        return "the device tree is damaged";
    }
}

/* Read the BEGIN_NODE at the handle; *pos is then behind the node's name. */
static bool enter(const struct fdt *fdt, int node, uint32_t *pos, struct token *t)
{
    if (fdt->size < HEADER_SIZE || node < 0)
        return false;
    *pos = (uint32_t)node;
    return next_token(fdt, pos, t) && t->type == BEGIN_NODE;
}

/* Skip properties from *pos; the node that begins there, or FDT_NONE. */
static int next_node(const struct fdt *fdt, uint32_t pos)
{
    struct token t;
    uint32_t at;

    do {
        at = pos;
        if (!next_token(fdt, &pos, &t))
            return FDT_NONE;
    } while (t.type == PROPERTY);
    return t.type == BEGIN_NODE ? (int)at : FDT_NONE;
}

int fdt_first_child(const struct fdt *fdt, int node)
{
    struct token t;
    uint32_t pos;

    return enter(fdt, node, &pos, &t) ? next_node(fdt, pos) : FDT_NONE;
}

int fdt_next_sibling(const struct fdt *fdt, int node)
{
    struct token t;
    uint32_t pos;

    if (node == FDT_ROOT || !enter(fdt, node, &pos, &t))
        return FDT_NONE;
    for (uint32_t depth = 1; depth > 0;) {
        if (!next_token(fdt, &pos, &t) || t.type == END)
            return FDT_NONE;
        if (t.type == BEGIN_NODE)
            depth++;
        else if (t.type == END_NODE)
            depth--;
    }
    return next_node(fdt, pos);
}

const char *fdt_name(const struct fdt *fdt, int node)
{
    struct token t;
    uint32_t pos;

    return enter(fdt, node, &pos, &t) ? t.name : NULL;
}

static bool name_matches(const char *node_name, const char *wanted)
{
    while (*wanted != '\0' && *node_name == *wanted) {
        node_name++;
        wanted++;
    }
    return *wanted == '\0' && (*node_name == '\0' || *node_name == '@');
}

int fdt_child(const struct fdt *fdt, int node, const char *name)
{
    int child = fdt_first_child(fdt, node);

    while (child != FDT_NONE && !name_matches(fdt_name(fdt, child), name))
        child = fdt_next_sibling(fdt, child);
    return child;
}

const void *fdt_prop(const struct fdt *fdt, int node, const char *name, size_t *len)
{
    struct token t;
    uint32_t pos;

    if (!enter(fdt, node, &pos, &t))
        return NULL;
    while (next_token(fdt, &pos, &t) && t.type == PROPERTY) {
        if (strcmp(t.name, name) == 0) {
            if (len != NULL)
                *len = t.len;
            return t.value;
        }
    }
    return NULL;
}

const char *fdt_string(const struct fdt *fdt, int node, const char *name)
{
    size_t len;
    const char *s = fdt_prop(fdt, node, name, &len);

    return s != NULL && len > 0 && s[len - 1] == '\0' ? s : NULL;
}

bool fdt_u32(const struct fdt *fdt, int node, const char *name, uint32_t *out)
{
    size_t len;
    const uint8_t *p = fdt_prop(fdt, node, name, &len);

    if (p == NULL || len != 4)
        return false;
    *out = be32(p);
    return true;
}

bool fdt_u64(const struct fdt *fdt, int node, const char *name, uint64_t *out)
{
    size_t len;
    const uint8_t *p = fdt_prop(fdt, node, name, &len);

    if (p == NULL || len != 8)
        return false;
    *out = (uint64_t)be32(p) << 32 | be32(p + 4);
    return true;
}
