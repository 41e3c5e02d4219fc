/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From YAML nodes to the structs of manifest/system.h, as the tables of
 * manifest/schema.h say.
 */
#ifndef MANIFEST_DECODE_H
#define MANIFEST_DECODE_H

#include <manifest/schema.h>
#include <manifest/system.h>
#include <yaml.h>

struct decoder {
    struct system *system;
    yaml_document_t *document;
};

struct mark node_mark(const yaml_node_t *node);

/* The text of a scalar; NULL, with the fault reported, if it is none or holds what
 * a text must not.  subject names the value in the message. */
const char *scalar_text(struct decoder *decoder, const yaml_node_t *node, const char *subject);

/* Check one value and store it.  False, with the fault reported and *value as it was, if
 * it is not what the key takes. */
bool decode_value(struct system *system, const struct key *key, const char *text, struct mark at,
                  struct value *value);

/* Fill the struct at base with the defaults of the section's keys. */
void decode_fallbacks(struct system *system, const struct section *section, void *base);

/* Fill the struct at base with what the node says.  where names the section in
 * messages.  Entries of tables are left to the caller. */
void decode_section(struct decoder *decoder, const struct section *section, const yaml_node_t *node,
                    const char *where, void *base);

/* The pairs of a mapping, one by one, from a zeroed struct pair on; false behind the
 * last one.  A key that came before is reported as what twice says ("two VMs are
 * called"). */
struct pair {
    const yaml_node_pair_t *at;
    const char *key;
    struct mark mark;
    const yaml_node_t *value;
    bool repeated; /* check it, but use the first one */
};

bool next_pair(struct decoder *decoder, const yaml_node_t *mapping, const char *twice,
               struct pair *pair);

/* A list, or one item alone, into *value; its text stays NULL, with the fault reported,
 * if anything in it is wrong.  subject names it in messages. */
void decode_list(struct decoder *decoder, const struct key *key, const yaml_node_t *node,
                 const char *subject, struct value *value);

/* A processor's number, or a range of them, into the mask *mask. */
bool decode_cpus(struct system *system, const struct key *key, const char *text, struct mark at,
                 uint64_t *mask);

/* A number, first-last or first+size, into number and last. */
bool decode_range(struct system *system, const struct key *key, const char *text, struct mark at,
                  struct value *value);

/* Is it a name for a VM, program or monitor?  Reports what is wrong with it. */
bool check_name(struct system *system, const char *name, struct mark at);

/* The same for the path of a service, or, if there may be one, of a subtree. */
bool check_service(struct system *system, const char *path, struct mark at, bool subtree);

#endif
