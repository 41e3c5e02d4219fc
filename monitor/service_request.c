/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of the IDL's interfaces, from the loop's message to the generated dispatchers. */
#include "service.h"

#include <marzipan/directory_server.h>

/* The first label of an interface; those below are operations of vmm.h. */
#define FIRST_LABEL (1u << MZ_INTERFACE_SHIFT)

bool service_is_request(L4_MsgTag_t tag)
{
    L4_Word_t label = L4_Label(tag);

    return label >= FIRST_LABEL && label < (64u) << MZ_INTERFACE_SHIFT;
}

enum mz_error service_request(L4_MsgTag_t tag, struct call *call)
{
    struct mz_request q = mz_request(NULL);
    struct mz_caller caller = {call->domain, call->slot};
    L4_MsgTag_t answer;

    mz_received_by(&q, call->domain->thread[call->slot], tag);
    if (!mz_directory_dispatch(&q, &caller))
        mz_refuse(&q, MZ_ERR_NO_INTERFACE);
    call->no_reply = L4_IsNilThread(q.from);
    answer = mz_answer_by(&q);
    call->results = (unsigned)L4_UntypedWords(answer);
    if (call->results)
        L4_StoreMRs(1, (int)call->results, call->w);
    return (enum mz_error)L4_Label(answer);
}
