/* SPDX-License-Identifier: BSD-2-Clause */
// SOURCES: vmm/devices/uart.c
// CFLAGS: -Ivmm -Ibuild/idl -Ilib/l4/include
/* The serial port as drivers use it: detection, FIFOs, interrupts, loop-back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "devices/uart.h"

#define BASE 0x3f8
enum { DATA, IER, FCR, LCR, MCR, LSR, MSR, SCR };
enum { IIR = FCR };

static struct uart uart;
static struct io_device ports;
static char sent[64], input[64];
static unsigned sent_count, input_count, input_at, edges;
static bool line;

static void put(void *context, uint8_t byte)
{
    assert_true(sent_count < sizeof(sent));
    sent[sent_count++] = (char)byte;
}

static int get(void *context)
{
    return input_at < input_count ? (uint8_t)input[input_at++] : -1;
}

static void set_line(void *controller, unsigned pin, bool level)
{
    assert_int_equal(pin, 4);
    edges += level && !line;
    line = level;
}

static int setup(void **state)
{
    sent_count = input_count = input_at = edges = 0;
    line = false;
    uart_init(&uart, BASE, (struct uart_backend){put, get, NULL},
              (struct irq_line){set_line, NULL, 4});
    ports = uart_ports(&uart);
    return 0;
}

static uint8_t in(unsigned reg)
{
    return (uint8_t)ports.read(ports.device, (uint16_t)(BASE + reg), 1);
}

static void out(unsigned reg, uint8_t value)
{
    ports.write(ports.device, (uint16_t)(BASE + reg), 1, value);
}

static void type(const char *text)
{
    input_count = (unsigned)strlen(text);
    memcpy(input, text, input_count);
    input_at = 0;
    uart_poll(&uart);
}

/* What Linux's autoconfig looks at. */
static void it_is_a_16550a(void **state)
{
    out(IER, 0);
    assert_int_equal(in(IER), 0);
    out(IER, 0x0f);
    assert_int_equal(in(IER), 0x0f);
    out(IER, 0xf0);
    assert_int_equal(in(IER), 0);
    out(MCR, 0x1a);
    assert_int_equal(in(MSR)&0xf0, 0x90);
    out(MCR, 0);
    assert_int_equal(in(MSR)&0xf0, 0xb0);
    out(FCR, 0x01);
    assert_int_equal(in(IIR)&0xc0, 0xc0);
    out(FCR, 0x21);
    assert_int_equal(in(IIR)&0x20, 0); /* no 16750 */
    out(FCR, 0);
    assert_int_equal(in(IIR), 0x01);
    out(LCR, 0x83);
    out(DATA, 0x0c);
    out(IER, 0x34);
    assert_int_equal(in(DATA), 0x0c);
    assert_int_equal(in(IER), 0x34);
    out(LCR, 0x03);
    out(SCR, 0xa5);
    assert_int_equal(in(SCR), 0xa5);
    assert_int_equal(sent_count, 0);
}

static void bytes_are_sent_at_once(void **state)
{
    out(DATA, 'h');
    out(DATA, 'i');
    assert_int_equal(in(LSR), 0x60);
    assert_memory_equal(sent, "hi", 2);
    assert_int_equal(edges, 0);
}

static void an_empty_transmitter_interrupts(void **state)
{
    out(IER, 2);
    assert_true(line);
    assert_int_equal(in(IIR), 0x02); /* reading it is the acknowledgement */
    assert_false(line);
    assert_int_equal(in(IIR), 0x01);
    out(DATA, 'x');
    assert_true(line);
    assert_int_equal(edges, 2);
    out(DATA, 'y'); /* a new edge, although nobody has looked */
    assert_int_equal(edges, 3);
    out(IER, 0);
    assert_false(line);
}

static void input_interrupts(void **state)
{
    out(FCR, 0x81); /* trigger level 8 */
    out(IER, 5);
    type("abc");
    assert_true(line);
    assert_int_equal(in(IIR), 0xcc);
    assert_int_equal(in(LSR), 0x61);
    assert_int_equal(in(DATA), 'a');
    assert_int_equal(in(DATA), 'b');
    assert_true(line);
    assert_int_equal(in(DATA), 'c');
    assert_false(line);
    assert_int_equal(in(LSR), 0x60);
    type("12345678");
    assert_int_equal(in(IIR), 0xc4);
}

static void more_input_than_the_fifo_holds_is_fetched_later(void **state)
{
    out(FCR, 0x01);
    type("0123456789abcdefghijklmnopqrstuv");
    assert_int_equal(input_at, UART_FIFO);
    for (unsigned i = 0; i < 32; i++) {
        assert_int_equal(in(LSR)&1, 1);
        assert_int_equal(in(DATA), input[i]);
    }
    assert_int_equal(in(LSR)&1, 0);
}

static void without_fifo_one_byte_is_held(void **state)
{
    type("ab");
    assert_int_equal(input_at, 1);
    assert_int_equal(in(DATA), 'a');
    assert_int_equal(in(DATA), 'b');
}

static void clearing_drops_input(void **state)
{
    out(FCR, 0x01);
    type("abc");
    out(FCR, 0x03);
    assert_int_equal(in(LSR)&1, 0);
}

static void loop_back_returns_bytes_and_overruns(void **state)
{
    out(MCR, 0x10);
    out(IER, 4);
    out(DATA, 1);
    assert_int_equal(sent_count, 0);
    out(DATA, 2);
    assert_int_equal(in(IIR), 0x06);
    assert_int_equal(in(LSR), 0x63);
    assert_int_equal(in(IIR), 0x01);
    assert_int_equal(in(DATA), 1);
    input_count = 1;
    uart_poll(&uart); /* nothing comes in meanwhile */
    assert_int_equal(in(LSR)&1, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_a_16550a),
        TEST(bytes_are_sent_at_once),
        TEST(an_empty_transmitter_interrupts),
        TEST(input_interrupts),
        TEST(more_input_than_the_fifo_holds_is_fetched_later),
        TEST(without_fifo_one_byte_is_held),
        TEST(clearing_drops_input),
        TEST(loop_back_returns_bytes_and_overruns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
