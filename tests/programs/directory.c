/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A native program that tries the directory: all that it may do, and all that it must not.  It
 * expects to publish /mine and /tree/ with all below, and to use /theirs, which nobody publishes.
 */
#include <stdio.h>
#include <string.h>

#include <l4/kip.h>
#include <l4/vcpu.h>
#include <marzipan/directory.h>

#include "check.h"
#include "raw.h"

#define NOTE 0x100u

int main(void);

static enum mz_error find(const char *path)
{
    char about[64];
    uint32_t kind;
    L4_ThreadId_t who;

    return mz_directory_find(native_monitor(), path, &who, &kind, about);
}

static void test_publish(void)
{
    L4_ThreadId_t m = native_monitor(), who;
    char about[64];
    uint32_t kind;

    check("find before", find("/mine"), MZ_ERR_NOT_FOUND);
    check("publish", mz_directory_publish(m, "/mine", "a=1 b=2", 0x30102), MZ_OK);
    check("publish twice", mz_directory_publish(m, "/mine", "", 0), MZ_ERR_EXISTS);
    check("find", mz_directory_find(m, "/mine", &who, &kind, about), MZ_OK);
    expect("what was found",
           L4_IsThreadEqual(who, L4_Myself()) && kind == 0x30102 && strcmp(about, "a=1 b=2") == 0);
    check("withdraw", mz_directory_withdraw(m, "/mine"), MZ_OK);
    check("withdraw twice", mz_directory_withdraw(m, "/mine"), MZ_ERR_NOT_FOUND);
    check("find after", find("/mine"), MZ_ERR_NOT_FOUND);
    check("publish in the tree", mz_directory_publish(m, "/tree/a/b", "", 0), MZ_OK);
    check("withdraw from the tree", mz_directory_withdraw(m, "/tree/a/b"), MZ_OK);
}

static void test_policy(void)
{
    L4_ThreadId_t m = native_monitor();

    check("publish another's", mz_directory_publish(m, "/theirs", "", 0), MZ_ERR_DENIED);
    check("publish the tree itself", mz_directory_publish(m, "/tree", "", 0), MZ_ERR_DENIED);
    check("publish above", mz_directory_publish(m, "/mine/more", "", 0), MZ_ERR_DENIED);
    check("find what it may use", find("/theirs"), MZ_ERR_NOT_FOUND);
    check("find anything", find("/secret"), MZ_ERR_DENIED);
    check("watch anything", mz_directory_watch(m, "/secret", 1), MZ_ERR_DENIED);
    check("withdraw anything", mz_directory_withdraw(m, "/secret"), MZ_ERR_NOT_FOUND);
    check("a bad path", mz_directory_publish(m, "mine", "", 0), MZ_ERR_BAD_ARG);
    check("an empty path", find(""), MZ_ERR_BAD_ARG);
    check("a long path", find("/123456789012345678901234567890123456789012345678901234567890123"),
          MZ_ERR_TOO_LONG);
}

static void test_watch(void)
{
    L4_ThreadId_t m = native_monitor(), from;
    L4_MsgTag_t tag;

    check("watch", mz_directory_watch(m, "/mine", NOTE), MZ_OK);
    check("publish for the watch", mz_directory_publish(m, "/mine", "", 0), MZ_OK);
    tag = L4_Wait_Timeout(L4_TimePeriod(1000000), &from);
    expect("the notification",
           L4_IpcSucceeded(tag) && L4_Label(tag) == L4_NOTIFY_LABEL && L4_MR(1) == NOTE);
    check("unwatch", mz_directory_unwatch(m, "/mine"), MZ_OK);
    check("unwatch twice", mz_directory_unwatch(m, "/mine"), MZ_ERR_NOT_FOUND);
    check("withdraw unwatched", mz_directory_withdraw(m, "/mine"), MZ_OK);
    tag = L4_Wait_Timeout(L4_ZeroTime, &from);
    expect("no notification", L4_IpcFailed(tag));
}

/* One that fills the directory runs out of its own memory, and gets it back. */
static void test_greed(void)
{
    L4_ThreadId_t m = native_monitor();
    enum mz_error error = MZ_OK;
    char path[64];
    unsigned n;

    for (n = 0; n < 100000 && !error; n++) {
        snprintf(path, sizeof(path), "/tree/%u", n);
        error = mz_directory_publish(m, path, "", 0);
    }
    check("greed", error, MZ_ERR_QUOTA);
    expect("1000 services at least", n >= 1000);
    for (unsigned i = 0; i + 1 < n; i++) {
        snprintf(path, sizeof(path), "/tree/%u", i);
        check("an end of greed", mz_directory_withdraw(m, path), MZ_OK);
    }
}

/* The directory knows each of its messages by its form. */
static void test_messages(void)
{
    L4_Word_t w[63] = {0};

    for (L4_Word_t label = MZ_LABEL(1, 0, 0); label < MZ_LABEL(2, 0, 0); label++) {
        enum mz_error error = raw_call(label, label % 5, w);

        expect("an answer", error != MZ_ERR_NO_SERVER);
        expect("a refusal", error != MZ_OK || (label & 63) == 63); /* 63 is the version */
    }
}

int main(void)
{
    test_publish();
    test_policy();
    test_watch();
    test_greed();
    test_messages();
    finish();
}
