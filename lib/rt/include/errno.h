/* SPDX-License-Identifier: BSD-2-Clause */
/* The error numbers that code shared with the host uses, with the host's values. */
#ifndef RT_ERRNO_H
#define RT_ERRNO_H

/* One for the whole program: only strtoul sets it. */
extern int errno;

#define EPERM  1
#define ENOENT 2
#define EIO    5
#define E2BIG  7
#define EAGAIN 11
#define ENOMEM 12
#define EBUSY  16
#define EEXIST 17
#define EINVAL 22
#define ENOSPC 28
#define ERANGE 34

#endif
