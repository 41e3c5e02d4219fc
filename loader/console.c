/* SPDX-License-Identifier: BSD-2-Clause */
#include "console.h"

#include <rt/console.h>
#include <rt/ports.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

void loader_stop(void) __attribute__((noreturn));

/* 16550 UART */
#define COM1      0x3f8
#define UART_DATA 0
#define UART_IER  1
#define UART_FCR  2
#define UART_LCR  3
#define UART_MCR  4
#define UART_LSR  5
#define LCR_8N1   0x03
#define LCR_DLAB  0x80
#define LSR_THRE  0x20
#define NO_UART   0xff

/* VGA text mode */
#define VGA_TEXT    0xb8000
#define VGA_COLUMNS 80
#define VGA_ROWS    25
#define VGA_GREY    0x0700

static unsigned vga_column, vga_row;
static int have_uart;

static void serial_put(char c)
{
    if (!have_uart)
        return;
    while (!(in8(COM1 + UART_LSR) & LSR_THRE))
        ;
    out8(COM1 + UART_DATA, (uint8_t)c);
}

/* One screen, from the top again when it is full: the loader says little. */
static void vga_put(char c)
{
    volatile uint16_t *screen = (volatile uint16_t *)VGA_TEXT;

    if (c == '\n') {
        vga_column = 0;
        vga_row = (vga_row + 1) % VGA_ROWS;
        return;
    }
    screen[vga_row * VGA_COLUMNS + vga_column] = VGA_GREY | (uint8_t)c;
    vga_column = (vga_column + 1) % VGA_COLUMNS;
    if (vga_column == 0)
        vga_row = (vga_row + 1) % VGA_ROWS;
}

static void console_put(char c)
{
    if (c == '\n')
        serial_put('\r');
    serial_put(c);
    vga_put(c);
}

void console_init(void)
{
    have_uart = in8(COM1 + UART_LSR) != NO_UART;
    if (have_uart) {
        out8(COM1 + UART_IER, 0);
        out8(COM1 + UART_LCR, LCR_DLAB);
        out8(COM1 + UART_DATA, 1); /* 115200 */
        out8(COM1 + UART_IER, 0);
        out8(COM1 + UART_LCR, LCR_8N1);
        out8(COM1 + UART_FCR, 7);
        out8(COM1 + UART_MCR, 3);
    }
    rt_set_putchar(console_put);
}

void fail(const char *fmt, ...)
{
    va_list args;

    printf("loader: error: ");
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    printf("\nloader: stopped\n");
    loader_stop();
}
