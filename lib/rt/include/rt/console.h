/* SPDX-License-Identifier: BSD-2-Clause */
/* Where printf's characters go. */
#ifndef RT_CONSOLE_H
#define RT_CONSOLE_H

/* put is called for each character; without it output is thrown away. */
void rt_set_putchar(void (*put)(char c));

#endif
