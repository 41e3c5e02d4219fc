/* SPDX-License-Identifier: BSD-2-Clause */
/* The VMM of one VM: read the boot page, build the board, load the kernel, run a thread for each vCPU. */
#include <string.h>

#include "board/board.h"
#include "boot/boot.h"
#include "host.h"
#include "vcpu/report.h"
#include "vcpu/vcpu.h"

static struct board board;
static struct vcpu vcpus[BOARD_CPUS];
static struct boot boot;
static bool stats_wanted;

/* The last words before the VM ends.  Locks are left alone: the caller may hold one. */
static void before_exit(void)
{
    if (console_take(&board.console))
        host_flush_console();
    report_exits(vcpus, board.cpus.count, stats_wanted ? MZ_LOG_INFO : MZ_LOG_DEBUG);
}

static void check_boot_page(const struct mz_boot *page)
{
    if (page->magic != MZ_BOOT_MAGIC || page->version != MZ_BOOT_VERSION)
        host_exit(MZ_EXIT_INTERNAL, page->version, "(boot page of another version)");
    if (page->vcpus < 1 || page->vcpus > BOARD_CPUS)
        host_exit(MZ_EXIT_INTERNAL, page->vcpus, "(%u vCPUs: at most %u)", page->vcpus, BOARD_CPUS);
    if (!memchr(page->cmdline, 0, sizeof(page->cmdline)))
        host_exit(MZ_EXIT_BAD_IMAGE, 0, "(the command line has no end)");
}

static void load_guest(const struct mz_boot *page, struct boot_entry *entry)
{
    const struct boot_config config = {
        .kernel = {(const uint8_t *)page->kernel.addr, page->kernel.size},
        .initrd = {(const uint8_t *)page->initrd.addr, page->initrd.size},
        .cmdline = page->cmdline,
        .tsc_khz = host_tsc_khz(),
        .cpus = page->vcpus,
        .watchdog_ms = (uint32_t)page->watchdog_ms,
    };
    if (!ram_init(&board.ram, (void *)MZ_VMM_RAM, page->ram_size))
        host_exit(MZ_EXIT_BAD_IMAGE, page->ram_size, "(a VM cannot have %lu KiB of memory)",
                  page->ram_size / 1024);
    if (!boot_load(&boot, &config, &board.ram, entry))
        host_exit(MZ_EXIT_BAD_IMAGE, 0, "(%s)", boot.cause);
}

static void enter_guest(struct vcpu *v, const struct boot_entry *entry)
{
    vcpu_enter_flat(v, entry->rip, entry->code, entry->data);
    v->state->gpr[L4_RBX] = entry->rbx;
    v->state->gpr[L4_RSI] = entry->rsi;
    if (entry->gdt) {
        v->state->seg[L4_SEG_GDTR].base = entry->gdt;
        v->state->seg[L4_SEG_GDTR].limit = entry->gdt_limit;
    }
}

/* The thread of a vCPU waits until main() has prepared it. */
static void run(unsigned n)
{
    host_wait();
    vcpu_loop(&vcpus[n]);
}

/* A vCPU's state page is there when its thread is. */
static void make_vcpus(unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        enum mz_error error = n > 0 ? host_start(n, run) : MZ_OK;
        if (error)
            host_exit(MZ_EXIT_INTERNAL, error, "(no thread for vCPU %u, error %u)", n, error);
        vcpu_init(&vcpus[n], (struct l4_vcpu_state *)(MZ_VMM_STATE + n * L4_VCPU_STATE_SIZE),
                  &board, n);
    }
}

int main(void)
{
    const struct mz_boot *page = (const struct mz_boot *)MZ_VMM_BOOT;
    struct boot_entry entry;

    host_init(page);
    check_boot_page(page);
    console_init(&board.console, (struct mz_console *)MZ_VMM_CONSOLE, host_tsc_khz());
    load_guest(page, &entry);
    board_init(&board, page->vcpus, host_tsc_khz(), host_date_ns(page));
    board_add_watchdog(&board, (uint32_t)page->watchdog_ms, host_tsc_khz());
    make_vcpus(page->vcpus);
    enter_guest(&vcpus[0], &entry);
    stats_wanted = strstr(page->cmdline, "mz.stats") != NULL;
    host_before_exit = before_exit;
    for (unsigned n = 1; n < page->vcpus; n++)
        host_notify(n, MZ_NOTIFY_PEER);
    vcpu_loop(&vcpus[0]);
}
