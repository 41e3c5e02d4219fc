/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operator's language: a verb and its words on one line, answered with lines of text.  It
 * knows neither keyboard nor screen: prompt.c brings it to the console, remote.c to
 * the control line.
 */
#ifndef SHELL_COMMANDS_H
#define SHELL_COMMANDS_H

#define SHELL_LINE  128 /* the longest command with its NUL */
#define SHELL_WORDS 8

/* Takes one line of an answer, without its end. */
typedef void (*shell_out)(const char *line);

/* What the caller has to do after a command. */
enum shell_next {
    SHELL_MORE,    /* ask for the next                                            */
    SHELL_REFUSED, /* the same; nothing was done, and the last line tells why     */
    SHELL_LEAVE,   /* the operator wants to leave                                 */
    SHELL_CONSOLE, /* the console shows another domain: leave, too                */
    SHELL_LOG,     /* the operator wants to see the log                           */
    SHELL_TOP      /* show the table of `top` until a key is pressed              */
};

/* Do what the line says.  What is wrong with it is said with its remedy. */
enum shell_next shell_run(const char *line, shell_out out);

/* The operator sees the answer, or will not: what the command has done may take effect. */
void shell_answered(void);

#endif
