/* SPDX-License-Identifier: BSD-2-Clause */
/* A wire to a server: a request becomes bytes, is taken from them, is served; so is the answer. */
#ifndef WIRE_H
#define WIRE_H

#include <marzipan/serve.h>

#define WIRE_STRINGS     16
#define WIRE_STRING_SIZE 8192

struct mz_caller {
    mz_partner_t from;
};

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

/* ---- server.c ---- */

/* Calls of functions that the server has written. */
extern unsigned server_calls;
/* What the last ones got. */
extern L4_Fpage_t server_page;
extern mz_word_t server_note;
extern char server_text[8192];
extern mz_partner_t server_waiting;

/* Serves every and plain, and says NO_INTERFACE to others. */
bool server_dispatch(struct mz_request *q, struct mz_caller *caller);
/* Serves plain only. */
bool server_dispatch_plain(struct mz_request *q, struct mz_caller *caller);

#endif
