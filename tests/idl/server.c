/* SPDX-License-Identifier: BSD-2-Clause */
/* Each function does something with what it gets, so that a client sees what came. */
#include <ctype.h>
#include <marzipan/every_server.h>
#include <stdio.h>
#include "server.h"

unsigned server_calls;
L4_Fpage_t server_page;
mz_word_t server_note;
char server_text[8192];
struct mz_caller server_waiting;
L4_Fpage_t server_window;

enum mz_error serve_plain_ping(struct mz_caller *caller)
{
    server_calls++;
    return MZ_OK;
}

enum mz_error serve_plain_add(struct mz_caller *caller, uint32_t a, uint32_t b, uint32_t *result)
{
    server_calls++;
    *result = a + b;
    return MZ_OK;
}

enum mz_error serve_every_scalars(struct mz_caller *caller, uint8_t a, char b, int16_t c,
                                  uint16_t d, int32_t e, uint32_t f, int64_t g, uint64_t h, bool i,
                                  uint8_t *a_out, char *b_out, int16_t *c_out, uint16_t *d_out,
                                  int32_t *e_out, uint32_t *f_out, int64_t *g_out, uint64_t *h_out,
                                  bool *i_out)
{
    server_calls++;
    *a_out = a;
    *b_out = b;
    *c_out = c;
    *d_out = d;
    *e_out = e;
    *f_out = f;
    *g_out = g;
    *h_out = h;
    *i_out = i;
    return MZ_OK;
}

enum mz_error serve_every_next(struct mz_caller *caller, enum mz_every_color before,
                               enum mz_every_color *result)
{
    server_calls++;
    *result = (before + 1) % 3;
    return MZ_OK;
}

enum mz_error serve_every_mix(struct mz_caller *caller, const struct mz_every_mixture *one,
                              struct mz_place *where, uint64_t *wide,
                              struct mz_every_mixture *result)
{
    server_calls++;
    *result = (struct mz_every_mixture){
        .small = one->small, .where = *where, .hue = one->hue, .wide = *wide, .flag = !one->flag};
    *where = one->where;
    *wide = one->wide;
    return MZ_OK;
}

enum mz_error serve_every_greet(struct mz_caller *caller, const char *who, char greeting[static 41])
{
    server_calls++;
    snprintf(greeting, 41, "good day, %s", who);
    return MZ_OK;
}

enum mz_error serve_every_shout(struct mz_caller *caller, const char *quiet, const char **loud)
{
    size_t n = strlen(quiet);

    server_calls++;
    for (size_t i = 0; i <= n; i++)
        server_text[i] = (char)toupper((unsigned char)quiet[i]);
    *loud = server_text;
    return MZ_OK;
}

enum mz_error serve_every_length(struct mz_caller *caller, const char *text, uint32_t *result)
{
    server_calls++;
    *result = (uint32_t)strlen(text);
    return MZ_OK;
}

enum mz_error serve_every_reverse(struct mz_caller *caller, const uint8_t *there,
                                  uint32_t there_count, uint8_t back[static 32],
                                  uint32_t *back_count)
{
    server_calls++;
    for (uint32_t i = 0; i < there_count; i++)
        back[i] = there[there_count - 1 - i];
    *back_count = there_count;
    return MZ_OK;
}

enum mz_error serve_every_reverse_many(struct mz_caller *caller, const uint8_t *there,
                                       uint32_t there_count, const uint8_t **back,
                                       uint32_t *back_count, uint64_t *result)
{
    server_calls++;
    for (uint32_t i = 0; i < there_count; i++) {
        server_text[i] = (char)there[there_count - 1 - i];
        *result += there[i];
    }
    *back = (uint8_t *)server_text;
    *back_count = there_count;
    return MZ_OK;
}

enum mz_error serve_every_mirror(struct mz_caller *caller, const uint8_t *there,
                                 uint32_t there_count, const uint8_t **back, uint32_t *back_count)
{
    server_calls++;
    *back = there;
    *back_count = there_count;
    return MZ_OK;
}

enum mz_error serve_every_square(struct mz_caller *caller, const int32_t *numbers,
                                 uint32_t numbers_count, uint8_t most, uint64_t squares[static 6],
                                 uint32_t *squares_count)
{
    server_calls++;
    for (uint32_t i = 0; i < numbers_count && i < most && i < 6; i++)
        squares[(*squares_count)++] = (uint64_t)((int64_t)numbers[i] * numbers[i]);
    return MZ_OK;
}

