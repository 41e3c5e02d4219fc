/* SPDX-License-Identifier: BSD-2-Clause */
#include <manifest/schema.h>

#include "command.h"

int command_schema(const struct settings *settings)
{
    if (settings->markdown)
        schema_markdown(stdout);
    else
        schema_json(stdout);
    return CODE_OK;
}
