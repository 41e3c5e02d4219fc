/* SPDX-License-Identifier: BSD-2-Clause */
/* A server: it publishes /demo/greeter and greets whoever calls, three times in all. */
#include <stdio.h>

#include <marzipan/directory.h>
#include <marzipan/greeter_server.h>
#include <marzipan/native.h>

#define GREETINGS 3
#define KIND      (40u << 16 | 1u << 8 | 0u) /* interface 40, version 1.0 */

static unsigned greeted;

int main(void);

enum mz_error serve_greeter_greet(struct mz_caller *caller, const char *who,
                                  char greeting[static 61])
{
    if (greeted == GREETINGS)
        return MZ_ERR_GREETER_TIRED;
    greeted++;
    snprintf(greeting, 61, "good day, %s", who);
    return MZ_OK;
}

int main(void)
{
    struct mz_request request = mz_request(NULL);
    enum mz_error error = mz_directory_publish(native_monitor(), "/demo/greeter", "", KIND);

    if (error) {
        native_print("cannot publish: %s\n", mz_error_name(error));
        native_exit(MZ_EXIT_INTERNAL, error, "publish");
    }
    native_print("at your service\n");
    for (;;) {
        mz_wait(&request);
        if (!mz_greeter_dispatch(&request, NULL))
            mz_refuse(&request, MZ_ERR_NO_INTERFACE);
    }
}
