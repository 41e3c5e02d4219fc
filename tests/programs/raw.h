/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the monitor that no stub would send. */
#ifndef TESTS_PROGRAMS_RAW_H
#define TESTS_PROGRAMS_RAW_H

#include <marzipan/native.h>

/* A request with this label and these words; the results go to w, which has room for 63.  Returns
 * the answer's label, an error of <marzipan/errors.h>, or MZ_ERR_NO_SERVER if the message did not
 * get there. */
static inline enum mz_error raw_call(L4_Word_t label, unsigned words, L4_Word_t *w)
{
    L4_MsgTag_t tag;

    if (words)
        L4_LoadMRs(1, (int)words, w);
    L4_Set_MsgTag(L4_MakeTag(label, words, 0));
    tag = L4_Call(native_monitor());
    if (L4_IpcFailed(tag))
        return MZ_ERR_NO_SERVER;
    if (L4_UntypedWords(tag))
        L4_StoreMRs(1, (int)L4_UntypedWords(tag), w);
    return (enum mz_error)L4_Label(tag);
}

#endif
