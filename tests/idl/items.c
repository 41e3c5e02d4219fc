/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that bring strings and pages. */
#include "idltest.h"

static char text[8192], loud[8192];

CHECK_SPREAD(long_text, "string", "long texts, there and back")
{
    L4_ThreadId_t server = spawn_remote(serve_every);

    memset(text, 'q', 5000);
    text[5000] = '\0';
    EXPECT_EQUAL(mz_every_shout(server, text, loud, sizeof(loud)), MZ_OK);
    EXPECT_EQUAL(strlen(loud), 5000);
    EXPECT(loud[0] == 'Q' && loud[4999] == 'Q');
    EXPECT_EQUAL(mz_every_shout(server, "", loud, sizeof(loud)), MZ_OK);
    EXPECT_EQUAL(loud[0], 0);
    return PASS;
}

CHECK(bytes, "string", "8 KiB of bytes, backwards")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    uint64_t sum = 0;
    uint32_t n;

    for (unsigned i = 0; i < 8192; i++)
        text[i] = (char)(i % 251);
    EXPECT_EQUAL(
        mz_every_reverse_many(server, (uint8_t *)text, 8192, (uint8_t *)loud, 8192, &n, &sum),
        MZ_OK);
    EXPECT_EQUAL(n, 8192);
    for (unsigned i = 0; i < 8192; i++)
        EXPECT_EQUAL((uint8_t)loud[i], (8191 - i) % 251);
    return PASS;
}

CHECK_SPREAD(several, "string", "two strings in one message, and structs in one")
{
    static struct mz_every_record records[64], back[64];
    static uint16_t numbers[MZ_EVERY_MANY], doubled[MZ_EVERY_MANY];
    L4_ThreadId_t server = spawn_remote(serve_every);
    bool flags[200] = {[3] = true, [199] = true};
    struct mz_every_record extra = {"extra", MZ_EVERY_BLUE, true, -1, me}, last;
    uint32_t n, set;

    numbers[999] = 4;
    EXPECT_EQUAL(mz_every_count(server, numbers, 1000, flags, 200, doubled, 1000, &n, &set), MZ_OK);
    EXPECT(n == 1000 && set == 2 && doubled[999] == 8);
    for (unsigned i = 0; i < 64; i++)
        records[i] = (struct mz_every_record){"r", MZ_EVERY_RED, i & 1, (int64_t)i << 33, me};
    EXPECT_EQUAL(mz_every_sort(server, records, 64, &extra, back, 64, &n, &last), MZ_OK);
    EXPECT(n == 64 && back[0].wide == (int64_t)63 << 33 && back[0].flag);
    EXPECT(strcmp(last.title, "extra") == 0 && L4_IsThreadEqual(last.who, me));
    return PASS;
}

CHECK(give_page, "page", "a page to the server, which looks into it")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    L4_Word_t memory = get_memory(12);
    struct mz_fpage gift = {page(memory, 12, L4_Readable), 0x3000};
    uint32_t answer = 0;

    EXPECT(memory);
    *(uint32_t *)memory = 0x12340000;
    EXPECT_EQUAL(mz_every_give(server, gift, 5, &answer), MZ_OK);
    EXPECT_EQUAL(answer, 0x12340000 + 5 + 3);
    return PASS;
}

CHECK_SPREAD(take_page, "page", "a page from the server")
{
    static uint32_t data[1024] __attribute__((aligned(4096)));
    L4_ThreadId_t server = spawn_remote(serve_every);
    L4_Fpage_t window = L4_FpageLog2(hole, 12), at;
    struct mz_fpage got;
    uint32_t check = 0;

    data[17] = 0xcafe;
    EXPECT_EQUAL(mz_every_take(server, (uint32_t)((L4_Word_t)data >> 12), window, &got, &check),
                 MZ_OK);
    EXPECT_EQUAL(check, ~(uint32_t)((L4_Word_t)data >> 12));
    at = mz_landed(window, got);
    EXPECT_EQUAL(L4_Address(at), hole);
    EXPECT_EQUAL(L4_Rights(at), L4_Readable);
    EXPECT_EQUAL(((volatile uint32_t *)hole)[17], 0xcafe);
    EXPECT_EQUAL(L4_Accepted().raw, 0);
    L4_Flush(page(hole, 12, L4_FullyAccessible));
    return PASS;
}

CHECK_SPREAD(all, "page", "words, texts, bytes and a page in one call")
{
    L4_ThreadId_t server = spawn_remote(serve_every);
    L4_Word_t memory = get_memory(12);
    struct mz_fpage gift = {page(memory, 12, L4_FullyAccessible), 0}, back;
    struct mz_place places[3];
    char title[21];
    uint32_t n;

    EXPECT(memory);
    memset(text, 'z', 3000);
    text[3000] = '\0';
    EXPECT_EQUAL(mz_every_all(server, text, gift, "title", (const uint8_t *)"bytes", 5, 200, places,
                              &n, loud, sizeof(loud), L4_FpageLog2(hole, 12), &back, title),
                 MZ_OK);
    EXPECT(n == 2 && places[0].x == 200 && places[0].y == 5 && places[1].y == 3000);
    EXPECT(strcmp(loud, text) == 0 && strcmp(title, "title") == 0);
    L4_Flush(page(hole, 12, L4_FullyAccessible));
    return PASS;
}
