/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface `log`, and each domain's ring of lines in memory that it shares with the monitor. */
#include <marzipan/log_server.h>
#include <rt/text.h>

#include "log.h"
#include "service.h"

#define LOG_LINES_A_SECOND 50u
#define LOG_TEXT           200u

/* A domain may fill a page of the log each second, and not push out all the others' lines. */
bool service_log_allowed(struct domain *d)
{
    uint64_t now = now_ms();

    if (now - d->log_since_ms >= 1000) {
        unsigned left_out = d->log_left_out;

        d->log_since_ms = now;
        d->log_lines = d->log_left_out = 0;
        if (left_out)
            log_warn("%s %s: %u lines of its log were left out", domain_kind(d), d->config.name,
                     left_out);
    }
    if (d->log_lines == LOG_LINES_A_SECOND) {
        d->log_left_out++;
        return false;
    }
    d->log_lines++;
    return true;
}

static void write_line(struct domain *d, enum mz_log_level severity, const char *text)
{
    char clean[LOG_TEXT + 1];

    if (severity > d->config.log_level || !log_shows(severity) || !service_log_allowed(d))
        return;
    text_copy(clean, sizeof(clean), text, sizeof(clean));
    log_write(severity, "%s %s: %s", domain_kind(d), d->config.name, clean);
}

/* The next line up to head, which the domain may write to while we read: *text is ours.  What is too
 * long is cut. */
static enum mz_log_level take_line(struct domain *d, uint32_t head, char text[LOG_TEXT + 1])
{
    const volatile uint8_t *ring = d->rings->log;
    uint8_t level = ring[d->log_tail++ % MZ_LOG_SIZE], byte = 1;
    size_t n = 0;

    while (d->log_tail != head && byte) {
        byte = ring[d->log_tail++ % MZ_LOG_SIZE];
        if (n < LOG_TEXT)
            text[n++] = (char)byte;
    }
    text[n] = '\0';
    return level <= MZ_LOG_DEBUG ? (enum mz_log_level)level : MZ_LOG_INFO;
}

void service_log_drain(struct domain *d)
{
    char text[LOG_TEXT + 1];
    uint32_t head;

    if (!d->rings)
        return;
    head = __atomic_load_n(&d->rings->log_head, __ATOMIC_ACQUIRE); /* once: it may write on */
    if (ring_available(head, d->log_tail, MZ_LOG_SIZE) < 0) {
        write_line(d, MZ_LOG_WARN, "its log ring's counter makes no sense; lines were lost");
        d->log_tail = head;
    }
    while (d->log_tail != head) {
        enum mz_log_level severity = take_line(d, head, text);

        write_line(d, severity, text);
    }
    __atomic_store_n(&d->rings->log_tail, head, __ATOMIC_RELEASE);
}

enum mz_error serve_log_write(struct mz_caller *caller, enum mz_log_level severity,
                              const char *text)
{
    service_log_drain(caller->domain); /* what was earlier comes first */
    write_line(caller->domain, severity, text);
    return MZ_OK;
}

enum mz_error serve_log_flush(struct mz_caller *caller)
{
    service_log_drain(caller->domain);
    return MZ_OK;
}
