/* SPDX-License-Identifier: BSD-2-Clause */
/* The time of day, from the PC's clock chip. */
#ifndef MONITOR_RTC_H
#define MONITOR_RTC_H

#include <stdint.h>

/* Seconds since 1970 (UTC) when the kernel's clock was 0; 0 if unknown.  The chip
 * is read once. */
uint64_t rtc_boot_seconds(void);

/* Seconds since 1970 of a date, month and day counting from 1. */
uint64_t rtc_seconds(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                     unsigned second);

#endif
