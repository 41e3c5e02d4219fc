/* SPDX-License-Identifier: BSD-2-Clause */
/* Doubly linked circular lists with the links inside the objects. */
#ifndef CORE_LIST_H
#define CORE_LIST_H

#include "types.h"

struct list {
    struct list *next, *prev;
};

static inline void list_init(struct list *l)
{
    l->next = l->prev = l;
}

/* Also true for an element that is in no list. */
static inline bool list_empty(const struct list *l)
{
    return l->next == l;
}

static inline void list_append(struct list *head, struct list *e)
{
    e->prev = head->prev;
    e->next = head;
    head->prev->next = e;
    head->prev = e;
}

static inline void list_prepend(struct list *head, struct list *e)
{
    list_append(head->next, e);
}

/* Removing an element twice is harmless. */
static inline void list_remove(struct list *e)
{
    e->prev->next = e->next;
    e->next->prev = e->prev;
    e->next = e->prev = e;
}

#define list_first(head, type, member) container_of((head)->next, type, member)

#endif
