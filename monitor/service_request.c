/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of the IDL's interfaces, from the loop's message to the generated dispatchers. */
#include "service.h"

#include <string.h>

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

    q.message.l4.tag = tag.raw;
    q.from = call->domain->thread[call->slot];
    mz_home_written(&q.message); /* the loop has put them there */
    if (!mz_directory_dispatch(&q, &caller))
        mz_refuse(&q, MZ_ERR_NO_INTERFACE);
    call->no_reply = L4_IsNilThread(q.from);
    answer.raw = mz_tag(&q.message);
    call->results = (unsigned)L4_UntypedWords(answer);
    memcpy(call->w, mz_home(&q.message) + 1, call->results * sizeof(L4_Word_t));
    return (enum mz_error)L4_Label(answer);
}
