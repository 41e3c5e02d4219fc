/* SPDX-License-Identifier: BSD-2-Clause */
/* What a domain has of which a compiled description says nothing; names of colours. */
#include <manifest/config.h>

#include <string.h>

#define PRIORITY_DEFAULT 100u
#define THREADS_DEFAULT  8u
#define STOP_MS_DEFAULT  30000u
#define WEIGHT_DEFAULT   100u
#define LOG_LEVEL_INFO   2u /* as idl/log.idl has them */

void config_defaults(struct domain_config *c, enum config_kind kind, unsigned index)
{
    memset(c, 0, sizeof(*c));
    c->program = kind != CONFIG_VM;
    c->monitor = kind == CONFIG_MONITOR;
    c->vcpus = 1;
    c->priority = PRIORITY_DEFAULT;
    c->threads = THREADS_DEFAULT;
    c->stop_ms = STOP_MS_DEFAULT;
    c->weight = WEIGHT_DEFAULT;
    c->log_level = LOG_LEVEL_INFO;
    c->restart = (struct restart_policy){RESTART_NEVER, 5, 60000, 1000}; /* limit, window, delay */
    c->cmdline = "";
    c->colour = index % 5; /* red only when asked for */
}

const char *config_colour(const struct domain_config *c)
{
    static const char *const escapes[] = {"\033[32m", "\033[36m", "\033[33m",
                                          "\033[35m", "\033[34m", "\033[31m"};

    return escapes[c->colour];
}
