/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of noise share: a native program that sends random and half-sensible messages to
 * the monitor.  Its description is in tests/system/test_noise.py.
 */
#ifndef TESTS_PROGRAMS_NOISE_H
#define TESTS_PROGRAMS_NOISE_H

#include <marzipan/native.h>

struct message {
    L4_Word_t label;
    unsigned words, typed; /* typed: words of items, behind the others */
    L4_Word_t w[64];       /* w[0] is not used                          */
};

/* A number below n; the same ones for the same seed. */
unsigned long noise_random(unsigned long n);
void noise_seed(unsigned long seed);

/* One of these names, paths, threads, most of which are good for something. */
const char *noise_name(void);

/* Makes the next message, which is tame: an answer to it comes, and it does not end this program. */
void noise_message(struct message *m);

/* Whether the answer to it may wait for something that never happens. */
bool noise_may_wait(const struct message *m);

/* A thread or space that the monitor has made is one more id to try. */
void noise_remember(L4_Word_t id);

/* Creates a program or VM as one should, and starts it. */
void noise_raise(void);

/* Destroys all that it may have created. */
void noise_clean(void);

/* The one that is there to be left alone: looks after itself and says so, for ever. */
_Noreturn void noise_beat(void);

/* Ends by a random message of the kernel's protocols. */
_Noreturn void noise_doomed(void);

#endif
