/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A builder of ACPI Machine Language, as far as a table of devices needs it.
 * Packages (scopes, devices, buffers) are opened and closed; their length is
 * filled in when they close.  What does not fit sets `overflow`.
 */
#ifndef VMM_BOARD_AML_H
#define VMM_BOARD_AML_H

#include <stdbool.h>
#include <stdint.h>

#define AML_DEPTH 6

struct aml {
    uint8_t *bytes;
    unsigned size, at;
    unsigned depth;
    unsigned open[AML_DEPTH]; /* where the length of each open package goes */
    bool overflow;
};

void aml_init(struct aml *aml, uint8_t *bytes, unsigned size);

/* Names have four characters; a leading backslash makes them absolute. */
void aml_scope(struct aml *aml, const char *name);
void aml_device(struct aml *aml, const char *name);
/* Name (name, <the integer, string, EISA id that follows>) */
void aml_name(struct aml *aml, const char *name);
void aml_integer(struct aml *aml, uint64_t value);
void aml_eisa_id(struct aml *aml, const char *id);
void aml_string(struct aml *aml, const char *text);
/* A package of so many small integers follows. */
void aml_package(struct aml *aml, unsigned elements);
/* A method, one call at a time; statements follow. */
void aml_method(struct aml *aml, const char *name, unsigned arguments);
/* A statement: tell the driver of a device. */
void aml_notify(struct aml *aml, const char *device, uint8_t value);
void aml_close(struct aml *aml);

/* A buffer of resource descriptors; aml_resources_end() closes it. */
void aml_resources(struct aml *aml);
void aml_io(struct aml *aml, uint16_t first, uint8_t length);
void aml_interrupt(struct aml *aml, uint32_t gsi, bool edge);
/* Ranges that a bridge hands on. */
void aml_bus_window(struct aml *aml, uint16_t first, uint16_t last);
void aml_io_window(struct aml *aml, uint16_t first, uint16_t last);
void aml_memory_window(struct aml *aml, uint32_t first, uint32_t last);
void aml_resources_end(struct aml *aml);

#endif
