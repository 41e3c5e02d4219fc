/* SPDX-License-Identifier: BSD-2-Clause */
#include "board/board.h"

#include "host.h"

#define PIT_PORT  0x40u
#define PIT_PORTS 4u

/* There is no PIT.  Reading 0 ends a calibration against it at once, where ones
 * let Linux poll it for long. */
static uint32_t pit_read(void *device, uint16_t port, unsigned size)
{
    return 0;
}

static void pit_write(void *device, uint16_t port, unsigned size, uint32_t value)
{
}

static void reboot(void *context)
{
    host_exit(MZ_EXIT_REBOOT, 0, "%s", "");
}

static void poweroff(void *context)
{
    host_exit(MZ_EXIT_POWEROFF, 0, "%s", "");
}

static void deliver(void *context, const struct apic_message *message)
{
    struct board *board = context;
    apic_bus_deliver(&board->apics, message);
}

/* Fails only for a board that was wired wrongly in this file. */
static void attach(bool done)
{
    if (!done)
        host_exit(MZ_EXIT_INTERNAL, 0, "(the board has too many devices)");
}

static void share_locks(struct board *board, bool shared)
{
    board->lock.shared = board->flushing.shared = board->ram.lock.shared = shared;
}

void board_init(struct board *board, unsigned cpus, uint64_t tsc_khz, uint64_t start_ns)
{
    board->tsc_start = host_tsc();
    cpus_init(&board->cpus, cpus);
    share_locks(board, cpus > 1);
    io_bus_init(&board->ports, &board->lock);
    mmio_bus_init(&board->mmio, &board->lock);
    attach(pci_attach(&board->pci, &board->ports));
    board->reset = (struct reset){reboot, poweroff, board};
    attach(reset_attach(&board->reset, &board->ports));
    attach(io_bus_add(&board->ports, PIT_PORT, PIT_PORTS,
                      (struct io_device){pit_read, pit_write, NULL}));
    ioapic_init(&board->ioapic, deliver, board);
    attach(mmio_bus_add(&board->mmio, ioapic_page(&board->ioapic)));
    uart_init(&board->com1, BOARD_COM1, console_backend(&board->console),
              (struct irq_line){ioapic_set, &board->ioapic, BOARD_COM1_GSI});
    attach(io_bus_add(&board->ports, BOARD_COM1, UART_PORTS, uart_ports(&board->com1)));
    kvmclock_init(&board->clock, &board->ram, tsc_khz, start_ns);
}

void board_add_lapic(struct board *board, struct lapic *lapic)
{
    attach(apic_bus_add(&board->apics, lapic));
}

static uint64_t watchdog_now(void *context)
{
    return host_tsc();
}

/* The console's next time and the watchdog's make one deadline. */
static void watchdog_changed(void *context)
{
    struct board *board = context;
    __atomic_store_n(&board->console.changed, true, __ATOMIC_RELEASE);
}

static void watchdog_bite(void *context)
{
    struct board *board = context;
    host_exit(MZ_EXIT_WATCHDOG, 0, "for %u ms", board->watchdog.timeout_ms);
}

void board_add_watchdog(struct board *board, uint32_t longest_ms, uint64_t tsc_khz)
{
    static const struct watchdog_ops ops = {watchdog_now, watchdog_changed, watchdog_bite};
    watchdog_init(&board->watchdog, &ops, board, longest_ms, tsc_khz);
    if (longest_ms)
        attach(watchdog_attach(&board->watchdog, &board->ports));
}

void board_look_at_watchdog(struct board *board)
{
    lock_take(&board->lock);
    watchdog_look(&board->watchdog);
    lock_drop(&board->lock);
}

_Noreturn void board_bad_access(const struct board *board, gpa_t address, uint64_t rip)
{
    host_exit(MZ_EXIT_BAD_ACCESS, address.raw, "at 0x%lx, rip 0x%lx", address.raw, rip);
}

void board_flush(struct board *board)
{
    if (!__atomic_load_n(&board->console.pending, __ATOMIC_RELAXED))
        return;
    lock_take(&board->lock);
    bool pending = console_take(&board->console);
    lock_drop(&board->lock);
    if (!pending)
        return;
    lock_take(&board->flushing);
    host_flush_console();
    lock_drop(&board->flushing);
}

void board_end_of_level(struct board *board, uint8_t vector)
{
    lock_take(&board->lock);
    ioapic_end(&board->ioapic, vector);
    lock_drop(&board->lock);
}

void board_input(struct board *board)
{
    lock_take(&board->lock);
    uart_poll(&board->com1);
    lock_drop(&board->lock);
}

/* An edge: it waits at the IO-APIC until the guest's kernel listens to it. */
void board_power_button(struct board *board)
{
    const struct irq_line line = {ioapic_set, &board->ioapic, BOARD_POWER_GSI};
    lock_take(&board->lock);
    irq_line_set(&line, true);
    irq_line_set(&line, false);
    lock_drop(&board->lock);
}
