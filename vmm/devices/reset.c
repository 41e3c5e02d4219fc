/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/reset.h"

#define RESET_START       0x04u /* a rising edge resets */
#define KBC_PULSE         0xfeu
#define SLEEP_ENABLE      0x20u
#define SLEEP_TYPE(value) ((value) >> 2 & 7)

static uint32_t read_zero(void *device, uint16_t port, unsigned size)
{
    return 0;
}

static void write_reset(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct reset *reset = device;
    if (value & RESET_START)
        reset->reboot(reset->context);
}

/* There is no keyboard controller, only its well-known way to reset a PC. */
static uint32_t read_kbc(void *device, uint16_t port, unsigned size)
{
    return UINT32_MAX;
}

static void write_kbc(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct reset *reset = device;
    if ((value & 0xff) == KBC_PULSE)
        reset->reboot(reset->context);
}

static void write_sleep(void *device, uint16_t port, unsigned size, uint32_t value)
{
    struct reset *reset = device;
    if (port == SLEEP_CONTROL && (value & SLEEP_ENABLE) && SLEEP_TYPE(value) == SLEEP_TYPE_S5)
        reset->poweroff(reset->context);
}

bool reset_attach(struct reset *reset, struct io_bus *bus)
{
    return io_bus_add(bus, RESET_PORT, 1, (struct io_device){read_zero, write_reset, reset}) &&
           io_bus_add(bus, KBC_PORT, 1, (struct io_device){read_kbc, write_kbc, reset}) &&
           io_bus_add(bus, SLEEP_CONTROL, SLEEP_REGISTERS,
                      (struct io_device){read_zero, write_sleep, reset});
}
