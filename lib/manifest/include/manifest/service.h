/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paths of services: "/net/lan" is one, and with an asterisk behind the last slash it is
 * all that begin so: a subtree, of which "/net" itself is no part.
 */
#ifndef MANIFEST_SERVICE_H
#define MANIFEST_SERVICE_H

#include <stdbool.h>

bool service_is_subtree(const char *path);

/* The narrower of the two where one allows what the other does; NULL: they have no
 * service in common. */
const char *service_overlap(const char *a, const char *b);

#endif
