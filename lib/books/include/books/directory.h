/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directory: which services there are, whose they are, and who waits for one to come or go.
 * It is a book only: who may do what is the caller's to decide (service_directory.c).
 *
 * An owner is a domain's number, as in the memory book.  Entries lie in pages that the owner pays
 * for, so that nobody can fill the directory at others' expense.
 */
#ifndef BOOKS_DIRECTORY_H
#define BOOKS_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include <manifest/path.h>
#include <marzipan/errors.h>

#define ATTRIBUTES_SIZE 64 /* with their NUL */

struct service {
    char path[PATH_SIZE];
    char attributes[ATTRIBUTES_SIZE]; /* "key=value key=value" */
    uint64_t thread;                  /* the server's global id */
    uint32_t interface;               /* number << 16 | major << 8 | minor */
    uint32_t hash;
    unsigned owner;
    struct service *same_bucket, *same_owner;
    struct service **own_link; /* what points to it in its owner's list */
};

/* Where entries come from, and how a watcher learns that something has changed.  The book of regions
 * uses it, too. */
struct book_world {
    /* A zeroed page that the owner pays for, NULL with the reason in *error. */
    void *(*take_page)(unsigned owner, enum mz_error *error);
    void (*notify)(uint64_t thread, uint64_t bits);
};

void directory_init(const struct book_world *world);

/* Enter a service.  MZ_ERR_EXISTS: the path is taken; MZ_ERR_QUOTA, MZ_ERR_NO_MEMORY. */
enum mz_error directory_publish(unsigned owner, const char *path, const char *attributes,
                                uint64_t thread, uint32_t interface);

/* MZ_ERR_NOT_FOUND: there is no such service, or it is somebody else's. */
enum mz_error directory_withdraw(unsigned owner, const char *path);

/* NULL: nobody publishes it. */
const struct service *directory_find(const char *path);

/* All services one after the other, in no order; NULL begins and ends. */
const struct service *directory_next(const struct service *service);

/* Have the thread notified with these bits whenever the path is published or withdrawn.  A second
 * watch of the same thread for the same path replaces the first. */
enum mz_error directory_watch(unsigned owner, const char *path, uint64_t thread, uint64_t bits);
enum mz_error directory_unwatch(const char *path, uint64_t thread);

/* The owner's thread is no more: what it served or watched is gone. */
void directory_forget_thread(unsigned owner, uint64_t thread);

/* The owner is no more: all of its entries are gone, and it takes its pages back. */
void directory_forget(unsigned owner);

#endif
