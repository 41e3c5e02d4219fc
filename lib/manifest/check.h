/* SPDX-License-Identifier: BSD-2-Clause */
/* What no single value can be wrong about: the description as a whole. */
#ifndef MANIFEST_CHECK_H
#define MANIFEST_CHECK_H

#include <manifest/system.h>

void check_system(struct system *system, const struct system_options *options);

/* Find and judge the files that the description names. */
void find_images(struct system *system, const struct system_options *options);

/* What VMs and programs say about each other: who publishes and uses which service. */
void check_services(struct system *system);

/* And with whom they may share memory. */
void check_memory_partners(struct system *system);

/* Can all of them start, one after the other? */
void check_order(struct system *system);

/* Does nobody have what another one has, or the system itself? */
void check_devices(struct system *system);

/* Do caps, reservations and the processors that they are for suit each other? */
void check_shares(struct system *system);

/* Is the kernel memory that somebody has said enough to live with? */
void check_kernel_memory(struct system *system);

/* Do all VMs fit into the machine? */
void check_budget(struct system *system, const struct system_options *options);

#endif
