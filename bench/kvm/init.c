/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The /init of a Linux host that runs two guests under KVM, one after the other: the payload
 * that measures exits, and Debian's kernel with the initramfs of the benchmarks.
 */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { RAM_SIZE = 256 << 20, COM1 = 0x3f8, RTC_DATA = 0x71, CPUIDS = 100, MSR_TSC = 0x10 };
enum { SEG_CODE = 0xb, SEG_DATA = 0x3, SEG_TSS = 0xb, KVM_MINOR = 232, MISC_MAJOR = 10 };

_Noreturn void die(const char *cause)
{
    printf("kvm: %s: %s\n", cause, strerror(errno));
    fflush(stdout);
    reboot(RB_POWER_OFF);
    exit(1);
}

static void load_module(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
        die(path);
    close(fd);
}

static int check(int result, const char *what)
{
    if (result < 0)
        die(what);
    return result;
}

static void set_cpuid(int kvm, const struct vm *vm)
{
    struct kvm_cpuid2 *cpuid = calloc(1, sizeof *cpuid + CPUIDS * sizeof cpuid->entries[0]);

    cpuid->nent = CPUIDS;
    check(ioctl(kvm, KVM_GET_SUPPORTED_CPUID, cpuid), "KVM_GET_SUPPORTED_CPUID");
    check(ioctl(vm->vcpu, KVM_SET_CPUID2, cpuid), "KVM_SET_CPUID2");
    free(cpuid);
}

/* PVH's start: 32-bit flat protected mode, EBX points to the start info. */
static void set_registers(const struct vm *vm)
{
    struct kvm_segment data = {
        .limit = ~0u, .selector = 0x10, .type = SEG_DATA, .present = 1, .db = 1, .s = 1, .g = 1};
    struct kvm_segment code = data, task = {.limit = 0x67, .type = SEG_TSS, .present = 1};
    struct kvm_regs regs = {.rip = vm->entry, .rbx = START_INFO, .rflags = 2};
    struct kvm_sregs sregs;

    code.type = SEG_CODE;
    code.selector = 8;
    check(ioctl(vm->vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
    sregs.cs = code;
    sregs.ds = sregs.es = sregs.ss = sregs.fs = sregs.gs = data;
    sregs.tr = task;
    sregs.cr0 = 0x11;
    check(ioctl(vm->vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
    check(ioctl(vm->vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
}

static uint64_t guest_tsc(const struct vm *vm)
{
    struct {
        struct kvm_msrs head;
        struct kvm_msr_entry entry;
    } msrs = {.head = {.nmsrs = 1}, .entry = {.index = MSR_TSC}};

    check(ioctl(vm->vcpu, KVM_GET_MSRS, &msrs), "KVM_GET_MSRS");
    return msrs.entry.data;
}

static void handle_io(const struct vm *vm, struct kvm_run *run)
{
    uint8_t *data = (uint8_t *)run + run->io.data_offset;
    bool uart = run->io.port >= COM1 && run->io.port < COM1 + 8 && run->io.size == 1;

    for (unsigned i = 0; i < run->io.count; i++, data += run->io.size) {
        if (run->io.direction == KVM_EXIT_IO_IN && run->io.port == RTC_DATA)
            *data = 0; /* no update in progress: Linux need not wait for one */
        else if (run->io.direction == KVM_EXIT_IO_IN)
            memset(data, uart ? uart_read(vm, run->io.port - COM1) : 0xff, run->io.size);
        else if (uart)
            uart_write(vm, run->io.port - COM1, *data);
    }
}

static void run_guest(int kvm, const char *kernel, const char *initrd, const char *cmdline,
                      const char *last_words)
{
    struct vm vm = {.ram_size = RAM_SIZE};
    struct kvm_pit_config pit = {.flags = KVM_PIT_SPEAKER_DUMMY};

    vm.fd = check(ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
    check(ioctl(vm.fd, KVM_SET_TSS_ADDR, 0xfffbd000), "KVM_SET_TSS_ADDR");
    check(ioctl(vm.fd, KVM_CREATE_IRQCHIP, 0), "KVM_CREATE_IRQCHIP");
    check(ioctl(vm.fd, KVM_CREATE_PIT2, &pit), "KVM_CREATE_PIT2");
    vm.ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise(vm.ram, RAM_SIZE, MADV_HUGEPAGE);
    load_guest(&vm, kernel, initrd, cmdline);
    struct kvm_userspace_memory_region region = {.memory_size = RAM_SIZE,
                                                 .userspace_addr = (uintptr_t)vm.ram};
    check(ioctl(vm.fd, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
    vm.vcpu = check(ioctl(vm.fd, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
    int run_size = check(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");
    struct kvm_run *run =
        mmap(NULL, (size_t)run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vm.vcpu, 0);
    set_cpuid(kvm, &vm);
    set_registers(&vm);
    uart_reset();
    printf("entry: %lu\n", guest_tsc(&vm));
    fflush(stdout);
    while (!uart_has_seen(last_words)) {
        if (ioctl(vm.vcpu, KVM_RUN, 0) < 0 && errno != EINTR)
            die("KVM_RUN");
        if (run->exit_reason == KVM_EXIT_IO) {
            handle_io(&vm, run);
        } else if (run->exit_reason != KVM_EXIT_MMIO && run->exit_reason != KVM_EXIT_INTR) {
            printf("kvm: exit reason %u\n", run->exit_reason);
            break;
        }
    }
    printf("\n");
    close(vm.vcpu);
    close(vm.fd);
    munmap(vm.ram, RAM_SIZE);
}

int main(void)
{
    mkdir("/dev", 0755);
    mknod("/dev/kvm", S_IFCHR | 0600, makedev(MISC_MAJOR, KVM_MINOR));
    for (int fd = open("/dev/console", O_RDWR); fd >= 0 && fd < 2;)
        fd = dup(fd);
    load_module("/irqbypass.ko");
    load_module("/kvm.ko");
    load_module("/kvm-amd.ko");
    int kvm = check(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");

    run_guest(kvm, "/exitcost", NULL, "", "no way to switch off");
    run_guest(kvm, "/vmlinux", "/bench.cpio", GUEST_CMDLINE, "reboot: ");
    fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
    return 0;
}
