/* SPDX-License-Identifier: BSD-2-Clause */
/* A client: it finds /demo/greeter and lets itself be greeted until the server is tired. */
#include <marzipan/directory.h>
#include <marzipan/greeter.h>
#include <marzipan/native.h>

int main(void);

static L4_ThreadId_t find_greeter(void)
{
    L4_ThreadId_t who;
    uint32_t kind;
    char about[64];
    enum mz_error error = mz_directory_find(native_monitor(), "/demo/greeter", &who, &kind, about);

    if (error) {
        native_print("cannot find the greeter: %s\n", mz_error_name(error));
        native_exit(MZ_EXIT_INTERNAL, error, "find");
    }
    return who;
}

int main(void)
{
    L4_ThreadId_t greeter = find_greeter();
    enum mz_error error = MZ_OK;
    char greeting[61];

    while (!error) {
        error = mz_greeter_greet(greeter, native_boot()->name, greeting);
        native_print("%s\n", error ? mz_error_name(error) : greeting);
    }
    native_exit(error == MZ_ERR_GREETER_TIRED ? MZ_EXIT_POWEROFF : MZ_EXIT_INTERNAL, 0, "");
}
