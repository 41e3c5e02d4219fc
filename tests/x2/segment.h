/* SPDX-License-Identifier: BSD-2-Clause */
/* What ThreadLocal takes, on either width (amd64/segment.c, ia32/segment.c). */
#ifndef X2_SEGMENT_H
#define X2_SEGMENT_H

#include "x2.h"

/* The caller's thread-local word, FS:0, is at this address; false: refused.  And no longer. */
bool set_local(volatile L4_Word_t *at);
bool drop_local(void);

/* Arguments of ThreadLocal that are refused. */
#define BAD_SEGMENTS 9
extern const L4_Word_t bad_segments[BAD_SEGMENTS][3];

#endif
