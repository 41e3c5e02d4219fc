/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/insn.h"
#include "plat/apic.h"

#define MASTER  0x20
#define SLAVE   0xa0
#define CASCADE 2 /* the slave's input of the master */

#define ICW1_INIT 0x11
#define ICW4_8086 0x01

INIT void pic_disable(u8 vector)
{
    outb(MASTER, ICW1_INIT);
    outb(SLAVE, ICW1_INIT);
    outb(MASTER + 1, vector);
    outb(SLAVE + 1, (u8)(vector + 8));
    outb(MASTER + 1, 1 << CASCADE);
    outb(SLAVE + 1, CASCADE);
    outb(MASTER + 1, ICW4_8086);
    outb(SLAVE + 1, ICW4_8086);
    outb(MASTER + 1, 0xff);
    outb(SLAVE + 1, 0xff);
}
