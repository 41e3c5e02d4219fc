/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PLAT_SERIAL_H
#define PLAT_SERIAL_H

#define SERIAL_IRQ 4 /* COM1's */

void serial_init(void);

#endif
