/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest VMM for KVM that boots a PVH kernel: the reference that Marzipan is measured
 * against.  Local APIC, IO-APIC, PIC and PIT are KVM's own, so is CPUID.
 */
#ifndef BENCH_KVM_VM_H
#define BENCH_KVM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vm {
    int fd, vcpu;
    uint8_t *ram;
    size_t ram_size;
    uint32_t entry;
};

/* Prints CAUSE with errno's text, and ends. */
_Noreturn void die(const char *cause);

/* image.c: puts kernel, initrd, command line and start info into the VM's memory; sets entry. */
void load_guest(struct vm *vm, const char *kernel, const char *initrd, const char *cmdline);
enum { START_INFO = 0x7000 };

/* uart.c */
void uart_reset(void);
void uart_write(const struct vm *vm, unsigned offset, uint8_t value);
uint8_t uart_read(const struct vm *vm, unsigned offset);
bool uart_has_seen(const char *text);

#endif
