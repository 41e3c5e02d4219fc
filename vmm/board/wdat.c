/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/wdat.h"

#include "devices/watchdog.h"

#define HEADER_LENGTH 32
#define NO_PCI        0xff
#define FLAG_ENABLED  0x01

enum { SPACE_IO = 1, ACCESS_DWORD = 3 };

/* clang-format off */
enum {
    RESET = 1, GET_CURRENT_COUNTDOWN = 4, GET_COUNTDOWN = 5, SET_COUNTDOWN = 6,
    GET_RUNNING_STATE = 8, SET_RUNNING_STATE = 9, GET_STOPPED_STATE = 10, SET_STOPPED_STATE = 11
};
enum { READ_VALUE = 0, READ_COUNTDOWN = 1, WRITE_VALUE = 2, WRITE_COUNTDOWN = 3 };

/* What each action does: a count is one of milliseconds. */
static const struct {
    uint8_t action, instruction, at;
    uint32_t value, mask;
} actions[] = {
    {RESET,                 WRITE_VALUE,     WATCHDOG_FEED,    1,             UINT32_MAX},
    {GET_CURRENT_COUNTDOWN, READ_COUNTDOWN,  WATCHDOG_LEFT,    0,             UINT32_MAX},
    {GET_COUNTDOWN,         READ_COUNTDOWN,  WATCHDOG_TIMEOUT, 0,             UINT32_MAX},
    {SET_COUNTDOWN,         WRITE_COUNTDOWN, WATCHDOG_TIMEOUT, 0,             UINT32_MAX},
    {GET_RUNNING_STATE,     READ_VALUE,      WATCHDOG_CONTROL, WATCHDOG_RUNS, WATCHDOG_RUNS},
    {SET_RUNNING_STATE,     WRITE_VALUE,     WATCHDOG_CONTROL, WATCHDOG_RUNS, WATCHDOG_RUNS},
    {GET_STOPPED_STATE,     READ_VALUE,      WATCHDOG_CONTROL, 0,             WATCHDOG_RUNS},
    {SET_STOPPED_STATE,     WRITE_VALUE,     WATCHDOG_CONTROL, 0,             WATCHDOG_RUNS},
};
/* clang-format on */
_Static_assert(sizeof(actions) / sizeof(actions[0]) == WDAT_ACTIONS, "one entry each");

void wdat_fill(struct wdat *wdat, uint32_t longest_ms)
{
    *wdat = (struct wdat){
        .header_length = HEADER_LENGTH,
        .pci_segment = NO_PCI,
        .pci_bus = NO_PCI,
        .pci_device = NO_PCI,
        .pci_function = NO_PCI,
        .period_ms = 1,
        .max_count = longest_ms,
        .min_count = 1,
        .flags = FLAG_ENABLED,
        .entries = WDAT_ACTIONS,
    };
    for (unsigned i = 0; i < WDAT_ACTIONS; i++)
        wdat->entry[i] = (struct wdat_entry){
            .action = actions[i].action,
            .instruction = actions[i].instruction,
            .space = SPACE_IO,
            .bits = 32,
            .access = ACCESS_DWORD,
            .address = (uint64_t)WATCHDOG_PORT + actions[i].at,
            .value = actions[i].value,
            .mask = actions[i].mask,
        };
}
