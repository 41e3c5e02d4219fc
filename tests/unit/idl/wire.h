/* SPDX-License-Identifier: BSD-2-Clause */
/* A wire to a server: a request becomes bytes, is taken from them, is served; so is the answer. */
#ifndef WIRE_H
#define WIRE_H

#include "server.h"

#define WIRE_STRINGS     16
#define WIRE_STRING_SIZE 8192

struct wire {
    bool (*dispatch)(struct mz_request *q, struct mz_caller *caller);
    struct mz_accept accept;
    bool tampered; /* the next answer is spoilt by tamper() on its way */
    void (*tamper)(struct mz_message *answer);
    unsigned answers; /* how many there were */
    /* Called when a server has not answered: it may do so now. */
    void (*later)(mz_partner_t client);
    uint8_t bytes[sizeof(struct mz_message) + WIRE_STRINGS * WIRE_STRING_SIZE];
    size_t length;
    bool answered;
};

/* A wire to one that takes strings up to WIRE_STRING_SIZE bytes, and pages into a window. */
void wire_open(struct wire *w, bool (*dispatch)(struct mz_request *, struct mz_caller *));
/* Gives `to` a message whose strings are in its buffers already; the answer's tag, or ~0 if there
 * is none. */
mz_word_t wire_serve(struct wire *to, const struct mz_message *m);

/* A server of every and plain; of plain only. */
bool wire_every(struct mz_request *q, struct mz_caller *caller);
bool wire_plain(struct mz_request *q, struct mz_caller *caller);

#endif
