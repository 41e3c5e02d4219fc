/* SPDX-License-Identifier: BSD-2-Clause */
/* A server of the interfaces in every.idl, on the host and on the kernel. */
#ifndef IDL_SERVER_H
#define IDL_SERVER_H

#include <marzipan/serve.h>

struct mz_caller {
    mz_partner_t from;
};

/* Calls of functions that the server has written. */
extern unsigned server_calls;
/* What the last ones got. */
extern L4_Fpage_t server_page;
extern mz_word_t server_note;
extern char server_text[8192];
extern struct mz_caller server_waiting;
/* Where pages appear, if there is memory: the first word of one is looked at. */
extern L4_Fpage_t server_window;

#endif
