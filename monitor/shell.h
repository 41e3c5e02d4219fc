/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operator's language: a verb and its words on one line, answered with lines of text.  It
 * knows neither keyboard nor screen; prompt.c brings it to the monitor's console.
 */
#ifndef MONITOR_SHELL_H
#define MONITOR_SHELL_H

#define SHELL_LINE  128 /* the longest command with its NUL */
#define SHELL_WORDS 8

/* Takes one line of an answer, without its end. */
typedef void (*shell_out)(const char *line);

/* What the caller has to do after a command. */
enum shell_next {
    SHELL_MORE,  /* ask for the next                            */
    SHELL_LEAVE, /* the operator wants to leave, or has gone to a console */
    SHELL_TOP    /* show the table of `top` until a key is pressed        */
};

/* Do what the line says.  What is wrong with it is said with its remedy. */
enum shell_next shell_run(const char *line, shell_out out);

#endif
