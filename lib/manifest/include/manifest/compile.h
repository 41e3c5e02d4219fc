/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MANIFEST_COMPILE_H
#define MANIFEST_COMPILE_H

#include <manifest/system.h>

/* Compile a system without errors, its images found, to the device tree that the
 * monitor reads (docs/system-description.md has its form).  debug_exit is the port
 * of QEMU's isa-debug-exit, 0 for a machine that is switched off through ACPI.  The
 * blob, of *size bytes, is the caller's to free. */
void *system_compile(const struct system *system, uint32_t debug_exit, size_t *size);

#endif
