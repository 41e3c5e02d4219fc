/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways into the debugger.  But for a panic they all are requests, which the
 * processor attends to when it is about to leave the kernel: there no work is half
 * done, no lock is held, and all other processors can be stopped (core/cpus.h).
 */
#include "core/arch.h"
#include "core/cpu.h"
#include "core/kip.h"
#include "core/timeout.h"
#include "debug/backtrace.h"
#include "kdb.h"
#include "plat/serial.h"

#define KEY     ('K' & 0x1f) /* Ctrl-K; ESC would be the beginning of what arrow keys send */
#define POLL_US 20000

word_t kdb_frame_pointer;
const struct arch_frame *kdb_panic_frame;
bool kdb_dead;

static struct request {
    const char *why; /* NULL: none */
    word_t thread;
} requests[CPU_MAX];

static volatile bool nmi_came;
static u64 next_poll; /* by processor 0 */

/* What users have typed and processor 0 has seen. */
static volatile char typed[16];
static volatile unsigned typed_in, typed_out;

void kdb_request(const char *why)
{
    const struct cpu *cpu = this_cpu();

    requests[cpu->number] = (struct request){why, cpu->current->id};
}

void kdb_boot(void)
{
    if (kip.kdebug_config[0] & KDEBUG_AT_START)
        kdb_request("the boot loader's kdb=yes");
}

bool kdb_nmi(void)
{
    nmi_came = true;
    return true;
}

u64 kdb_alarm(u64 next)
{
    return this_cpu()->number == 0 ? MIN(next, next_poll) : next;
}

/* ---- the key ---- */

/* The users' next character; -1: none, perhaps because the key has come. */
static int filter(void)
{
    int c = arch_console_getc();

    if (c != KEY)
        return c;
    kdb_request("Ctrl-K");
    return -1;
}

int kdb_getc(void)
{
    return typed_in == typed_out ? filter() : typed[typed_out++ % ARRAY_SIZE(typed)];
}

/* Whoever has the interrupt reads the line: not a character is taken from him. */
static bool serial_is_taken(void)
{
    const struct thread *t = thread_find_number(SERIAL_IRQ);

    return t && t->id;
}

static void look_for_key(void)
{
    int c;

    if (serial_is_taken())
        return;
    while (typed_in - typed_out < ARRAY_SIZE(typed) && (c = filter()) >= 0) {
        typed[typed_in % ARRAY_SIZE(typed)] = (char)c;
        typed_in++;
    }
}

static void poll(struct cpu *cpu)
{
    u64 now = arch_tsc();

    if (cpu->number != 0 || now < next_poll)
        return;
    next_poll = now + arch_us_to_tsc(POLL_US);
    cpu->todo |= TODO_ALARM;
    if (nmi_came) {
        nmi_came = false;
        kdb_request("NMI");
    } else {
        look_for_key();
    }
}

/* ---- entry ---- */

/* Nobody's quantum pays for the time in here. */
static void skip_time(u64 ticks)
{
    for (unsigned n = 0; n < cpu_count; n++) {
        cpus[n]->slice_start += ticks;
        if (cpus[n]->slice_end != TIME_NEVER)
            cpus[n]->slice_end += ticks;
    }
}

static void announce(const struct request *r)
{
    kprintf("\nkdb: %s, on processor %u", r->why, this_cpu()->number);
    if (r->thread)
        kprintf(" in thread %s", kdb_id(r->thread));
    kprintf("; help lists the commands, go goes on\n");
}

void kdb_attend(void)
{
    struct cpu *cpu = this_cpu();
    struct request *r = &requests[cpu->number];
    u64 start;

    poll(cpu);
    if (likely(!r->why))
        return;
    if (cpu->holding)
        cpus_release(); /* what the last work has owned: who owns one cannot stop them all */
    cpus_stop();        /* may start over: then the request is still there */
    start = arch_tsc();
    print_alone = true;
    kdb_frame_pointer = (word_t)__builtin_frame_address(0);
    announce(r);
    kdb_prompt();
    print_alone = false;
    r->why = NULL;
    skip_time(arch_tsc() - start);
    cpus_release();
}

void kdb_panic(const struct arch_frame *f, word_t fp)
{
    kdb_dead = true;
    kdb_panic_frame = f;
    kdb_frame_pointer = fp;
    kprintf("kdb: the kernel has panicked; help lists the commands, reset starts anew\n");
    kdb_prompt();
}
