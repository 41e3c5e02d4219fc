// CFLAGS: -Ilib/l4/include
/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the X.2 bindings that need no kernel: words, items, messages, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <l4/arch.h>
#include <l4/message.h>
#include <l4/misc.h>
#include <l4/protocol.h>

static void test_thread_ids(void **state)
{
    L4_ThreadId_t t = L4_GlobalId(0x123, 5);

    assert_int_equal(t.raw, 0x12300000005ul);
    assert_int_equal(L4_ThreadNo(t), 0x123);
    assert_int_equal(L4_Version(t), 5);
    assert_true(L4_IsGlobalId(t));
    assert_true(L4_IsLocalId(L4_nilthread));
    assert_true(L4_IsLocalId(L4_anylocalthread));
    assert_true(L4_IsGlobalId(L4_anythread));
    assert_int_equal(L4_anylocalthread.raw, 0xffffffffffffffc0);
}

static void test_fpages(void **state)
{
    L4_Fpage_t f = L4_Fpage(0x12345000, 0x1001);

    assert_int_equal(L4_SizeLog2(f), 13);
    assert_int_equal(L4_Address(f), 0x12344000);
    assert_int_equal(L4_Size(f), 0x2000);
    assert_int_equal(L4_SizeLog2(L4_Fpage(0, 4096)), 12);
    assert_int_equal(L4_Size(L4_Nilpage), 0);
    L4_FpageAddRightsTo(&f, L4_ReadeXecOnly);
    assert_int_equal(L4_Rights(f), 5);
    assert_int_equal(L4_Rights(L4_FpageRemoveRights(f, L4_Readable)), 1);
    L4_Set_Rights(&f, L4_Writable);
    assert_int_equal(f.raw, 0x123450d2); /* the base as it was given */
    assert_int_equal(L4_FpageLog2(~0ul, 12).raw >> 10, ~0ul >> 10);
    f = L4_IoFpage(0x3f8, 8);
    assert_int_equal(f.raw, 0x3f8ul << 16 | 3 << 10 | 2 << 4);
    assert_true(L4_IsIoFpage(f));
    assert_int_equal(L4_IoFpagePort(f), 0x3f8);
    assert_int_equal(L4_IoFpageSize(f), 8);
}

static void test_times(void **state)
{
    assert_int_equal(L4_TimePeriod(0).raw, L4_ZeroTime.raw);
    assert_int_equal(L4_TimePeriod(1).raw, 1);
    assert_int_equal(L4_TimePeriod(1023).raw, 1023);
    assert_int_equal(L4_TimePeriod(1024).raw, 1 << 10 | 512);
    assert_int_equal(L4_TimePeriod(1000000).raw, 10 << 10 | 976);
    assert_int_equal(L4_TimePeriod(0x7fffffff).raw, 21 << 10 | 1023);
    assert_int_equal(L4_TimePeriod(0x80000000).raw, L4_Never.raw);
}

static void test_labels(void **state)
{
    assert_int_equal(L4_LABEL_PAGEFAULT, 0xffffffffffe0);
    assert_int_equal(L4_MakeTag(L4_LABEL_INTERRUPT, 0, 0).raw, 0xfffffffffff00000ul);
    assert_int_equal(L4_LABEL_PROTOCOL(L4_LABEL_PAGEFAULT | 5), L4_LABEL_PAGEFAULT);
    assert_int_equal(L4_MsgTagAddLabel(L4_MakeTag(1, 2, 3), 9).raw, 9ul << 16 | 3 << 6 | 2);
}

static void test_map_items(void **state)
{
    L4_Fpage_t f = L4_FpageAddRights(L4_FpageLog2(0x400000, 21), 7);
    L4_MapItem_t m = L4_MapItem(f, 0x12345678);
    L4_GrantItem_t g = L4_GrantItem(f, 0x800);

    assert_int_equal(m.raw[0], 0x12345400 | 8);
    assert_true(L4_IsMapItem(m));
    assert_int_equal(L4_MapItemSndFpage(m).raw, f.raw);
    assert_int_equal(g.raw[0], 0x800 | 10);
    assert_true(L4_IsGrantItem(g));
    assert_int_equal(L4_GrantItemSndBase(g), 0x800);
}

