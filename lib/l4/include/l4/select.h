/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chooses the architecture's directory: #include L4_ARCH_HEADER(types.h).
 * The only place of the library that asks which architecture it is compiled for.
 */
#ifndef L4_SELECT_H
#define L4_SELECT_H

#if defined(__x86_64__)
#define L4_ARCH_HEADER(name) <l4/amd64/name>
#else
#define L4_ARCH_HEADER(name) <l4/ia32/name>
#endif

#endif
