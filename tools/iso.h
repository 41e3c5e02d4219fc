/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TOOLS_ISO_H
#define TOOLS_ISO_H

#include "stage.h"

/* Make a CD image from a staged system, whose folder stays as it is.  CODE_OK, or
 * an exit code with the complaint printed. */
int iso_make(const struct stage *stage, const char *output);

#endif
