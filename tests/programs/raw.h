/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the monitor that no stub would send. */
#ifndef TESTS_PROGRAMS_RAW_H
#define TESTS_PROGRAMS_RAW_H

#include <marzipan/native.h>

/* A request with this label and these words; the results go to w, which has room for 63.  Returns
 * the answer's label, an error of <marzipan/errors.h>, or -1 if the message did not get there. */
static inline long raw_call(L4_Word_t label, unsigned words, L4_Word_t *w)
{
    L4_MsgTag_t tag;

    if (words)
        L4_LoadMRs(1, (int)words, w);
    L4_Set_MsgTag(L4_MakeTag(label, words, 0));
    tag = L4_Call(native_monitor());
    if (L4_IpcFailed(tag))
        return -1;
    if (L4_UntypedWords(tag))
        L4_StoreMRs(1, (int)L4_UntypedWords(tag), w);
    return (long)L4_Label(tag);
}

#endif
