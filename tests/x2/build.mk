# SPDX-License-Identifier: BSD-2-Clause
# A root task that checks the kernel's interface.  The checks run in this order, and
# in that of the lines of each file, which the flag keeps.

X2_GUESTS := guest.c guestexit.c guestrun.c local.c $(ARCH)/segment.c $(ARCH)/guest.c $(ARCH)/guestcode.S
X2_SOURCES := $(addprefix tests/x2/, \
    main.c threads.c settle.c memory.c agent.c post.c $(ARCH)/machine.c \
    kip.c utcb.c \
    control.c tcontrol.c life.c exregs.c exbits.c halt.c again.c \
    ipc.c ipcerror.c propagation.c waiting.c redirect.c \
    strings.c compound.c stringerror.c stringfault.c bulk.c xfer.c xferabort.c \
    mapping.c derive.c sizes.c unmap.c pagefault.c answers.c exception.c device.c \
    schedule.c tstate.c time.c quantum.c delay.c \
    space.c sigma0.c almond.c domain.c usage.c exhaust.c exhaust2.c $(X2_GUESTS) trace.c message.c storm.c $(ARCH)/hazards.c)

$(eval $(call rt_program,x2test,$(B)/x2test,0x01000000,$(X2_SOURCES),-fno-toplevel-reorder -Itests/x2 -Itests/x2/$(ARCH)))

ALL += $(B)/x2test
