/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of commands. */
#include "command.h"

#include <string.h>

#define NAME_REMEDY "name a VM or program; \"marzipan ps\" lists them"

const struct command commands[] = {
    {"check", "FILE", "check a system description",
     "Reads the description and everything it names, reports every error with its place,\n"
     "cause and remedy, and builds nothing. With --flows it prints who can influence whom\n"
     "instead of the word that all is well.",
     command_check, NULL, DEFAULT_DESCRIPTION},
    {"graph", "FILE", "draw a system: who is in it, who calls whom",
     "Writes the picture as text in the language of Graphviz to standard output or to a file\n"
     "that ends in .dot, or has Graphviz draw a file that ends in .svg. Kernels, initrds and\n"
     "programs need not be there.",
     command_graph, NULL, DEFAULT_DESCRIPTION},
    {"build", "FILE", "build a system into a folder",
     "Checks the description, compiles it, and puts all that a boot loader needs into a\n"
     "folder (./marzipan-out): the loader, the boot modules, their list in \"modules\", and\n"
     "a grub.cfg for them.",
     command_build, NULL, DEFAULT_DESCRIPTION},
    {"run", "FILE", "build a system and run it in QEMU",
     "The terminal becomes the machine's serial console: Ctrl-] h shows the console's keys,\n"
     "Ctrl-] x ends the machine. What the machine reports at its end is the exit code: 0 if\n"
     "all VMs ended well.",
     command_run, NULL, DEFAULT_DESCRIPTION},
    {"iso", "FILE", "build a CD image that boots on BIOS and UEFI",
     "Makes marzipan.iso, or what --output says, with GRUB.", command_iso, NULL,
     DEFAULT_DESCRIPTION},
    {"ps", NULL, "list a running system's VMs and programs",
     "State, starts, memory, kernel memory and threads of each.", command_control, NULL, NULL},
    {"top", NULL, "watch their processor time",
     "The table of ps with the processor time of the last second, once a second until Ctrl-C or\n"
     "q; once with --once, or if standard output is no terminal.",
     command_top, NULL, NULL},
    {"start", "NAME", "start a VM or program that is down",
     "It waits for what it comes after, as at boot.", command_control, NAME_REMEDY, NULL},
    {"stop", "NAME", "press its power button",
     "It is killed if that does not help within its stop-timeout.", command_control, NAME_REMEDY,
     NULL},
    {"pause", "NAME", "let it stand still", "", command_control, NAME_REMEDY, NULL},
    {"resume", "NAME", "let it go on", "", command_control, NAME_REMEDY, NULL},
    {"reset", "NAME", "end it and start it anew", "", command_control, NAME_REMEDY, NULL},
    {"kill", "NAME", "end it at once", "It stays down.", command_control, NAME_REMEDY, NULL},
    {"destroy", "NAME", "kill it and forget it",
     "Nothing of it is left: its memory, its console and its name are free.", command_control,
     NAME_REMEDY, NULL},
    {"log", "LEVEL", "choose what gets into the log",
     "LEVEL is error, warn, info or debug. The log itself is on the console: Ctrl-] l.",
     command_control, "write error, warn, info or debug; Ctrl-] l on the console shows the log",
     NULL},
    {"services", NULL, "list what is published in the directory", "", command_control, NULL, NULL},
    {"console", "NAME", "show it on the serial console", "What is typed there goes to it.",
     command_control, NAME_REMEDY, NULL},
    {"quota", "NAME", "show what it may have and what it has", "", command_control, NAME_REMEDY,
     NULL},
    {"trace", "LOG", "convert a trace for Perfetto's viewer",
     "Takes the kernel's trace out of a console's log, or of standard input (-), and writes\n"
     "LOG.json, or what --output says, which https://ui.perfetto.dev opens. \"marzipan run\n"
     "--trace\" takes a trace and does the rest by itself. Without LOG: have the running system\n"
     "write its trace out.",
     command_trace, NULL, NULL},
    {"schema", NULL, "print the JSON schema of system descriptions",
     "For editors and other tools; the reference for people is system.yaml(5).", command_schema,
     NULL, NULL},
    {"help", "COMMAND", "explain a command", "Without a command: list them.", command_help, NULL,
     NULL},
    {"version", NULL, "print the version", "", command_version, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct command *command_named(const char *name)
{
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}
