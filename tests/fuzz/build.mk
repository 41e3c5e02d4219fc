# SPDX-License-Identifier: BSD-2-Clause
# A root task whose unprivileged threads call the kernel with nonsense, for hours if
# need be; and the kernel that looks at itself while they do (make CHECK=1).  main.c comes last:
# victims jump to the image's beginning, and shall not say in its name that something is wrong.

$(eval $(call rt_program,syscallfuzz,$(B)/syscallfuzz,0x01000000,$(addprefix tests/fuzz/syscall/,\
    random.c spaces.c vms.c pager.c meddle.c domains.c victim.c calls.c strings.c messages.c faults.c \
    guest.c $(ARCH)/machine.c main.c),\
    -Itests/fuzz/syscall -Itests/fuzz/syscall/$(ARCH)))

ALL += $(B)/syscallfuzz
