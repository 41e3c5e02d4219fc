/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * With the arguments SEED and COUNT it sends so many messages to the monitor, each of which must be
 * answered, by success or by an error that has a name.  `beat` is another one, whose state nobody may
 * change meanwhile; `doomed` one of those that the first one creates.
 */
#include "noise.h"

#include <stdlib.h>
#include <string.h>

#include <l4/schedule.h>

#include <marzipan/task.h>

#define GIVE_UP_US 2000u /* of an answer that may never come */

int main(void);

static unsigned long refused, waited, spoiled, bad;

static uint8_t landing[16384];

/* Half of the answers find room for strings, the others cannot bring any. */
static bool accept(void)
{
    bool strings = noise_random(2);

    if (strings) {
        L4_LoadBR(1, mz_string_word(sizeof(landing)));
        L4_LoadBR(2, (L4_Word_t)landing);
        L4_Accept(L4_StringItemsAcceptor);
    } else {
        L4_Accept(L4_UntypedWordsAcceptor);
    }
    return strings;
}

static void complain(const struct message *m, const char *what, L4_Word_t detail)
{
    bad++;
    native_print("FAIL label 0x%lx, %u words, %u of items: %s 0x%lx\n", m->label, m->words,
                 m->typed, what, detail);
}

static void judge_failure(const struct message *m, bool strings)
{
    L4_Word_t code = L4_ErrorCode();
    bool in_answer = code & 1;

    if (L4_IPC_ERROR(code) == L4_IPC_TIMEOUT && in_answer && noise_may_wait(m))
        waited++;
    else if (m->typed || (in_answer && !strings && L4_IPC_ERROR(code) == L4_IPC_OVERFLOW))
        spoiled++; /* the monitor takes no items; its own found no room */
    else
        complain(m, "error of Ipc", code);
}

static void judge(const struct message *m, L4_MsgTag_t tag)
{
    L4_Word_t w[2] = {0, 0};

    if (L4_Label(tag)) {
        refused++;
        if (strcmp(mz_error_name((unsigned)L4_Label(tag)), mz_error_name(MZ_ERROR_MASK)) == 0)
            complain(m, "answer without a name", L4_Label(tag));
        if (L4_UntypedWords(tag) + L4_TypedWords(tag))
            complain(m, "results with an error", tag.raw);
    } else if (m->label == MZ_LABEL_TASK_CREATE_THREAD || m->label == MZ_LABEL_TASK_CREATE_SPACE) {
        L4_StoreMRs(1, 1, w);
        noise_remember(w[0]);
    }
}

static void send(const struct message *m)
{
    bool strings = accept();
    L4_Time_t patience = noise_may_wait(m) ? L4_TimePeriod(GIVE_UP_US) : L4_Never;
    L4_MsgTag_t tag = L4_MakeTag(m->label, m->words, m->typed);

    if (m->words + m->typed)
        L4_LoadMRs(1, (int)(m->words + m->typed), (L4_Word_t *)m->w + 1);
    L4_Set_MsgTag(tag);
    tag = L4_Call_Timeouts(native_monitor(), L4_Never, patience);
    if (L4_IpcFailed(tag))
        judge_failure(m, strings);
    else
        judge(m, tag);
    L4_Accept(L4_UntypedWordsAcceptor);
}

static _Noreturn void make_noise(unsigned long seed, unsigned long count)
{
    struct message m;

    seed += native_boot()->incarnation;
    noise_seed(seed);
    native_print("seed %lu\n", seed);
    memset(landing, 0,
           sizeof(landing)); /* its pages are there: the monitor does not wait for them */
    for (unsigned long i = 0; i < count; i++) {
        if (noise_random(400) == 0)
            noise_raise();
        noise_message(&m);
        send(&m);
    }
    noise_clean();
    native_print("%lu messages: %lu refused, %lu not received, %lu waited; %lu failures\n", count,
                 refused, spoiled, waited, bad);
    native_exit(bad ? MZ_EXIT_INTERNAL : MZ_EXIT_POWEROFF, 0, "");
}

int main(void)
{
    const char *line = native_boot()->cmdline;
    char *rest;
    unsigned long seed;

    L4_Set_ExceptionHandler(L4_Pager());
    if (strcmp(line, "beat") == 0)
        noise_beat();
    if (strcmp(line, "doomed") == 0)
        noise_doomed();
    seed = strtoul(line, &rest, 10);
    make_noise(seed, strtoul(rest, NULL, 10));
}
