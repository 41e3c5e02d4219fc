/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's trace as lines of text: the monitor writes them, `marzipan trace` reads them.
 * docs/tracing.md has the rest of the format.
 */
#ifndef MARZIPAN_TRACE_H
#define MARZIPAN_TRACE_H

#define MZ_TRACE_MARK    "~trace " /* how each line begins */
#define MZ_TRACE_VERSION 1 /* in the first line; any change of the format makes another one */

#endif
