/* SPDX-License-Identifier: BSD-2-Clause */
/* Switching the machine off. */
#ifndef MONITOR_POWER_H
#define MONITOR_POWER_H

#include <stdbool.h>
#include <stdint.h>

/* QEMU's isa-debug-exit device is at this port (0: there is none): it carries the exit code. */
void power_set_debug_exit(uint16_t port);

/* Whether one of these ports switches the machine off, or changes its mode. */
bool power_has_port(uint64_t first, uint64_t last);

/* Write the last line and the trace, if there is one, wait until it is out, and switch off: by isa-debug-exit,
 * else ACPI S5, else stop with a message.  Codes: 0 all well, 1 a VM failed, 2 the
 * system could not be started. */
_Noreturn void power_off(unsigned code, const char *why);

#endif
