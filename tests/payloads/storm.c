/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms its UART: output without a pause, kind=irq also by switching the transmitter's
 * interrupt on and off.  lines=N ends it; for ever without.
 */
#include "payload.h"

enum { COM1_IER = 0x3f9, IER_THRE = 2, WIDTH = 72 };

void payload_main(void)
{
    bool irq = argument("kind", "out")[0] == 'i';
    uint64_t lines = argument_number("lines", UINT64_MAX);

    print("storm: begins\n");
    for (uint64_t n = 0; n < lines; n++) {
        for (unsigned i = 0; i < WIDTH; i++) {
            console_put((char)('!' + (n + i) % 94));
            if (irq) {
                out8(COM1_IER, IER_THRE);
                out8(COM1_IER, 0);
            }
        }
        print("\n");
    }
    print("storm: done\n");
}
