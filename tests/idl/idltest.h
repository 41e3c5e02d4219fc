/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls between threads of a root task, through what the IDL compiler has written. */
#ifndef IDLTEST_H
#define IDLTEST_H

#include <marzipan/every.h>
#include "server.h"
#include "x2.h"

/* Main functions of threads: servers of every, with strings and a window, and of plain without. */
void serve_every(void);
void serve_plain(void);
/* Serves every without items, in a loop of its own. */
void serve_own(void);
/* Answers each call with the message in raw_answer, and keeps the call in raw_request. */
void serve_raw(void);

extern struct l4_regmsg raw_request;
extern L4_Word_t raw_answer[8];

/* The server's window: 64 KiB where its space has nothing. */
#define SERVER_WINDOW 0x50000000ul

#endif
