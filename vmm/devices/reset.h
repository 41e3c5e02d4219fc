/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers that end a VM's life: the reset control register, the keyboard
 * controller's reset pulse, ACPI's sleep control register.
 */
#ifndef VMM_DEVICES_RESET_H
#define VMM_DEVICES_RESET_H

#include "board/bus.h"

#define RESET_PORT      0xcf9
#define RESET_VALUE     0x06 /* full reset */
#define KBC_PORT        0x64
#define SLEEP_CONTROL   0x600
#define SLEEP_STATUS    0x601
#define SLEEP_TYPE_S5   5
#define SLEEP_REGISTERS 2

struct reset {
    void (*reboot)(void *context);
    void (*poweroff)(void *context);
    void *context;
};

bool reset_attach(struct reset *reset, struct io_bus *bus);

#endif
