/* SPDX-License-Identifier: BSD-2-Clause */
/* A UART that is always ready: what a guest writes goes to standard output. */
#include "vm.h"

#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { THR = 0, IER = 1, IIR = 2, LCR = 3, LSR = 5, MSR = 6 };
enum { IER_THRE = 2, IIR_NONE = 1, IIR_THRE = 2, LCR_DLAB = 0x80, LSR_IDLE = 0x60, MSR_OK = 0xb0 };
enum { COM1_IRQ = 4 };

static uint8_t reg[8];
static bool empty_pending;
static char tail[64]; /* the end of what was written; spaces, not zeros, before the start */

static void update_line(const struct vm *vm)
{
    static bool was;
    bool is = empty_pending && reg[IER] & IER_THRE;
    struct kvm_irq_level line = {.irq = COM1_IRQ, .level = is};

    if (is != was)
        ioctl(vm->fd, KVM_IRQ_LINE, &line);
    was = is;
}

void uart_reset(void)
{
    memset(tail, ' ', sizeof tail - 1);
    memset(reg, 0, sizeof reg);
    empty_pending = false;
}

bool uart_has_seen(const char *text)
{
    return strstr(tail, text) != NULL;
}

void uart_write(const struct vm *vm, unsigned offset, uint8_t value)
{
    if (offset == THR && !(reg[LCR] & LCR_DLAB)) {
        if (write(1, &value, 1) != 1)
            return;
        memmove(tail, tail + 1, sizeof tail - 2);
        tail[sizeof tail - 2] = value ? (char)value : ' ';
        empty_pending = true;
    } else {
        reg[offset] = value;
        if (offset == IER && value & IER_THRE)
            empty_pending = true;
    }
    update_line(vm);
}

uint8_t uart_read(const struct vm *vm, unsigned offset)
{
    uint8_t value = reg[offset];

    if (offset == LSR)
        return LSR_IDLE;
    if (offset == MSR)
        return MSR_OK;
    if (offset == IIR) {
        value = empty_pending && reg[IER] & IER_THRE ? IIR_THRE : IIR_NONE;
        if (value == IIR_THRE)
            empty_pending = false;
        update_line(vm);
    }
    return offset == THR ? 0 : value;
}
