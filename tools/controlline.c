/* SPDX-License-Identifier: BSD-2-Clause */
/* The control line: connecting, sending, lines that come, all within a time. */
#include "controlline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define RETRY_MS    50

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int nobody(const char *path)
{
    return complain(CODE_MISSING,
                    "start one with \"marzipan run\", or say with --control where it listens",
                    "no running system listens at %s", path);
}

static int foreign(const char *path)
{
    return complain(CODE_MISSING, "run the command as the user who runs the system",
                    "%s belongs to somebody else", path);
}

static int no_answer(const char *path)
{
    return complain(CODE_TIMEOUT,
                    "another client may hold the line; else the monitor is stuck, and Ctrl-] x on "
                    "the console, or a signal to marzipan run, ends it",
                    "the system at %s does not answer within %d s", path, PATIENCE_MS / 1000);
}

/* Whether the socket's other end is a process of ours. */
static bool is_ours(int s)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    return getsockopt(s, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

int line_open(struct line *line, struct arena *arena, const struct settings *settings)
{
    const char *path = control_path(arena, settings);
    const char *folder = control_folder(arena, settings);
    struct stat s;

    *line = (struct line){.path = path, .socket = -1, .deadline_ms = now_ms() + PATIENCE_MS};
    if (control_too_long(path))
        return complain(CODE_VERB_USAGE, "is it the path that \"marzipan run\" got?",
                        "%s is too long for a socket", path);
    if (folder != NULL && lstat(folder, &s) == 0 && s.st_uid != geteuid())
        return foreign(folder);
    while ((line->socket = control_connect(path)) < 0) {
        if (errno == EACCES || errno == EPERM)
            return foreign(path);
        if (errno != EAGAIN)
            return nobody(path);
        if (now_ms() >= line->deadline_ms)
            return no_answer(path);
        poll(NULL, 0, RETRY_MS); /* others are waiting, too */
    }
    return is_ours(line->socket) ? CODE_OK : foreign(path);
}

/* Wait until the socket takes or has something. */
static bool wait_for(const struct line *line, short events)
{
    struct pollfd watched = {line->socket, events, 0};
    uint64_t now = now_ms();

    return now < line->deadline_ms && poll(&watched, 1, (int)(line->deadline_ms - now)) > 0;
}

static bool ended(ssize_t n)
{
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static int stopped(const struct line *line)
{
    return complain(CODE_STOPPED, "its console tells how it ended",
                    "the system at %s ended before it answered", line->path);
}

int line_send(struct line *line, const char *text)
{
    size_t left = strlen(text);

    while (left != 0) {
        ssize_t n;

        if (!wait_for(line, POLLOUT))
            return no_answer(line->path);
        n = send(line->socket, text, left, MSG_NOSIGNAL);
        if (ended(n))
            return stopped(line);
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return CODE_OK;
}

int line_read(struct line *line, char *text, size_t size)
{
    size_t length = 0;

    for (;;) {
        while (line->next < line->length) {
            char c = line->buffer[line->next++];

            if (c == '\n') {
                text[length] = '\0';
                return CODE_OK;
            }
            if (length + 1 < size)
                text[length++] = c >= 0x20 && c < 0x7f ? c : '?';
        }
        if (!wait_for(line, POLLIN))
            return no_answer(line->path);
        ssize_t n = recv(line->socket, line->buffer, sizeof line->buffer, 0);

        if (ended(n))
            return stopped(line);
        line->next = 0;
        line->length = n > 0 ? (size_t)n : 0;
    }
}

void line_close(struct line *line)
{
    if (line->socket >= 0)
        close(line->socket);
}
