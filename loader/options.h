/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's own command line: kickstart's options. */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    uint64_t max_memory; /* maxmem=N: physical memory above is ignored, 0: no limit  */
    uint64_t kmem;       /* kmem=N: the kernel's pool, 0: by the size of memory      */
    bool bootinfo;       /* bootinfo=no: KIP.BootInfo is the multiboot copy, or 0    */
    bool mbi;            /* mbi=no: no copy of the multiboot information             */
    bool decode_all;     /* decode-all=yes: load every module that is an ELF program */
    bool kdb;            /* kdb=yes: the kernel debugger before the first server     */
};

/* Reads "name=value" words; returns the word that it does not understand, or NULL. */
const char *options_parse(struct options *o, const char *cmdline);

#endif
