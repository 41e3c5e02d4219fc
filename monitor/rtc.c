/* SPDX-License-Identifier: BSD-2-Clause */
#include "rtc.h"

#include <stdbool.h>

#include <rt/ports.h>

#include "log.h"

#define INDEX  0x70
#define DATA   0x71
#define NO_NMI 0x80

enum { SECOND = 0, MINUTE = 2, HOUR = 4, DAY = 7, MONTH = 8, YEAR = 9, STATUS_A = 10, STATUS_B };
#define A_UPDATING 0x80
#define B_BINARY   0x04
#define B_24_HOURS 0x02
#define PM         0x80
#define TRIES      100000u

static uint8_t read_register(unsigned index)
{
    out8(INDEX, (uint8_t)(index | NO_NMI));
    return in8(DATA);
}

static unsigned number(uint8_t raw, uint8_t mode)
{
    return mode & B_BINARY ? raw : (raw >> 4) * 10u + (raw & 15u);
}

static unsigned hour(uint8_t raw, uint8_t mode)
{
    unsigned h = number(mode & B_24_HOURS ? raw : raw & ~PM, mode);

    if (mode & B_24_HOURS)
        return h;
    return h % 12 + (raw & PM ? 12 : 0);
}

uint64_t rtc_seconds(unsigned year, unsigned month, unsigned day, unsigned hours, unsigned minutes,
                     unsigned seconds)
{
    /* Count years from March, so that the leap day is the last of its year. */
    uint64_t y = month <= 2 ? year - 1 : year;
    uint64_t m = month <= 2 ? month + 9 : month - 3;
    uint64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;

    return (days - 719468) * 86400 + hours * 3600 + minutes * 60 + seconds;
}

static uint64_t read_chip(void)
{
    unsigned tries = 0;
    uint8_t mode, second;
    uint64_t result;

    do {
        while (read_register(STATUS_A) & A_UPDATING && tries < TRIES)
            tries++;
        mode = read_register(STATUS_B);
        second = read_register(SECOND);
        result = rtc_seconds(2000 + number(read_register(YEAR), mode),
                             number(read_register(MONTH), mode), number(read_register(DAY), mode),
                             hour(read_register(HOUR), mode), number(read_register(MINUTE), mode),
                             number(second, mode));
    } while (read_register(SECOND) != second && ++tries < TRIES);
    return tries < TRIES ? result : 0;
}

uint64_t rtc_boot_seconds(void)
{
    static bool read;
    static uint64_t at_boot;

    if (!read) {
        uint64_t now = read_chip();

        at_boot = now ? now - now_ms() / 1000 : 0;
        read = true;
    }
    return at_boot;
}