enum mz_error serve_every_count(struct mz_caller *caller, const uint16_t *numbers,
                                uint32_t numbers_count, const bool *flags, uint32_t flags_count,
                                const uint16_t **doubled, uint32_t *doubled_count, uint32_t *result)
{
    static uint16_t twice[MZ_EVERY_MANY];

    server_calls++;
    for (uint32_t i = 0; i < numbers_count; i++)
        twice[i] = (uint16_t)(numbers[i] * 2);
    for (uint32_t i = 0; i < flags_count; i++)
        *result += flags[i];
    *doubled = twice;
    *doubled_count = numbers_count;
    return MZ_OK;
}

enum mz_error serve_every_turn(struct mz_caller *caller, const struct mz_place *there,
                               uint32_t there_count, struct mz_place turned[static 3],
                               uint32_t *turned_count)
{
    server_calls++;
    for (uint32_t i = 0; i < there_count; i++)
        turned[i] = (struct mz_place){there[i].y, there[i].x};
    *turned_count = there_count;
    return MZ_OK;
}

enum mz_error serve_every_sort(struct mz_caller *caller, const struct mz_every_record *there,
                               uint32_t there_count, const struct mz_every_record *extra,
                               const struct mz_every_record **back, uint32_t *back_count,
                               struct mz_every_record *last)
{
    static struct mz_every_record kept[MZ_EVERY_MANY_RECORDS_MAX];

    server_calls++;
    for (uint32_t i = 0; i < there_count; i++)
        kept[i] = there[there_count - 1 - i];
    *back = kept;
    *back_count = there_count;
    *last = *extra;
    return MZ_OK;
}

enum mz_error serve_every_give(struct mz_caller *caller, struct mz_fpage gift, uint32_t number,
                               uint32_t *result)
{
    server_calls++;
    server_page = gift.page;
    *result = number + (uint32_t)(gift.base >> 12);
    if (server_window.raw)
        *result += *(volatile uint32_t *)L4_Address(mz_landed(server_window, gift));
    return MZ_OK;
}

enum mz_error serve_every_take(struct mz_caller *caller, uint32_t number, struct mz_fpage *page,
                               uint32_t *check)
{
    server_calls++;
    *page = (struct mz_fpage){
        L4_FpageAddRights(L4_FpageLog2((L4_Word_t)number << 12, 12), L4_Readable), 0};
    *check = ~number;
    return MZ_OK;
}

enum mz_error serve_every_who(struct mz_caller *caller, L4_ThreadId_t one, L4_ThreadId_t *result)
{
    server_calls++;
    *result = L4_GlobalId(L4_ThreadNo(one) + 1, L4_Version(one));
    return MZ_OK;
}

enum mz_error serve_every_all(struct mz_caller *caller, const char *text, struct mz_fpage page,
                              const char *title, const uint8_t *bytes, uint32_t bytes_count,
                              uint8_t last, struct mz_place places[static 3],
                              uint32_t *places_count, const char **text_out,
                              struct mz_fpage *page_out, char title_out[static 21])
{
    server_calls++;
    places[0] = (struct mz_place){last, (int32_t)bytes_count};
    places[1] = (struct mz_place){-1, (int32_t)strlen(text)};
    *places_count = 2;
    *text_out = text;
    *page_out = page;
    memcpy(title_out, title, strlen(title) + 1);
    return MZ_OK;
}

void serve_every_note(struct mz_caller *caller, uint32_t number, const char *text)
{
    server_calls++;
    server_note = number;
    snprintf(server_text, sizeof(server_text), "%s", text);
}

void serve_every_nudge(struct mz_caller *caller)
{
    server_calls++;
}

enum mz_error serve_every_wait(struct mz_caller *caller, uint32_t number, char text[static 21],
                               uint32_t *result)
{
    server_calls++;
    server_waiting = *caller;
    return MZ_LATER;
}

enum mz_error serve_every_fail(struct mz_caller *caller, uint32_t which)
{
    static const enum mz_error errors[] = {MZ_OK, MZ_ERR_EVERY_FIRST, MZ_ERR_EVERY_SECOND,
                                           MZ_ERR_PLAIN_TIRED};

    server_calls++;
    return which < sizeof(errors) / sizeof(errors[0]) ? errors[which] : MZ_ERR_QUOTA;
}
