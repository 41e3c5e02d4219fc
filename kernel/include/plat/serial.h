/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PLAT_SERIAL_H
#define PLAT_SERIAL_H

void serial_init(void);

#endif
