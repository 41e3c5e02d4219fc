/* SPDX-License-Identifier: BSD-2-Clause */
/* What all generated dispatchers share. */
#ifndef MARZIPAN_SERVE_H
#define MARZIPAN_SERVE_H

#include <marzipan/rpc.h>

/* The interface that a request is for; above 63 it is a message of the kernel, or none of ours. */
MZ_INLINE mz_word_t mz_interface(const struct mz_request *q)
{
    return MZ_TAG_LABEL(mz_tag(&q->message)) >> MZ_INTERFACE_SHIFT;
}

/* An error instead of results; nothing at all if it is MZ_LATER, or if there was no request. */
MZ_INLINE void mz_refuse(struct mz_request *q, enum mz_error error)
{
    if (error == MZ_LATER || mz_tag(&q->message) & MZ_TAG_FAILED)
        mz_no_answer(q);
    else
        mz_set_error(&q->message, error);
}

/*
 * A request that has the shape of no operation: says why, if it is one of this interface, or
 * answers with the version.  Nobody waits for an answer to an operation in `silent`.
 */
static inline bool mz_refuse_misshapen(struct mz_request *q, unsigned interface, unsigned major,
                                       unsigned minor, unsigned operations, uint64_t silent)
{
    mz_word_t tag = mz_tag(&q->message), label = MZ_TAG_LABEL(tag);
    unsigned operation = label & MZ_OPERATION_MASK;

    if (label >> MZ_INTERFACE_SHIFT != interface)
        return false;
    if (operation == MZ_OPERATION_VERSION && tag == MZ_TAG(label, 0, 0)) {
        mz_taken(&q->message);
        mz_set(&q->message, 1, major);
        mz_set(&q->message, 2, minor);
        mz_set_tag(&q->message, MZ_TAG(0, 2, 0));
    } else if (operation == MZ_OPERATION_VERSION) {
        mz_refuse(q, MZ_ERR_BAD_MESSAGE);
    } else if ((label >> MZ_MAJOR_SHIFT & MZ_MAJOR_MASK) != major) {
        mz_refuse(q, MZ_ERR_VERSION);
    } else if (operation >= operations) {
        mz_refuse(q, MZ_ERR_NO_OPERATION);
    } else if (silent >> operation & 1) {
        mz_no_answer(q);
    } else {
        mz_refuse(q, MZ_ERR_BAD_MESSAGE);
    }
    return true;
}

#endif
