/* SPDX-License-Identifier: BSD-2-Clause */
#include "supply.h"
const struct supply supply_nested;
