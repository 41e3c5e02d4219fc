/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of boss share: a native program that controls others, and tries what it must not.
 * Its description is in tests/system/test_vm_control.py; all its names and limits are meant there.
 */
#ifndef TESTS_PROGRAMS_BOSS_H
#define TESTS_PROGRAMS_BOSS_H

#include <marzipan/task.h>
#include <marzipan/vm.h>

#include "check.h"

/* A program that may be started, which will run an image, mischief if nothing else is said, with
 * `act` as its command line; a VM that will run the payload of this name. */
void make_program_of(const char *image, const char *name, const char *act);
void make_program(const char *name, const char *act);
void make_vm(const char *name, const char *payload);
void set(const char *name, const char *key, const char *value);

/* What inspect says; all zero if it fails, which is counted. */
struct mz_vm_details look(const char *name);

/* Waits for the next event, which must be this one.  Returns its text, until the next call. */
const char *expect_event(enum mz_vm_change what, const char *who);

/* Waits until this happens to `who`, whatever else there is before. */
void await(enum mz_vm_change what, const char *who);

/* The number of the latest event, which this makes; skip_events: expect_event goes on behind it. */
uint64_t mark(void);
void skip_events(void);

/* Asks for an event behind this number, and gives up after a millisecond: whether one came. */
bool event_soon(uint64_t after);

/* A thread that runs this function, which must not return. */
L4_ThreadId_t make_thread(unsigned index, void (*run)(void));

/* ---- what it can do, by its command line ---- */

void boss_refusals(void); /* what is refused, but for names       */
void boss_names(void);    /* one that may control any             */
void boss_states(void);   /* what can be done when                */
void boss_lives(void);    /* programs come, stop, crash, and go   */
void boss_vms(void);      /* so do VMs                            */
void boss_events(void);   /* who waits for them, and who is late  */
void boss_deaths(void);   /* threads and children die in calls    */
void boss_wait(void);     /* waits for an event that never comes  */
void boss_leave(void);    /* leaves children in all states behind */
void boss_flood(void);    /* asks and asks                        */

/* So many lives of programs and VMs, each behind a key, with the word "done" behind it. */
void boss_cycles(unsigned programs, unsigned vms);

#endif
