/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nobody at the other end can hold the shell up.  A request is read when the answers before
 * it are out, so that one answer is queued at most; a client that does not read them has them
 * dropped.  Of one that floods, BUDGET bytes are read in a millisecond, and what it sends
 * beyond stays in the device.
 */
#include "remote.h"

#include <stdbool.h>
#include <string.h>

#include <l4/ipc.h>
#include <l4/message.h>
#include <l4/thread.h>

#include <marzipan/device.h>
#include <marzipan/native.h>
#include <uart/uart.h>

#include "commands.h"
#include "console.h"
#include "frame.h"
#include "prompt.h"
#include "table.h"

#define BUDGET      256u /* bytes read in a millisecond           */
#define REQUEST     32u  /* of which a request costs this many    */
#define PAUSE_MS    1u
#define POLL_MS     20u    /* without interrupts                     */
#define PATIENCE_MS 10000u /* with a client that does not read       */
#define LAST_ROOM   256u   /* kept free for the end of an answer     */

static uint8_t buffer[65536]; /* the longest answer: nobody waits for its reader */
static struct uart uart, *const line = &uart;
static struct frame frame;
static struct answer answer;
static bool by_interrupt, awake;
static bool told; /* the log knows that this client misbehaves */
static uint64_t stuck_ms, stuck_tail;

/* Whether the answers so far are out. */
static bool is_idle(void)
{
    return !fifo_used(&line->queue);
}

static bool write_line(const char *text)
{
    size_t length = strlen(text), end = text[0] == ' ' ? LAST_ROOM : 0;

    if (fifo_room(&line->queue) < length + 1 + end)
        return false;
    uart_write(line, text, length);
    uart_write(line, "\n", 1);
    return true;
}

static void say(const char *text)
{
    answer_line(&answer, text);
}

static void run(const char *text)
{
    enum shell_next next = shell_run(text, say);

    switch (next) {
    case SHELL_LOG:
        say("the log is on the serial console: press Ctrl-] l there");
        next = SHELL_REFUSED;
        break;
    case SHELL_LEAVE:
        say("`exit` leaves the prompt of the serial console; there is none here");
        next = SHELL_REFUSED;
        break;
    case SHELL_CONSOLE:
        prompt_close();
        say("it is in focus on the serial console now");
        break;
    case SHELL_TOP: /* once: who wants it again asks again */
        table_write(say, true);
        break;
    case SHELL_MORE:
    case SHELL_REFUSED:
        break;
    }
    answer_end(&answer, next == SHELL_REFUSED);
}

static void tell(const char *what)
{
    if (!told)
        native_log(MZ_LOG_WARN, "control line: %s", what);
    told = true;
}

static void refuse(const char *why)
{
    tell("what came is no request, and was dropped");
    say(why);
    answer_end(&answer, true);
}

static void take(uint8_t byte)
{
    enum frame_state state = frame_take(&frame, byte);

    answer_begin(&answer, write_line);
    switch (state) {
    case FRAME_PART:
        break;
    case FRAME_LONG:
        refuse("the line is too long");
        break;
    case FRAME_BAD:
        refuse("the line has characters that are not printable ASCII");
        break;
    case FRAME_LINE:
        if (frame.line[0] == '=') {
            told = false; /* a new client */
            write_line(frame.line);
        } else {
            run(frame.line);
        }
        break;
    }
}

/* The time until the answers that nobody reads are dropped. */
static uint64_t wait_for_reader(void)
{
    uint64_t now = now_ms();

    if (line->queue.tail != stuck_tail || !stuck_ms) {
        stuck_tail = line->queue.tail;
        stuck_ms = now + PATIENCE_MS;
    }
    if (now < stuck_ms)
        return stuck_ms - now;
    tell("nobody reads the answers; they were dropped");
    uart_discard(line);
    stuck_ms = 0;
    return PAUSE_MS;
}

void remote_init(void)
{
    L4_ThreadId_t m = native_monitor();
    struct mz_fpage ports;

    if (mz_device_claim_ports(m, UART_COM2, UART_PORTS, L4_CompleteAddressSpace, &ports))
        return;
    uart_init(line, UART_COM2, buffer, sizeof(buffer));
    by_interrupt = line->present && !mz_device_claim_interrupt(m, UART_COM2_IRQ, L4_Myself());
    if (by_interrupt)
        uart_enable(line);
}

void remote_interrupt(L4_ThreadId_t from)
{
    if (!by_interrupt || !L4_IsThreadEqual(from, L4_GlobalId(UART_COM2_IRQ, 1)))
        return;
    awake = true;
    uart_acknowledge(line);
    L4_Set_MsgTag(L4_Niltag);
    L4_Reply(from);
}

/* Read what the budget of this millisecond allows, one request after the other.  Whether there
 * may be more. */
static bool read_some(void)
{
    static unsigned budget;
    static uint64_t window_ms;
    uint64_t now = now_ms();

    if (now != window_ms)
        budget = BUDGET;
    window_ms = now;
    while (budget && is_idle()) {
        int byte = uart_read(line);
        unsigned cost = byte == '\n' ? REQUEST : 1;

        if (byte < 0)
            return false;
        budget -= cost < budget ? cost : budget;
        take((uint8_t)byte);
        uart_pump(line);
    }
    return true;
}

uint64_t remote_poll(void)
{
    if (!line->present || (by_interrupt && !awake))
        return 0;
    uart_pump(line);
    if (is_idle())
        awake = read_some();
    if (is_idle())
        shell_answered();
    uart_hold(line, awake);
    if (!is_idle())
        return wait_for_reader();
    stuck_ms = 0;
    return awake ? PAUSE_MS : by_interrupt ? 0 : POLL_MS;
}
