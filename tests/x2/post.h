/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC between two threads that are not the root task's, which looks on: what they
 * send and how they receive is written down for them, and they write down what came.
 */
#ifndef X2_POST_H
#define X2_POST_H

#include "x2.h"

/* One Ipc. */
struct post {
    L4_ThreadId_t to, from; /* in */
    L4_Word_t timeouts, xfer_timeouts;
    L4_ThreadId_t virtual_sender;
    L4_Acceptor_t acceptor;
    L4_MsgBuffer_t buffers;
    L4_Msg_t msg;         /* in and out: all message registers   */
    L4_MsgTag_t tag;      /* out                                 */
    L4_ThreadId_t sender; /* what Ipc returned                   */
    L4_Word_t error;      /* ErrorCode, NO_ERROR if left alone   */
    L4_ThreadId_t actual, intended;
    L4_Word_t changed_brs; /* buffer registers that are not what they were */
};

#define NO_ERROR 0xabcd0ul

/* A fresh one, with timeouts that end.  They last until the check ends. */
struct post *new_post(void);

/* An action for agents: the Ipc. */
L4_Word_t do_post(L4_Word_t post, L4_Word_t b);
/* Let t do it; wait until it is done. */
bool start_post(L4_ThreadId_t t, struct post *p);
bool end_post(L4_ThreadId_t t);

/* A thread that sends, one that receives, and the memory that they have. */
struct pair {
    L4_ThreadId_t sender, receiver;
    struct post *out, *in;
    L4_Word_t from, to;    /* addresses there                              */
    L4_Word_t size;        /* of each                                      */
    char *source, *target; /* the same memory here: a pattern, and zeroes */
};

/* In two spaces, with or without the memory mapped; or both here. */
bool open_pair(struct pair *p, unsigned log2);
bool open_pair_unmapped(struct pair *p, unsigned log2);
bool open_pair_here(struct pair *p, unsigned log2);
/* The page at this offset becomes visible, or is taken away again. */
L4_MapItem_t source_page(const struct pair *p, L4_Word_t offset);
L4_MapItem_t target_page(const struct pair *p, L4_Word_t offset);

/* n bytes of the sender's memory as a string of the message; of the receiver's as a buffer. */
void send_string(struct pair *p, L4_Word_t offset, L4_Word_t n);
void take_string(struct pair *p, L4_Word_t offset, L4_Word_t n);
/* Any string item, of however many substrings. */
void send_item(struct pair *p, const L4_StringItem_t *s);
void take_item(struct pair *p, const L4_StringItem_t *s);
/* Receiver first, then sender: true when both have done their Ipc. */
bool pass_message(struct pair *p);
/* Only starts them. */
bool start_message(struct pair *p);
bool end_message(struct pair *p);

/* A string of two pages, the second of which is missing on one side; its fault has come, and gets no
 * answer. */
bool open_stuck(struct pair *p, bool sender_faults);
bool start_stuck(struct pair *p, bool sender_faults);

/* The message is there: neither side has an error. */
enum result expect_sent(const struct pair *p);
/* Both failed, with these ErrorCodes without their phase. */
enum result expect_failed(const struct pair *p, L4_Word_t send_error, L4_Word_t receive_error,
                          L4_Word_t offset);
/* n bytes of the source are at this place of the target; these of the target are as they were. */
enum result expect_copied(const struct pair *p, L4_Word_t target, L4_Word_t source, L4_Word_t n);
enum result expect_clear(const struct pair *p, L4_Word_t target, L4_Word_t n);

#endif
