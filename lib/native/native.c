/* SPDX-License-Identifier: BSD-2-Clause */
#include <marzipan/native.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

long native_call(L4_Word_t op, unsigned words, L4_Word_t *w)
{
    L4_MsgTag_t tag;

    if (words)
        L4_LoadMRs(1, (int)words, w);
    L4_Set_MsgTag(L4_MakeTag(op, words, 0));
    tag = L4_Call(native_monitor());
    if (L4_IpcFailed(tag))
        return -1;
    if (L4_UntypedWords(tag))
        L4_StoreMRs(1, (int)L4_UntypedWords(tag), w);
    return (long)L4_Label(tag);
}

void native_print(const char *format, ...)
{
    struct mz_console *rings = native_rings();
    char line[256];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (const char *s = line; *s; s++) {
        if (rings->out_head - rings->out_tail == MZ_OUT_SIZE)
            native_call(MZ_OP_CONSOLE_FLUSH, 0, NULL);
        rings->out[rings->out_head++ % MZ_OUT_SIZE] = (uint8_t)*s;
    }
    native_call(MZ_OP_CONSOLE_FLUSH, 0, NULL);
}

void native_exit(enum mz_exit kind, L4_Word_t detail, const char *text)
{
    L4_Word_t w[10] = {kind, detail};

    strncpy((char *)&w[2], text, 8 * sizeof(L4_Word_t) - 1);
    for (;;)
        native_call(MZ_OP_EXIT, 10, w);
}
