/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU as a child: its terminal, its time limit, and what its end means. */
#include "qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "terminal.h"

#define KILL_AFTER_MS 2000

struct process {
    pid_t pid;
    int errors;  /* what QEMU writes to standard error      */
    int signals; /* SIGCHLD and the signals that end us     */
    bool failed; /* QEMU said why it cannot go on           */
    bool timed_out, told_to_stop;
    unsigned stops;
    uint64_t deadline_ms; /* 0: none */
    char line[512];
    size_t line_len;
};

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The child ends with us, takes no signal from the keyboard, and writes its errors
 * to the pipe. */
static void become_qemu(const struct qemu *qemu, int errors, const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigprocmask(SIG_SETMASK, mask, NULL);
    dup2(errors, STDERR_FILENO);
    execvp(qemu->words[0], (char *const *)qemu->words);
    dprintf(STDERR_FILENO, "%s: cannot be run: %s\n", QEMU, strerror(errno));
    _exit(127);
}

static bool start(struct process *process, const struct qemu *qemu)
{
    sigset_t watched, before;
    int errors[2];

    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGHUP);
    sigaddset(&watched, SIGQUIT);
    sigprocmask(SIG_BLOCK, &watched, &before);
    process->signals = signalfd(-1, &watched, SFD_CLOEXEC);
    if (process->signals < 0 || pipe2(errors, O_CLOEXEC) != 0)
        return false;
    process->errors = errors[0];
    fcntl(errors[0], F_SETFL, O_NONBLOCK); /* its end is the child's, not that of all writers */
    process->pid = fork();
    if (process->pid == 0)
        become_qemu(qemu, errors[1], &before);
    close(errors[1]);
    return process->pid > 0;
}

/* QEMU exits with 1 both when it fails and when the machine reports 0, but it never
 * fails without a line that begins with its name and is no warning. */
static void end_line(struct process *process)
{
    static const char prefix[] = QEMU ": ";
    const char *line = process->line;

    process->line[process->line_len] = '\0';
    if (strncmp(line, prefix, sizeof prefix - 1) == 0 &&
        strncmp(line + sizeof prefix - 1, "warning:", 8) != 0 &&
        strncmp(line + sizeof prefix - 1, "terminating on signal", 21) != 0)
        process->failed = true;
    process->line_len = 0;
}

/* Pass on what QEMU writes to standard error; false at its end. */
static bool read_errors(struct process *process)
{
    char buffer[512];
    ssize_t n = read(process->errors, buffer, sizeof buffer);

    if (n <= 0)
        return false;
    fwrite(buffer, 1, (size_t)n, stderr);
    for (ssize_t i = 0; i < n; i++) {
        if (buffer[i] == '\n')
            end_line(process);
        else if (process->line_len < sizeof process->line - 1)
            process->line[process->line_len++] = buffer[i];
    }
    return true;
}

/* The first time asks, the second time insists. */
static void stop(struct process *process)
{
    kill(process->pid, process->stops++ == 0 ? SIGTERM : SIGKILL);
    process->deadline_ms = now_ms() + KILL_AFTER_MS;
}

/* Has the child ended?  A signal to us ends it. */
static bool read_signal(struct process *process, int *status)
{
    struct signalfd_siginfo info;

    if (read(process->signals, &info, sizeof info) != sizeof info)
        return false;
    if (info.ssi_signo == SIGCHLD)
        return waitpid(process->pid, status, WNOHANG) == process->pid;
    process->told_to_stop = true;
    stop(process);
    return false;
}

/* Until then, as poll() takes it: no longer than it can say. */
static int wait_ms(uint64_t deadline_ms)
{
    uint64_t now = now_ms(), wait = deadline_ms > now ? deadline_ms - now : 0;

    return wait < INT_MAX ? (int)wait : INT_MAX;
}

static int supervise(struct process *process)
{
    struct pollfd watched[] = {{process->signals, POLLIN, 0}, {process->errors, POLLIN, 0}};
    int status = 0;

    for (;;) {
        int wait = -1;

        if (process->deadline_ms != 0 && now_ms() >= process->deadline_ms) {
            process->timed_out |= process->stops == 0;
            stop(process);
        }
        if (process->deadline_ms != 0)
            wait = wait_ms(process->deadline_ms);
        poll(watched, 2, wait);
        if (watched[1].revents != 0 && !read_errors(process))
            watched[1].fd = -1;
        if (watched[0].revents != 0 && read_signal(process, &status))
            break;
    }
    while (watched[1].fd >= 0 && read_errors(process))
        ;
    return status;
}

static int judge(const struct process *process, int status)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

    if (process->timed_out)
        return complain(CODE_TIMEOUT, "give it more --timeout", "the time is up: machine stopped");
    if (process->told_to_stop)
        return complain(CODE_STOPPED, "run it again when you want to",
                        "the machine was stopped, since marzipan was");
    if (code == 127)
        return complain(CODE_MISSING, "install Debian's package " QEMU_PACKAGE,
                        QEMU " cannot be run");
    if (process->failed && (code != 0 || WIFSIGNALED(status)))
        return complain(CODE_STOPPED, "QEMU's own message is above", QEMU " failed");
    if (code > 0 && code % 2 == 1)
        return (code - 1) / 2;
    if (code == 0)
        return complain(CODE_STOPPED, "its last lines above may tell why",
                        "the machine was reset or switched off without reporting how it went");
    return complain(CODE_STOPPED, "nothing needs to be done if it was stopped on purpose",
                    QEMU " was ended by signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

int qemu_run(const struct qemu *qemu, uint64_t timeout_ms)
{
    struct process process = {.pid = -1};
    struct terminal terminal;
    int status;

    fflush(stdout);
    if (timeout_ms != 0)
        process.deadline_ms = now_ms() + timeout_ms;
    terminal_raw(&terminal);
    if (!start(&process, qemu)) {
        terminal_restore(&terminal);
        return complain(CODE_IO, "too many processes or files?", "cannot start " QEMU ": %s",
                        strerror(errno));
    }
    status = supervise(&process);
    terminal_restore(&terminal);
    return judge(&process, status);
}
