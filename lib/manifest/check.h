/* SPDX-License-Identifier: BSD-2-Clause */
/* What no single value can be wrong about: the description as a whole. */
#ifndef MANIFEST_CHECK_H
#define MANIFEST_CHECK_H

#include <manifest/system.h>

/* In messages. */
const char *domain_kind_name(enum domain_kind kind);

void check_system(struct system *system, const struct system_options *options);

/* Find and judge the files that the description names. */
void find_images(struct system *system, const struct system_options *options);

/* An image that a description inside of the system is compiled to. */
const struct image *add_compiled_image(struct system *system, const char *name,
                                       const struct system *inner);

bool is_same_file(const char *a, const char *b);

/* The path that a value means. */
const char *path_of_value(struct system *system, const char *text);

/* Read and check the descriptions inside. */
void load_inner_systems(struct system *system, const struct system_options *options);
void system_load_inner(struct system *inner, struct system *outer, const struct monitor *entry,
                       const char *path, const struct system_options *options);

/* Find the limits of each monitor; does it hold what is inside, and does that keep to them? */
void check_monitors(struct system *system);
void check_confined(struct system *system);

/* What the kernel may need for a monitor itself, and what somebody else may have of it. */
uint64_t monitor_needs(const struct monitor *monitor);
uint64_t kernel_memory_of(const struct domain *domain);
uint64_t kernel_memory_default(uint64_t memory);

/* Who has how much of the memory inside of a monitor. */
void report_inner_holders(struct system *system, struct system *inner);

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
