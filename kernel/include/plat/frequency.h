/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PLAT_FREQUENCY_H
#define PLAT_FREQUENCY_H

#include "types.h"

/* The TSC's frequency in kHz; that of the local APIC's timer too, unless lapic_khz is NULL. */
u64 frequency_measure(u64 *lapic_khz);

#endif