static void test_messages(void **state)
{
    L4_Fpage_t f = L4_FpageLog2(0x1000, 12);
    L4_MapItem_t m = L4_MapItem(f, 0), out;
    L4_Word_t w;
    L4_Msg_t msg;

    L4_MsgClear(&msg);
    L4_Set_MsgLabel(&msg, 0x55);
    L4_MsgAppendWord(&msg, 1);
    L4_MsgAppendMapItem(&msg, m);
    L4_MsgAppendWord(&msg, 2); /* goes before the item */
    assert_int_equal(msg.tag.raw, L4_MakeTag(0x55, 2, 2).raw);
    assert_int_equal(L4_MsgWord(&msg, 0), 1);
    L4_MsgGetWord(&msg, 1, &w);
    assert_int_equal(w, 2);
    assert_int_equal(L4_MsgGetMapItem(&msg, 0, &out), 2);
    assert_memory_equal(&out, &m, sizeof(m));
    L4_MsgPutWord(&msg, 0, 9);
    assert_int_equal(msg.raw[1], 9);
}

static void test_strings(void **state)
{
    static char a[10], b[20];
    L4_StringItem_t s = L4_StringItem(10, a), t = L4_StringItem(20, b), out;
    L4_MsgBuffer_t buffer;
    L4_Msg_t msg;
    int last;

    assert_true(L4_IsStringItem(&s));
    assert_int_equal(s.raw[0], 10 << 10);
    assert_int_equal(L4_Substrings(&s), 1);
    L4_AddSubstringAddressTo(&s, b);
    assert_int_equal(L4_Substrings(&s), 2);
    assert_ptr_equal(L4_Substring(&s, 2), b);
    assert_false(L4_CompoundString(&s));
    L4_AddSubstringTo(&s, &t);
    assert_true(L4_CompoundString(&s));
    assert_int_equal(L4_StringItemWords(&s), 5);
    L4_MsgClear(&msg);
    L4_MsgAppendStringItem(&msg, &s);
    assert_int_equal(msg.tag.X.t, 5);
    assert_int_equal(L4_MsgGetStringItem(&msg, 0, &out), 5);
    assert_memory_equal(out.raw, s.raw, 5 * sizeof(L4_Word_t));
    L4_MsgBufferClear(&buffer);
    L4_MsgBufferAppendRcvString(&buffer, &s);
    L4_MsgBufferAppendSimpleRcvString(&buffer, t);
    assert_int_equal(L4_MsgBufferEnd(&buffer, &last), 7);
    assert_int_equal(last, 5);
    assert_int_equal(buffer.raw[0] & 1, 1); /* another string follows */
    assert_int_equal(buffer.raw[5] & 1, 0);
}

static void test_acceptors(void **state)
{
    L4_Acceptor_t window = L4_MapGrantItems(L4_FpageAddRights(L4_FpageLog2(0x1000, 12), 7));
    L4_Acceptor_t both = L4_AddAcceptor(L4_StringItemsAcceptor, window);

    assert_int_equal(window.raw, 0x10c0);
    assert_int_equal(both.raw, 0x10c1);
    assert_int_equal(L4_AddAcceptor(both, L4_CtrlXferAcceptor).raw, 0x10c3);
    assert_int_equal(L4_RemoveAcceptor(both, L4_StringItemsAcceptor).raw, 0x10c0);
    assert_int_equal(L4_RemoveAcceptor(both, window).raw, 1);
    assert_int_equal(L4_RcvWindow(both).raw, 0x10c0);
    assert_true(L4_HasStringItems(both));
    assert_int_equal(L4_MapGrantItems(L4_CompleteAddressSpace).raw, 0x10);
}

static void test_ctrlxfer(void **state)
{
    L4_CtrlXferItem_t c;

    L4_CtrlXferItemInit(&c, 3);
    L4_CtrlXferItemSet(&c, 0, 11);
    L4_CtrlXferItemSet(&c, 5, 22);
    assert_int_equal(c.raw[0], 0x21000 | 3 << 4 | 0xc);
    assert_int_equal(L4_CtrlXferItemWords(&c), 3);
    assert_int_equal(c.raw[2], 22);
    assert_true(L4_IsCtrlXferItem(&c));
    assert_int_equal(L4_SmallSpace(8, 4), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thread_ids), cmocka_unit_test(test_fpages),
        cmocka_unit_test(test_times),      cmocka_unit_test(test_labels),
        cmocka_unit_test(test_map_items),  cmocka_unit_test(test_messages),
        cmocka_unit_test(test_strings),    cmocka_unit_test(test_acceptors),
        cmocka_unit_test(test_ctrlxfer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
