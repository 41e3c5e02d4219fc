/* SPDX-License-Identifier: BSD-2-Clause */
#include <books/directory.h>

#include <stddef.h>
#include <string.h>

#include <books/memory.h>

#define BUCKETS 8192u /* a power of 2; long chains begin with more services */

/* A service that somebody waits for uses a service's memory: its attributes are unused. */
struct watch {
    struct service as;
    uint64_t bits;
};

union entry {
    struct watch watch;
    union entry *next_free;
};

#define ENTRIES_PER_PAGE (MEM_PAGE / sizeof(union entry))

/* What an owner has in the directory. */
struct shelf {
    struct service *services, *watches;
    union entry *free;
};

static struct shelf shelves[MEM_OWNER_MAX];
static struct service *services[BUCKETS], *watches[BUCKETS];
static const struct book_world *world;

void directory_init(const struct book_world *w)
{
    world = w;
}

/* FNV-1a. */
static uint32_t hash_of(const char *path)
{
    uint32_t hash = 0x811c9dc5;

    while (*path)
        hash = (hash ^ (uint8_t)*path++) * 0x01000193;
    return hash ^ hash >> 15;
}

static union entry *take_entry(unsigned owner, enum mz_error *error)
{
    struct shelf *shelf = &shelves[owner];
    union entry *e = shelf->free;

    *error = MZ_OK;
    if (!e) {
        union entry *page = world->take_page(owner, error);

        if (!page)
            return NULL;
        for (unsigned i = 0; i < ENTRIES_PER_PAGE; i++) {
            page[i].next_free = shelf->free;
            shelf->free = &page[i];
        }
        e = shelf->free;
    }
    shelf->free = e->next_free;
    memset(e, 0, sizeof(*e));
    return e;
}

static void enter(struct service *s, const char *path, struct service **table, struct service **own)
{
    struct service **bucket;

    strncpy(s->path, path, sizeof(s->path) - 1);
    s->hash = hash_of(path);
    bucket = &table[s->hash % BUCKETS];
    s->same_bucket = *bucket;
    *bucket = s;
    s->same_owner = *own;
    s->own_link = own;
    if (*own)
        (*own)->own_link = &s->same_owner;
    *own = s;
}

static void leave_bucket(struct service *s, struct service **table)
{
    struct service **link = &table[s->hash % BUCKETS];

    while (*link != s)
        link = &(*link)->same_bucket;
    *link = s->same_bucket;
}

/* Take an entry out of its bucket and its owner's list. */
static void remove(struct service *s, struct service **table)
{
    union entry *e = (union entry *)s;
    unsigned owner = s->owner;

    leave_bucket(s, table);
    *s->own_link = s->same_owner;
    if (s->same_owner)
        s->same_owner->own_link = s->own_link;
    e->next_free = shelves[owner].free;
    shelves[owner].free = e;
}

static void tell_watchers(const char *path)
{
    uint32_t hash = hash_of(path);

    for (struct service *s = watches[hash % BUCKETS]; s; s = s->same_bucket) {
        if (s->hash == hash && strcmp(s->path, path) == 0)
            world->notify(s->thread, ((struct watch *)s)->bits);
    }
}

static struct service *find(const char *path)
{
    uint32_t hash = hash_of(path);

    for (struct service *s = services[hash % BUCKETS]; s; s = s->same_bucket) {
        if (s->hash == hash && strcmp(s->path, path) == 0)
            return s;
    }
    return NULL;
}

const struct service *directory_find(const char *path)
{
    return find(path);
}

enum mz_error directory_publish(unsigned owner, const char *path, const char *attributes,
                                uint64_t thread, uint32_t interface)
{
    enum mz_error error;
    union entry *e;
    struct service *s;

    if (directory_find(path))
        return MZ_ERR_EXISTS;
    e = take_entry(owner, &error);
    if (!e)
        return error;
    s = &e->watch.as;
    strncpy(s->attributes, attributes, sizeof(s->attributes) - 1);
    s->thread = thread;
    s->interface = interface;
    s->owner = owner;
    enter(s, path, services, &shelves[owner].services);
    tell_watchers(path);
    return MZ_OK;
}

static void withdraw(struct service *s)
{
    char path[PATH_SIZE];

    memcpy(path, s->path, sizeof(path));
    remove(s, services);
    tell_watchers(path);
}

enum mz_error directory_withdraw(unsigned owner, const char *path)
{
    struct service *s = find(path);

    if (!s || s->owner != owner)
        return MZ_ERR_NOT_FOUND;
    withdraw(s);
    return MZ_OK;
}

const struct service *directory_next(const struct service *service)
{
    unsigned bucket = 0;

    if (service && service->same_bucket)
        return service->same_bucket;
    if (service)
        bucket = service->hash % BUCKETS + 1;
    for (; bucket < BUCKETS; bucket++) {
        if (services[bucket])
            return services[bucket];
    }
    return NULL;
}

static struct service *find_watch(const char *path, uint64_t thread)
{
    struct service *s = watches[hash_of(path) % BUCKETS];

    while (s && (s->thread != thread || strcmp(s->path, path) != 0))
        s = s->same_bucket;
    return s;
}

enum mz_error directory_watch(unsigned owner, const char *path, uint64_t thread, uint64_t bits)
{
    struct service *s = find_watch(path, thread);
    enum mz_error error;
    union entry *e;

    if (s) {
        ((struct watch *)s)->bits = bits;
        return MZ_OK;
    }
    e = take_entry(owner, &error);
    if (!e)
        return error;
    e->watch.as.thread = thread;
    e->watch.as.owner = owner;
    e->watch.bits = bits;
    enter(&e->watch.as, path, watches, &shelves[owner].watches);
    return MZ_OK;
}

enum mz_error directory_unwatch(const char *path, uint64_t thread)
{
    struct service *s = find_watch(path, thread);

    if (!s)
        return MZ_ERR_NOT_FOUND;
    remove(s, watches);
    return MZ_OK;
}

void directory_forget_thread(unsigned owner, uint64_t thread)
{
    struct shelf *shelf = &shelves[owner];

    for (struct service *s = shelf->watches, *next; s; s = next) {
        next = s->same_owner;
        if (s->thread == thread)
            remove(s, watches);
    }
    for (struct service *s = shelf->services, *next; s; s = next) {
        next = s->same_owner;
        if (s->thread == thread)
            withdraw(s);
    }
}

void directory_forget(unsigned owner)
{
    struct shelf *shelf = &shelves[owner];

    while (shelf->watches)
        remove(shelf->watches, watches);
    while (shelf->services)
        withdraw(shelf->services);
    shelf->free = NULL;
}
